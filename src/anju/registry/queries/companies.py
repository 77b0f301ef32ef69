"""Companies as the facts name them, the organisations they could be, and who serves what."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from anju.base.actor import Actor
from anju.places.models import OPEN, Organisation, OrganisationAlias
from anju.places.queries.scoped import compounds_for, organisations_for
from anju.registry.models import Cell, CompanyName, ServiceTerm
from anju.registry.queries.facts import cells_for
from anju.rules.lists.names import name_key
from anju.rules.permissions import Permission

_SHARED = 4  # signs that two names must have in common, beside the words every company has
_COMMON = ("物业服务", "物业管理", "有限责任公司", "有限公司", "分公司", "物业", "服务", "管理", "公司", "集团", "部")


@dataclass(frozen=True, slots=True)
class Candidate:
    """An organisation that a name could be, and why: credit_code, name, alias or alike."""

    pk: int
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class NamedCompany:
    """One name as lists write it, in how many compounds it stands today, and which company a person said it is."""

    key: str
    name: str
    spellings: tuple[str, ...]
    compounds: int
    credit_code: str
    settled: CompanyName | None
    candidates: tuple[Candidate, ...]


def named_companies(actor: Actor) -> list[NamedCompany]:
    """Return every company that the facts name today, those nobody has settled first, then by the number of compounds.

    Computed from the facts each time, so that it can never lag behind a list brought in or taken back.
    """
    counted = _named(actor)
    settled = {
        row.key: row for row in CompanyName.objects.filter(organisation__isnull=False).select_related("organisation")
    }
    codes = credit_codes_beside(actor, [name for spelled in counted.values() for name in spelled])
    known = _known_companies(actor)
    found = [
        NamedCompany(
            key,
            max(spelled, key=lambda name: (spelled[name], name)),
            tuple(sorted(spelled)),
            sum(spelled.values()),
            codes.get(key, ""),
            settled.get(key),
            () if key in settled else _candidates(key, codes.get(key, ""), known),
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


@dataclass(frozen=True, slots=True)
class _Known:
    pk: int
    name: str
    credit_code: str
    keys: dict[str, str]  # every name's key and what kind of name it is
    stem: str


def _known_companies(actor: Actor) -> list[_Known]:
    rows = organisations_for(actor).filter(OPEN, kind=Organisation.Kind.COMPANY)
    also: dict[int, dict[str, str]] = defaultdict(dict)
    for pk, name in OrganisationAlias.objects.filter(organisation__in=rows).values_list("organisation_id", "name"):
        also[pk][name_key(name)] = "alias"
    return [
        _Known(pk, name, code, {**also[pk], name_key(name): "name"}, _stem(name))
        for pk, name, code in rows.values_list("id", "name", "credit_code")
    ]


def _candidates(key: str, credit_code: str, known: Sequence[_Known]) -> tuple[Candidate, ...]:
    """Return at most five, the surest first."""
    found = [Candidate(one.pk, one.name, why) for one in known if (why := _why(key, credit_code, one))]
    order = ("credit_code", "name", "alias", "alike")
    return tuple(sorted(found, key=lambda one: (order.index(one.why), one.name))[:5])


def _why(key: str, credit_code: str, one: _Known) -> str:
    if credit_code and credit_code == one.credit_code:
        return "credit_code"
    if key in one.keys:
        return one.keys[key]
    stem = _stem(key)
    alike = (
        bool(stem and one.stem) and (stem in one.stem or one.stem in stem) and min(len(stem), len(one.stem)) >= _SHARED
    )
    return "alike" if alike else ""


def _stem(name: str) -> str:
    """Return what tells one company from another: the name without the words that every company has."""
    key = name_key(name)
    for word in _COMMON:
        key = key.replace(word, "")
    return key
