"""Who serves which compound from when: worked out anew from what was said and decided, once a person has said which company a name is."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from anju.registry.models import Cell, CompanyName, Decision, Indicator, ServiceTerm
from anju.registry.queries.settling import Pair, settled_cell, told_of
from anju.rules.facts import Settled, Told
from anju.rules.lists.names import name_key
from anju.rules.lists.readings import Moment
from anju.rules.lists.stored import Stored, restore
from anju.rules.service_terms import Held, Term, service_terms

FOLLOWED = frozenset({"service", "taken_over_on", "manager"})  # codes of the indicators that terms follow from
_AT_ONCE = 1000


def refresh_terms(compounds: Iterable[int]) -> None:
    """Work the terms of these compounds out anew. Call it in the transaction in which their facts or a company's name were settled."""
    wanted = sorted(set(compounds))
    for start in range(0, len(wanted), _AT_ONCE):
        _refresh(wanted[start : start + _AT_ONCE])


def _refresh(compounds: Sequence[int]) -> None:
    indicator = Indicator.objects.filter(code="service").first()
    if indicator is None:
        return
    companies = dict(CompanyName.objects.filter(organisation__isnull=False).values_list("key", "organisation_id"))
    if not companies and not ServiceTerm.objects.filter(compound__in=compounds).exists():
        return  # no name is settled, so no term can begin and none is there to end
    pairs = {(compound, indicator.pk) for compound in compounds}
    told, decided = told_of(pairs), _all_decisions(compounds, indicator)
    begun, managers = _beside(compounds)
    wanted: list[ServiceTerm] = []
    for pair in pairs:
        held = [_held(state, companies) for state in _states(indicator, told.get(pair, []), decided.get(pair, []))]
        terms = service_terms((one for one in held if one), taken_over_on=begun.get(pair[0]))
        wanted += [_row(pair[0], term, managers) for term in terms]
    _write(compounds, wanted)


def _all_decisions(compounds: Collection[int], indicator: Indicator) -> dict[Pair, list[Decision]]:
    found: dict[Pair, list[Decision]] = defaultdict(list)
    for row in Decision.objects.filter(compound__in=compounds, indicator=indicator).order_by("id"):
        found[row.compound_id, row.indicator_id].append(row)
    return found


def _states(indicator: Indicator, told: Sequence[Told], decided: Sequence[Decision]) -> Iterable[Settled]:
    """Tell the cell's story again: after each fact, and after each decision on what it had seen."""
    facts = sorted(told, key=lambda fact: fact.pk)
    moments = sorted({fact.pk for fact in facts} | {row.seen_to for row in decided})
    for moment in moments:
        before = [row for row in decided if row.seen_to < moment]
        known = [fact for fact in facts if fact.pk <= moment]
        yield settled_cell(indicator, known, before[-1] if before else None)
        at_last = [row for row in decided if row.seen_to == moment]
        if at_last:
            yield settled_cell(indicator, known, at_last[-1])


def _held(state: Settled, companies: Mapping[str, int]) -> Held | None:
    """Return what held, None where two sources disagreed, nothing was known or nobody has said which company the name is."""
    if state.current is None or state.conflict or state.current.value.form == "unknown":
        return None
    name = state.current.value.text
    if not name:
        return Held(None, state.current.observed_on)
    company = companies.get(name_key(name))
    return Held(company, state.current.observed_on) if company else None


def _beside(compounds: Collection[int]) -> tuple[dict[int, date], dict[int, str]]:
    """Return the days of taking over and the project managers of these compounds, where nothing is in conflict."""
    rows = Cell.objects.filter(
        compound__in=compounds, indicator__code__in=("taken_over_on", "manager"), conflict=False
    ).values_list("compound_id", "indicator__code", "low", "high", "text", "form")
    begun: dict[int, date] = {}
    managers: dict[int, str] = {}
    for compound, code, low, high, text, form in rows:
        if code == "manager":
            managers[compound] = text
        elif isinstance(day := restore(Stored(low, high, form=form), "date"), Moment) and day.precision == "day":
            begun[compound] = day.first
    return begun, managers


def _row(compound: int, term: Term, managers: Mapping[int, str]) -> ServiceTerm:
    return ServiceTerm(
        compound_id=compound,
        company_id=term.company,
        manager="" if term.ends_on else managers.get(compound, "")[:100],
        starts_on=term.starts_on,
        known_on=term.known_on,
        ends_on=term.ends_on,
    )


def _write(compounds: Collection[int], wanted: Sequence[ServiceTerm]) -> None:
    """Leave what is right, remove what is not, add what is missing. Who managed an ended term is kept from before."""
    rows = list(ServiceTerm.objects.select_for_update().filter(compound__in=compounds).order_by("pk"))
    managed = {(row.compound_id, row.company_id, row.known_on): row.manager for row in rows}
    for row in wanted:
        row.manager = row.manager or managed.get((row.compound_id, row.company_id, row.known_on), "")
    known = {_content(row): row for row in rows}
    kept = {_content(row) for row in wanted} & known.keys()
    ServiceTerm.objects.filter(pk__in=[row.pk for content, row in known.items() if content not in kept]).delete()
    ServiceTerm.objects.bulk_create(row for row in wanted if _content(row) not in kept)


def _content(row: ServiceTerm) -> tuple[object, ...]:
    return row.compound_id, row.company_id, row.manager, row.starts_on, row.known_on, row.ends_on
