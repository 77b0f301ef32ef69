"""What routing asks of a compound, and organisations behind the codes of its answer."""

from datetime import date

from django.db.models import Q, QuerySet

from anju.accounts.models import Post
from anju.accounts.queries.acting import held_on
from anju.base.actor import Actor
from anju.cases.models import UnitCode
from anju.places.models import OPEN, Compound, Organisation
from anju.places.queries.scoped import compounds_for
from anju.registry.models import ServiceTerm
from anju.rules.cases.routing import Place
from anju.rules.permissions import Permission


def place_of(compound: Compound, *, circumstances: frozenset[str], respondents: frozenset[int], on: date) -> Place:
    """Return the compound as `rules.cases.routing` asks about it; units are codes."""
    company, committee = company_of(compound, on=on), owners_org_of(compound, on=on)
    told = {code for code, row in (("company", company), ("owners_org", committee)) if row and row.pk in respondents}
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
    term = ServiceTerm.objects.filter(compound=compound, ends_on=None).select_related("company").first()
    if term is not None:
        return term.company
    return _of_post(compound, "project_manager", on)


def owners_org_of(compound: Compound, *, on: date) -> Organisation | None:
    return _of_post(compound, "committee_member", on)


def _of_post(compound: Compound, role: str, on: date) -> Organisation | None:
    held = Post.objects.filter(held_on(on), compound=compound, role=role).select_related("organisation")
    post = held.order_by("-starts_on", "id").first()
    return post.organisation if post else None


def town_code(compound: Compound) -> str:
    """Return the code of the government of the compound's own town, empty where the town is not known yet."""
    above = [int(pk) for pk in compound.division.path.split("/") if pk]
    row = UnitCode.objects.filter(organisation__kind="town", organisation__division__in=above).first()
    return row.code if row else ""


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
