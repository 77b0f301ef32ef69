"""What the registry brings to a compound's page: the facts by group, what is missing and from whom, who is responsible, who served it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from anju.accounts.queries.posts import holders_of_compound
from anju.accounts.queries.seconds import Second, second_confirmers
from anju.base.actor import Actor
from anju.places.models import Compound
from anju.places.queries.organisations import offices_of
from anju.places.queries.scoped import reaches
from anju.registry.models import Cell, Indicator
from anju.registry.queries.answering import Answerer, Answering, answering
from anju.registry.queries.companies import terms_of_compound
from anju.registry.queries.facts import cells_for, indicators_for
from anju.registry.queries.sides import Side, everything_said, sides_of
from anju.rules.permissions import Permission
from anju.web.doors import ActorRequest
from anju.web.places.sections import Section
from anju.web.registry.history import History, history
from anju.web.registry.words import GROUPS, Shown, aged, is_stale, shown, shown_row

_LEAD = (("completed", "{}建成"), ("buildings", "{}"))


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator of a compound. `sides`: what the sources say, where they disagree; `waiting`: nobody has confirmed it."""

    indicator: Indicator
    value: Shown | None
    source: str = ""
    observed_on: date | None = None
    stale: str = ""
    sources: int = 0
    confirmer: str = ""
    waiting: bool = False
    own: bool = False
    fact: int | None = None
    sides: tuple[tuple[Side, Shown], ...] = ()
    record_url: str = ""
    may_adopt: bool = False

    @property
    def known(self) -> bool:
        return self.value is not None and self.value.known


@dataclass(slots=True)
class Group:
    code: str
    name: str
    lines: list[Line] = field(default_factory=list)

    @property
    def waiting(self) -> int:
        return sum(1 for line in self.lines if line.waiting and not line.own)


@dataclass(frozen=True, slots=True)
class Rights:
    """What the actor may do with the facts of this compound, and who may confirm what they recorded themselves."""

    edit: bool
    confirm: bool
    reveal: bool
    seconds: Sequence[Second]


def sections(request: ActorRequest, compound: Compound) -> Iterator[Section]:
    actor, today = request.actor, timezone.localdate()
    if not actor.may(Permission.FACT_VIEW):
        return
    rights, who = _rights(actor, compound, today), answering()
    groups = _groups(actor, compound, rights, today)
    lines = [line for group in groups for line in group.lines]
    named = _named(rights.seconds if any(map(_is_own, lines)) else ())
    past = _history(actor, compound, request.GET.get("cell", ""), lines, rights)
    yield Section(
        "facts",
        "registry/facts.html",
        {
            "groups": groups,
            "rights": rights,
            "compound": compound,
            "seconds": named,
            "history": past,
        },
        tab="底数",
        lead=_lead(lines),
        acts=_acts(compound, rights),
        drawer="registry/history.html" if past else "",
    )
    yield Section("complete", "registry/complete.html", _completeness(compound, lines, who, rights), rail=True)
    yield Section("charge", "registry/charge.html", _in_charge(actor, compound, lines, rights, today), rail=True)
    if terms := list(terms_of_compound(actor, compound.pk)):
        yield Section("terms", "registry/terms_of_compound.html", {"terms": terms}, tab="物业企业")


def _is_own(line: Line) -> bool:
    return line.own or any(side.own for side, _ in line.sides)


def _rights(actor: Actor, compound: Compound, today: date) -> Rights:
    open_here = compound.ended_on is None and reaches(actor.scope, compound.division)
    confirm = open_here and actor.may(Permission.FACT_CONFIRM)
    others = second_confirmers([compound.pk], apart=actor.user_id, on=today)[compound.pk] if confirm else []
    edit = open_here and actor.may(Permission.FACT_EDIT)
    return Rights(edit, confirm, actor.may(Permission.FACT_REVEAL), others)


def _named(seconds: Sequence[Second]) -> str:
    return "、".join(second.name for second in seconds[:3]) + ("等" if len(seconds) > 3 else "")


def _groups(actor: Actor, compound: Compound, rights: Rights, today: date) -> list[Group]:
    cells = _cells(actor, compound)
    in_conflict = {(compound.pk, cell.indicator_id) for cell in cells.values() if cell.conflict}
    sides = sides_of(actor, in_conflict) if in_conflict else {}
    here = reverse("places:compound", args=[compound.pk])
    groups: dict[str, Group] = {}
    for indicator in indicators_for(actor):
        group = groups.setdefault(indicator.group, Group(indicator.group, GROUPS.get(indicator.group, indicator.group)))
        url = f"{here}?{urlencode({'cell': indicator.code})}#cell"
        cell = cells.get(indicator.pk)
        told = sides.get((compound.pk, indicator.pk), [])
        group.lines.append(_line(actor, indicator, cell, told, rights, today, url) if cell else Line(indicator, None))
    return list(groups.values())


def _cells(actor: Actor, compound: Compound) -> dict[int, Cell]:
    rows = cells_for(actor).filter(compound=compound, indicator__ended_on__isnull=True)
    rows = rows.select_related("indicator", "source", "confirmed_by", "fact__statement")
    return {cell.indicator_id: cell for cell in rows}


def _line(
    actor: Actor, indicator: Indicator, cell: Cell, told: Sequence[Side], rights: Rights, today: date, url: str
) -> Line:
    value = shown_row(cell, indicator)
    recorder = cell.fact.statement.recorder_id if cell.fact else None
    own = bool(rights.seconds) and recorder is not None and recorder == actor.user_id
    return Line(
        indicator,
        value,
        cell.source.name if cell.source else "",
        cell.observed_on,
        aged(indicator.stale_days) if value.known and is_stale(cell.stale_on, today) else "",
        cell.sources,
        _confirmer(actor, cell),
        value.known and not cell.conflict and not cell.derived and cell.confirmed_at is None,
        own,
        cell.fact_id,
        tuple((side, shown(side.value, indicator)) for side in told),
        url,
        any(not side.own for side in told) or not rights.seconds,
    )


def _confirmer(actor: Actor, cell: Cell) -> str:
    if cell.confirmed_at is None:
        return ""
    return cell.confirmed_by.name if cell.confirmed_by and actor.may(Permission.POST_VIEW) else "已确认"


def _lead(lines: Sequence[Line]) -> str:
    known = {line.indicator.code: line.value.text for line in lines if line.value and line.known}
    told = [words.format(known[code]) for code, words in _LEAD if code in known]
    days = [line.observed_on for line in lines if line.observed_on]
    return "，".join(told) + (f"。最近核实 {max(days)}" if days else "")


def _acts(compound: Compound, rights: Rights) -> tuple[tuple[str, str, bool], ...]:
    return (("登记底数", reverse("registry:record", args=[compound.pk]), True),) if rights.edit else ()


def _completeness(compound: Compound, lines: Sequence[Line], who: Answering, rights: Rights) -> dict[str, Any]:
    """What is known of what somebody answers for; what is missing, under whoever should supply it first."""
    asked = [line for line in lines if line.indicator.answers]
    missing = [line for line in asked if not line.known]
    town = compound.division.parent_id if compound.division.level == "community" else compound.division_id
    by_unit: dict[tuple[Answerer, ...], list[Line]] = {}
    for line in missing:
        by_unit.setdefault(tuple(who.all_of(line.indicator.answers, town)), []).append(line)
    return {
        "known": len(asked) - len(missing),
        "asked": len(asked),
        "percent": (len(asked) - len(missing)) * 100 // len(asked) if asked else 0,
        "by_unit": sorted(by_unit.items(), key=lambda pair: -len(pair[1])),
        "conflicts": [line for line in lines if line.sides],
        "stale": [line for line in lines if line.stale],
        "fill_url": reverse("registry:record", args=[compound.pk]) + "?show=missing" if rights.edit and missing else "",
    }


def _in_charge(actor: Actor, compound: Compound, lines: Sequence[Line], rights: Rights, today: date) -> dict[str, Any]:
    told = {line.indicator.code: line for line in lines}
    term = terms_of_compound(actor, compound.pk).filter(ends_on__isnull=True).first()
    return {
        "compound": compound,
        "term": term,
        "service": told.get("service"),
        "manager": told.get("manager"),
        "phone": told.get("manager_phone"),
        "holders": holders_of_compound(compound, on=today),
        "offices": offices_of(actor, compound.division),
        "bureau": answering().units.get("bureau"),
        "rights": rights,
    }


def _history(actor: Actor, compound: Compound, code: str, lines: Sequence[Line], rights: Rights) -> History | None:
    """Return the story of the cell that the address asks for, None where it asks for none that there is."""
    line = next((line for line in lines if line.indicator.code == code), None)
    if line is None:
        return None
    told = everything_said(actor, compound, line.indicator)
    return history(line.indicator, told, line.fact, rights.edit, rights.confirm, rights.reveal)
