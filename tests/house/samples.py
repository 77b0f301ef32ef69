"""One row inside and one outside for every kind of row that an address can name, and who may see each."""

from io import BytesIO
from types import SimpleNamespace
from typing import Any

from anju.accounts.models import Post, Proposal, Recusal
from anju.base import audit
from anju.base.actor import STRANGER, SYSTEM
from anju.base.models import AuditEntry
from anju.cases.models import Case
from anju.cases.services.filing import Filing, submit_case
from anju.cases.services.loading import load_cases
from anju.cases.services.papers import Paper
from anju.places.models import Compound
from tests.base.pictures import picture
from tests.people import FOUNDED, NOW, TODAY, make_post, make_user

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
    "person": ("manager_person", "other_manager_person"),
    "post": ("manager_post",),
    "own post": ("officer_post",),
    "handed over": ("handed_over",),
    "recusal": ("recusal",),
    "proposal": ("proposal",),
    "case": ("case", "other_case"),
    "case act": ("case_act", "other_case_act"),
    "case file": ("case_file",),
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
    "manager_person": COUNTY | {"town_officer", "manager"},
    "other_manager_person": COUNTY | {"other_town_officer", "other_manager"},
    "manager_post": COUNTY | {"town_officer", "manager"},
    "officer_post": frozenset({"bureau_officer"}),
    "handed_over": COUNTY | {"town_officer"},
    "recusal": COUNTY,
    "proposal": COUNTY,
    "case": COUNTY | {"town_officer", "community_worker"},
    "other_case": COUNTY | {"other_town_officer"},
    "case_act": COUNTY | {"town_officer", "community_worker"},
    "other_case_act": COUNTY | {"other_town_officer"},
    "case_file": COUNTY | {"town_officer", "community_worker"},
}

# address -> kind of row it names
ROWS: dict[str, str] = {
    "cases:act": "case act",
    "cases:case": "case",
    "cases:file": "case file",
    "cases:reporter": "case",
    "people:agree": "proposal",
    "people:alone": "proposal",
    "people:delegate": "own post",
    "people:disable": "person",
    "people:edit": "person",
    "people:enable": "person",
    "people:end": "post",
    "people:end_recusing": "recusal",
    "people:hand_over": "post",
    "people:handover_sheet": "handed over",
    "people:person": "person",
    "people:phone": "person",
    "people:proposal": "proposal",
    "people:recall": "post",
    "people:reset": "person",
    "people:send_back": "proposal",
    "people:take_back": "person",
    "people:take_back_proposal": "proposal",
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
    "trail:entry": "entry",
}


def make_samples(place: SimpleNamespace, people: SimpleNamespace) -> dict[str, dict[str, Any]]:
    """Return the URL arguments of each sample."""
    audit.record(
        actor=people.bureau_officer.actor,
        action="compound.created",
        subject=place.compound,
        at=NOW,
    )
    load_cases(actor=SYSTEM, policy="demo", at=NOW)
    case, other_case = _case(place.compound), _case(place.other_compound)
    return {
        "case": {"pk": case.pk},
        "other_case": {"pk": other_case.pk},
        "case_act": {"pk": case.pk, "code": "accept"},
        "other_case_act": {"pk": other_case.pk, "code": "accept"},
        "case_file": {"pk": case.pk, "name": case.files.get().attachment.public_name},
        "division": {"pk": place.town.pk},
        "bureau": {"pk": place.bureau.pk},
        "company": {"pk": place.company.pk},
        "other_company": {"pk": place.other_company.pk},
        "compound": {"pk": place.compound.pk},
        "other_compound": {"pk": place.other_compound.pk},
        "entry": {"pk": AuditEntry.objects.latest("id").pk},
        "manager_person": {"pk": people.manager.user.pk},
        "other_manager_person": {"pk": people.other_manager.user.pk},
        "manager_post": {"pk": people.manager.user.posts.get().pk},
        "officer_post": {"pk": people.bureau_officer.user.posts.get().pk},
        "handed_over": {"pk": _handed_over(place).pk},
        "recusal": {"pk": _recusal(place, people).pk},
        "proposal": {"pk": _proposal(place, people).pk},
    }


def _case(compound: Compound) -> Case:
    photo = Paper("photo", "照片.jpg", BytesIO(picture()))
    told = Filing(compound, "SF01", text="停车费多收了", files=(photo,))
    return submit_case(actor=STRANGER, filing=told, at=NOW).case


def _handed_over(place: SimpleNamespace) -> Post:
    """A post of the past whose successor is known."""
    former, successor = make_user("former", "前任"), make_user("successor", "继任")
    place_of_both = {"compound": place.compound}
    old = make_post(former, "project_manager", place.company, ends_on=TODAY.replace(year=2025), **place_of_both)
    make_post(successor, "project_manager", place.company, starts_on=TODAY.replace(year=2025), **place_of_both)
    return old


def _recusal(place: SimpleNamespace, people: SimpleNamespace) -> Recusal:
    return Recusal.objects.create(
        user=people.bureau_officer.user,
        compound=place.compound,
        reason="本人住在这里",
        starts_on=FOUNDED,
        recorded_at=NOW,
    )


def _proposal(place: SimpleNamespace, people: SimpleNamespace) -> Proposal:
    officer = people.bureau_officer.user
    return Proposal.objects.create(
        act="compound.end",
        payload={"args": {"compound": place.other_compound.pk, "reason": "误登"}, "facts": {"compound": "示例"}},
        reason="误登",
        proposed_by=officer,
        proposed_post=officer.posts.get(),
        proposed_at=NOW,
    )
