"""The policy's catalogue of this installation: what lists may hold, read once a process."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from anju.base.models import Installation
from anju.places.services.policy import read_policy
from anju.rules.lists.catalogue import Catalogue, parse_catalogue
from anju.rules.policy_region import parse_region
from anju.rules.policy_shapes import LISTS, REGION


def catalogue_here() -> Catalogue:
    """Return the catalogue of the county that this installation is."""
    return read_catalogue(Installation.objects.values_list("policy_code", flat=True).get())


def region_here() -> Mapping[str, str]:
    """Return the names of the province, the cities and the counties around this one, by code."""
    return read_region(Installation.objects.values_list("policy_code", flat=True).get())


@lru_cache(maxsize=4)
def read_region(policy: str) -> Mapping[str, str]:
    folder = Path(settings.POLICIES) / policy
    return parse_region({REGION: (folder / REGION).read_bytes()}, read_policy(policy).divisions)


@lru_cache(maxsize=4)
def read_catalogue(policy: str) -> Catalogue:
    """Return the catalogue of the policy folder of that name, or raise `PolicyFaults`."""
    folder = Path(settings.POLICIES) / policy
    units = {unit.code for unit in read_policy(policy).units}
    files = {name: (folder / name).read_bytes() for name in LISTS if (folder / name).is_file()}
    return parse_catalogue(files, units=units)
