"""Companies as the facts name them, the organisations they could be, and who serves what."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import connection
from django.db.models import Count, Q, QuerySet

from anju.base.actor import Actor
from anju.places.models import OPEN, Division, Organisation, OrganisationAlias
from anju.places.queries.scoped import compounds_for, organisations_for
from anju.registry.models import Cell, CompanyName, ListImport, ServiceTerm
from anju.registry.queries.catalogue import region_here
from anju.registry.queries.facts import cells_for
from anju.rules.lists.company_names import CompanyIndex, KnownCompany
from anju.rules.lists.foreign import home_of
from anju.rules.lists.matching import Match
from anju.rules.lists.names import name_key
from anju.rules.permissions import Permission
from anju.rules.policy_divisions import PolicyDivision

_IN_LIST = """
select name, code, count(*) from (
  select (select cell->>4 from jsonb_array_elements(cells) cell where cell->>0 = 'service' limit 1) as name,
         (select cell->>4 from jsonb_array_elements(cells) cell where cell->>0 = 'credit_code' limit 1) as code
  from registry_importrow where list_import_id = %s and verdict <> 'rejected'
) told where name <> '' group by 1, 2
"""
_SURE = frozenset({"same_credit_code", "same_name", "same_alias"})


@dataclass(frozen=True, slots=True)
class Candidate:
    """An organisation that a name could be, and why, as codes of `reasons.MATCHES`.

    `sure`: the same credit code, or the very same name and no other code.
    """

    pk: int
    name: str
    why: tuple[str, ...]

    @property
    def sure(self) -> bool:
        return _SURE.issuperset(self.why)


@dataclass(frozen=True, slots=True)
class NamedCompany:
    """One name as lists write it, in how many compounds it stands today, and which company a person said it is.

    `alike`: other names of the lists that nobody has settled and that may be the same company's.
    """

    key: str
    name: str
    spellings: tuple[str, ...]
    compounds: int
    credit_code: str
    settled: CompanyName | None
    candidates: tuple[Candidate, ...]
    alike: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TellingList:
    """A source that gives a name, and the list in which it did; `pk` is None where somebody filled it in."""

    source: str
    pk: int | None
    file: str


def named_companies(actor: Actor) -> list[NamedCompany]:
    """Return every company that the facts name today, those nobody has settled first, then by the number of compounds.

    Computed from the facts each time, so that it can never lag behind a list brought in or taken back.
    """
    counted = _named(actor)
    codes = credit_codes_beside(actor, [name for spelled in counted.values() for name in spelled])
    return _asked_about(actor, counted, codes)


def companies_in_list(actor: Actor, row: ListImport) -> list[NamedCompany]:
    """Return every company that an import names, in the same order; `compounds` are its rows, whose credit codes tell too."""
    counted: dict[str, dict[str, int]] = defaultdict(dict)
    codes: dict[str, set[str]] = defaultdict(set)
    with connection.cursor() as cursor:
        cursor.execute(_IN_LIST, [row.pk])
        for name, code, rows in cursor.fetchall():
            spelled = counted[name_key(name)]
            spelled[name] = spelled.get(name, 0) + rows
            codes[name_key(name)].update(filter(None, [code]))
    return _asked_about(actor, counted, {key: one.pop() for key, one in codes.items() if len(one) == 1})


def _asked_about(
    actor: Actor, counted: Mapping[str, Mapping[str, int]], codes: Mapping[str, str]
) -> list[NamedCompany]:
    settled = {
        row.key: row for row in CompanyName.objects.filter(organisation__isnull=False).select_related("organisation")
    }
    places = _places()
    companies = CompanyIndex(_companies(actor), places)
    names = {key: max(spelled, key=lambda name: (spelled[name], name)) for key, spelled in counted.items()}
    waiting = [key for key in counted if key not in settled]
    beside = CompanyIndex((KnownCompany(at, names[key]) for at, key in enumerate(waiting)), places)
    found = [
        NamedCompany(
            key,
            names[key],
            tuple(sorted(spelled)),
            sum(spelled.values()),
            codes.get(key, ""),
            settled.get(key),
            () if key in settled else _candidates(companies.match(names[key], codes.get(key, ""))),
            ()
            if key in settled
            else tuple(one.name for one in beside.match(names[key]).candidates if one.name != names[key]),
        )
        for key, spelled in counted.items()
    ]
    return sorted(found, key=lambda one: (one.settled is not None, -one.compounds, one.name))


def unsettled_names(actor: Actor) -> int:
    """Return how many names nobody has settled yet."""
    settled = set(CompanyName.objects.filter(organisation__isnull=False).values_list("key", flat=True))
    return len(_named(actor).keys() - settled)


def company_names(actor: Actor) -> "QuerySet[CompanyName]":
    """Return the names that somebody said something about, to whoever settles them."""
    rows = CompanyName.objects.select_related("organisation")
    return rows if actor.may(Permission.COMPANY_SETTLE) else rows.none()


def names_of_company(actor: Actor, organisation: Organisation) -> "QuerySet[CompanyName]":
    return company_names(actor).filter(organisation=organisation)


def credit_codes_beside(actor: Actor, names: Iterable[str]) -> dict[str, str]:
    """Return the credit codes that stand beside these names in the same compounds, by the names' keys; two different codes are none."""
    wanted = {name_key(name) for name in names}
    rows = cells_for(actor).filter(indicator__code__in=("service", "credit_code"), compound__in=_with_code(actor))
    beside: dict[int, dict[str, str]] = defaultdict(dict)
    for compound, code, text in rows.values_list("compound_id", "indicator__code", "text"):
        beside[compound][code] = text
    found: dict[str, set[str]] = defaultdict(set)
    for told in beside.values():
        if told.get("service") and told.get("credit_code") and name_key(told["service"]) in wanted:
            found[name_key(told["service"])].add(told["credit_code"])
    return {key: codes.pop() for key, codes in found.items() if len(codes) == 1}


def terms_of_compound(actor: Actor, compound: int) -> "QuerySet[ServiceTerm]":
    """Return who serves and served a compound, today's first."""
    return _terms(actor).filter(compound=compound).order_by("-known_on", "-id")


def terms_of_company(actor: Actor, organisation: Organisation) -> "QuerySet[ServiceTerm]":
    """Return the compounds that a company serves and served, as far as the actor sees them; those of today first."""
    rows = _terms(actor).filter(company=organisation)
    return (
        rows.order_by("ends_on", "compound__pinyin", "id")
        .annotate(open=Q(ends_on__isnull=True))
        .order_by("-open", "compound__pinyin", "id")
    )


def open_terms(actor: Actor) -> "QuerySet[ServiceTerm]":
    """Return who serves which compound today, as far as the actor sees them."""
    return _terms(actor).filter(ends_on__isnull=True, compound__ended_on__isnull=True)


def told_by(actor: Actor) -> dict[str, list[TellingList]]:
    """Return where the names of companies come from that hold today, by the names' keys: each list, the one with most compounds first."""
    rows = (
        cells_for(actor)
        .filter(indicator__code="service", compound__ended_on__isnull=True, derived=False)
        .exclude(text="")
    )
    counted = rows.order_by().values_list(
        "text",
        "fact__statement__source__name",
        "fact__statement__list_import_id",
        "fact__statement__list_import__file_name",
    )
    found: dict[str, dict[TellingList, int]] = defaultdict(dict)
    for text, source, pk, file, compounds in counted.annotate(count=Count("id")):
        one = TellingList(source, pk, file or "")
        found[name_key(text)][one] = found[name_key(text)].get(one, 0) + compounds
    return {key: sorted(each, key=lambda one: (-each[one], one.source, one.pk or 0)) for key, each in found.items()}


def _terms(actor: Actor) -> "QuerySet[ServiceTerm]":
    if not actor.may(Permission.FACT_VIEW):
        return ServiceTerm.objects.none()
    rows = ServiceTerm.objects.select_related("company", "compound__division")
    return rows if actor.scope.everything else rows.filter(compound__in=compounds_for(actor).values("id"))


def _with_code(actor: Actor) -> "QuerySet[Cell, int]":
    return cells_for(actor).filter(indicator__code="credit_code").exclude(text="").values_list("compound_id", flat=True)


def _named(actor: Actor) -> dict[str, dict[str, int]]:
    rows = cells_for(actor).filter(indicator__code="service", compound__ended_on__isnull=True).exclude(text="")
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for text, compounds in rows.order_by().values_list("text").annotate(count=Count("id")):
        found[name_key(text)][text] = compounds
    return found


def _companies(actor: Actor) -> list[KnownCompany]:
    rows = organisations_for(actor).filter(OPEN, kind=Organisation.Kind.COMPANY).order_by("pinyin", "id")
    also: dict[int, list[str]] = defaultdict(list)
    for pk, name in OrganisationAlias.objects.filter(organisation__in=rows.values("id")).values_list(
        "organisation_id", "name"
    ):
        also[pk].append(name)
    return [
        KnownCompany(pk, name, tuple(also[pk]), code)
        for pk, name, code in rows.values_list("id", "name", "credit_code")
    ]


def _places() -> frozenset[str]:
    """Return what the county, what lies above and what lies below it are called: a company's name may begin with any of them."""
    rows = Division.objects.filter(OPEN, awaiting=False)
    named = [PolicyDivision(one.code, one.name, one.level, "", one.valid_from) for one in rows]
    return home_of(named, region_here()).own


def _candidates(match: Match) -> tuple[Candidate, ...]:
    return tuple(Candidate(one.pk, one.name, tuple(why.code for why in one.reasons)) for one in match.candidates)
