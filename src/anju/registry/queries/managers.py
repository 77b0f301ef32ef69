"""Project managers as lists name them, company by company: proposed until a person has stood up for what the lists say."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from anju.accounts.models import Post
from anju.accounts.queries.acting import held_on
from anju.base.actor import Actor
from anju.places.models import Organisation
from anju.registry.models import Cell, ServiceTerm
from anju.registry.queries.companies import open_terms
from anju.registry.queries.facts import cells_for
from anju.rules.lists.names import name_key

_TOLD = ("manager", "manager_phone")


@dataclass(frozen=True, slots=True)
class NamedManager:
    """One name and phone that lists give for compounds of one company; `facts` are those to confirm, the first of them names it.

    `elsewhere`: companies for whose compounds lists give the same name. `phones`: how many phones lists give to the name in this company.
    `posted`: somebody of that name has a post in this company.
    """

    company: Organisation
    name: str
    phone: str
    compounds: tuple[str, ...]
    facts: tuple[int, ...]
    elsewhere: tuple[str, ...]
    phones: int
    posted: bool

    @property
    def key(self) -> str:
        return f"{self.company.pk}-{self.facts[0]}"


def named_managers(actor: Actor, *, on: date) -> list[NamedManager]:
    """Return those whom nobody has confirmed and about whom sources agree, of companies that serve today, by company and name.

    A name in two companies is two: whether it is one person, only a person can say.
    """
    terms = {term.compound_id: term for term in open_terms(actor)}
    told = _told(actor, terms)
    found: dict[tuple[int, str, str], list[int]] = defaultdict(list)
    for compound, cells in told.items():
        if "manager" in cells and cells["manager"].confirmed_at is None:
            phone = cells["manager_phone"].text if "manager_phone" in cells else ""
            found[terms[compound].company_id, cells["manager"].text, phone].append(compound)
    companies = {term.company_id: term.company for term in terms.values()}
    names = _companies_by_name(found, companies)
    phones, posted = _phones(found), _posted(found, on)
    managers = [
        NamedManager(
            companies[company], name, phone, tuple(terms[one].compound.name for one in compounds), _facts(told, compounds),
            tuple(sorted(names[name_key(name)] - {companies[company].name})), phones[company, name_key(name)],
            (company, name_key(name)) in posted,
        )
        for (company, name, phone), compounds in found.items()
    ]  # fmt: skip
    return sorted(managers, key=lambda one: (one.company.pinyin, one.company.pk, one.name, one.phone))


def _told(actor: Actor, terms: Mapping[int, ServiceTerm]) -> dict[int, dict[str, Cell]]:
    rows = cells_for(actor).filter(indicator__code__in=_TOLD, conflict=False, derived=False).exclude(text="")
    told: dict[int, dict[str, Cell]] = defaultdict(dict)
    for cell in rows.select_related("indicator").order_by("compound_id"):
        if cell.compound_id in terms:
            told[cell.compound_id][cell.indicator.code] = cell
    return told


def _facts(told: Mapping[int, Mapping[str, Cell]], compounds: Iterable[int]) -> tuple[int, ...]:
    """The facts of the names, then those of the phones that nobody has confirmed."""
    cells = [told[compound][code] for code in _TOLD for compound in compounds if code in told[compound]]
    return tuple(cell.fact_id for cell in cells if cell.fact_id is not None and cell.confirmed_at is None)


def _companies_by_name(
    found: Iterable[tuple[int, str, str]], companies: Mapping[int, Organisation]
) -> dict[str, set[str]]:
    names: dict[str, set[str]] = defaultdict(set)
    for company, name, _ in found:
        names[name_key(name)].add(companies[company].name)
    return names


def _phones(found: Iterable[tuple[int, str, str]]) -> dict[tuple[int, str], int]:
    phones: dict[tuple[int, str], set[str]] = defaultdict(set)
    for company, name, phone in found:
        phones[company, name_key(name)].update(filter(None, [phone]))
    return {key: len(each) for key, each in phones.items()}


def _posted(found: Iterable[tuple[int, str, str]], on: date) -> set[tuple[int, str]]:
    rows = Post.objects.filter(held_on(on), organisation__in={company for company, _, _ in found})
    return {(body, name_key(name)) for body, name in rows.values_list("organisation_id", "user__name")}
