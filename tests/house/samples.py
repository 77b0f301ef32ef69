"""One row inside and one outside for every kind of row that an address can name, and who may see each."""

from types import SimpleNamespace
from typing import Any

from anju.base import audit
from anju.base.models import AuditEntry
from tests.people import NOW

COUNTY = frozenset(
    {
        "bureau_officer",
        "bureau_reviewer",
        "supervisor",
        "system_admin",
        "security_admin",
        "audit_admin",
    }
)
WORKERS = COUNTY | {
    "town_officer",
    "other_town_officer",
    "community_worker",
    "department_officer",
}

# kind of row -> the samples of it
KINDS: dict[str, tuple[str, ...]] = {
    "division": ("division",),
    "organisation": ("company", "other_company", "bureau"),
    "compound": ("compound", "other_compound"),
    "entry": ("entry",),
}

# sample -> who may see it, given the permission
EVERYONE = WORKERS | {"company_admin", "manager", "other_manager", "chair"}
VISIBLE: dict[str, frozenset[str]] = {
    "division": WORKERS,
    "bureau": EVERYONE,
    "company": COUNTY | {"town_officer", "company_admin", "manager"},
    "other_company": COUNTY | {"other_town_officer", "other_manager"},
    "compound": COUNTY | {"town_officer", "community_worker", "manager", "chair"},
    "other_compound": COUNTY | {"other_town_officer", "other_manager"},
    "entry": frozenset({"audit_admin"}),
}

# address -> kind of row it names
ROWS: dict[str, str] = {
    "places:compound": "compound",
    "places:compound_alias_remove": "compound",
    "places:compound_aliases": "compound",
    "places:compound_edit": "compound",
    "places:compound_end": "compound",
    "places:compound_merge": "compound",
    "places:compound_rename": "compound",
    "places:division": "division",
    "places:division_end": "division",
    "places:division_merge": "division",
    "places:division_new": "division",
    "places:division_rename": "division",
    "places:organisation": "organisation",
    "places:organisation_alias_remove": "organisation",
    "places:organisation_aliases": "organisation",
    "places:organisation_edit": "organisation",
    "places:organisation_end": "organisation",
    "places:organisation_merge": "organisation",
    "places:organisation_rename": "organisation",
}


def make_samples(place: SimpleNamespace, people: SimpleNamespace) -> dict[str, dict[str, Any]]:
    """Return the URL arguments of each sample."""
    audit.record(
        actor=people.bureau_officer.actor,
        action="compound.created",
        subject=place.compound,
        at=NOW,
    )
    return {
        "division": {"pk": place.town.pk},
        "bureau": {"pk": place.bureau.pk},
        "company": {"pk": place.company.pk},
        "other_company": {"pk": place.other_company.pk},
        "compound": {"pk": place.compound.pk},
        "other_compound": {"pk": place.other_compound.pk},
        "entry": {"pk": AuditEntry.objects.latest("id").pk},
    }
