"""What routing asks of a compound, and organisations behind the codes of its answer."""

from datetime import date
from typing import Any, Final

from django.db.models import Q, QuerySet

from anju.accounts.models import Post
from anju.accounts.queries.acting import held_on
from anju.base.actor import Actor
from anju.base.composed import composed
from anju.cases.models import UnitCode
from anju.places.models import OPEN, Compound, Organisation
from anju.places.queries.scoped import compounds_for
from anju.registry.models import ServiceTerm
from anju.rules.cases.routing import Place
from anju.rules.permissions import Permission

_COMMITTEE: Final = "committee_member"


def place_of(compound: Compound, *, circumstances: frozenset[str], respondents: frozenset[int], on: date) -> Place:
    """Return the compound as `rules.cases.routing` asks about it; units are codes."""
    company, committee = _company(compound.pk, on), _of_post(compound.pk, _COMMITTEE, on)
    told = {code for code, body in (("company", company), ("owners_org", committee)) if body in respondents}
    codes = UnitCode.objects.filter(organisation__in=respondents).values_list("code", flat=True)
    return Place(
        town=town_code(compound),
        has_company=company is not None,
        has_owners_org=committee is not None,
        has_supervising_unit=compound.supervising_unit_id is not None,
        circumstances=circumstances,
        respondents=frozenset({*codes, *told}),
    )


def company_of(compound: Compound, *, on: date) -> Organisation | None:
    """Return the company that serves the compound: by its open term, else by the post of a manager there."""
    return _organisation(_company(compound.pk, on))


def owners_org_of(compound: Compound, *, on: date) -> Organisation | None:
    return _organisation(_of_post(compound.pk, _COMMITTEE, on))


def _organisation(pk: int | None) -> Organisation | None:
    return None if pk is None else Organisation.objects.get(pk=pk)


def _company(compound: int, on: date) -> int | None:
    return next((pk for (pk,) in _serving(compound)), None) or _of_post(compound, "project_manager", on)


@composed
def _serving(compound: int) -> "QuerySet[Any, tuple[int]]":
    return ServiceTerm.objects.filter(compound=compound, ends_on=None).order_by("pk").values_list("company_id")[:1]


def _of_post(compound: int, role: str, on: date) -> int | None:
    return next((pk for (pk,) in _posted(compound, role, on)), None)


@composed
def _posted(compound: int, role: str, on: date) -> "QuerySet[Any, tuple[int | None]]":
    held = Post.objects.filter(held_on(on), compound=compound, role=role)
    return held.order_by("-starts_on", "id").values_list("organisation_id")[:1]


def town_code(compound: Compound) -> str:
    """Return the code of the government of the compound's own town, empty where the town is not known yet."""
    return next((code for (code,) in _town(compound.division.path)), "")


@composed
def _town(path: str) -> "QuerySet[Any, tuple[str]]":
    above = [int(pk) for pk in path.split("/") if pk]
    rows = UnitCode.objects.filter(organisation__kind="town", organisation__division__in=above)
    return rows.order_by("pk").values_list("code")[:1]


def answerable(compound: Compound) -> list[Organisation]:
    """Return who answers to the residents of a compound for not doing its work: 县住建局, the town, the community (方案二(一)2)."""
    codes = units_by_code()
    found = [codes[code] for code in ("bureau", town_code(compound)) if code in codes]
    return [*found, *Organisation.objects.filter(OPEN, kind="community", division=compound.division).order_by("pk")]


def compounds_to_file_for(actor: Actor) -> "QuerySet[Compound]":
    """Return where the actor may say that something is wrong: its own area; a department has none and works in the whole county."""
    if actor.role == "department_officer" and actor.may(Permission.CASE_FILE):
        return Compound.objects.filter(OPEN)
    return compounds_for(actor)


def units_by_code() -> dict[str, Organisation]:
    """Return the organisations in force behind the codes; one that was merged stands for its successor."""
    rows = UnitCode.objects.select_related("organisation", "organisation__merged_into")
    return {row.code: row.organisation.merged_into or row.organisation for row in rows}


def leads() -> "dict[int, Organisation]":
    """Return the bodies that may lead or help in a case, by id: those of the policy and every office of government in force."""
    public = Q(kind__in=("bureau", "department", "government", "town", "community", "court", "party", "mass"))
    return {row.pk: row for row in Organisation.objects.filter(OPEN, public | Q(unit_codes__isnull=False)).distinct()}
