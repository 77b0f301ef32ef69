"""What the county's policy sets for disclosure, read once a process."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from anju.base.installation import installation
from anju.rules.disclosure_policy import PolicyDisclosure, parse_disclosure
from anju.rules.policy_shapes import DISCLOSURE


def disclosure_here() -> PolicyDisclosure:
    """Return what this county has set; nothing where there is no county yet."""
    county = installation()
    return read_disclosure(county.policy_code) if county else PolicyDisclosure()


@lru_cache(maxsize=4)
def read_disclosure(policy: str) -> PolicyDisclosure:
    path = Path(settings.POLICIES) / policy / DISCLOSURE
    return parse_disclosure({DISCLOSURE: path.read_bytes()} if path.is_file() else {})
