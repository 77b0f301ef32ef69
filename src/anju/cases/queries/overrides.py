"""What people dispatched otherwise than the routing table proposed, month by month: what the county mends its list with (方案三(二)).

The system's own acts follow the table and are not among them. An act is counted in the month in which it was done.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from anju.base.actor import Actor
from anju.cases.models import CaseEvent
from anju.cases.queries.scoped import cases_for
from anju.places.models import Organisation
from anju.rules.permissions import Permission
from anju.rules.workdays.calendar import CHINA

ACTS: Final[dict[str, str]] = {"dispatch": "派遣", "adjudicate": "指定管辖", "reassign": "改派", "transfer": "移送"}
_SAYS: Final = ("reason", "ruling", "legal_basis", "dissuasion_record")


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the county's own time."""

    year: int
    month: int

    @classmethod
    def of(cls, text: str) -> "Month | None":
        """Return the month written as 2026-11, None where the text is none."""
        year, _, month = text.partition("-")
        plain = len(text) == 7 and text.isascii() and year.isdigit() and month.isdigit()
        return cls(int(year), int(month)) if plain and 2000 <= int(year) <= 2100 and 1 <= int(month) <= 12 else None

    @classmethod
    def holding(cls, day: date) -> "Month":
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02}"

    @property
    def begins(self) -> datetime:
        return datetime(self.year, self.month, 1, tzinfo=CHINA)

    @property
    def after(self) -> "Month":
        return Month(self.year + self.month // 12, self.month % 12 + 1)

    @property
    def before(self) -> "Month":
        return Month.holding((self.begins - timedelta(days=1)).date())


@dataclass(frozen=True, slots=True)
class Overridden:
    """One act that named another lead than was proposed. `proposed` is empty where the table named none; `by` is a post."""

    at: datetime
    case: int
    number: str
    compound: str
    matter: int
    code: str
    name: str
    proposed: str
    chosen: str
    act: str
    by: str
    reason: str
    route: str


@dataclass(frozen=True, slots=True)
class MatterCount:
    """How often people sent a matter elsewhere, of all the times it was sent, and where it went: names with their counts."""

    matter: int
    code: str
    name: str
    sent: int
    elsewhere: int
    to: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Overrides:
    """A month: the acts, the newest first, and the matters, the most often overridden first. `sent`: of how many acts."""

    lines: tuple[Overridden, ...]
    counts: tuple[MatterCount, ...]
    sent: int


def overrides_in(actor: Actor, month: Month) -> Overrides:
    """Return what was dispatched otherwise in a month, of the cases the actor may see."""
    if not actor.may(Permission.MATTER_VIEW):
        return Overrides((), (), 0)
    sent: dict[int, int] = {}
    found: list[tuple[str, str, Overridden]] = []
    for proposed, chosen, line in _named(actor, month):
        sent[line.matter] = sent.get(line.matter, 0) + 1
        if proposed != chosen:
            found.append((proposed, chosen, line))
    names = _names({pk for proposed, chosen, _ in found for pk in (proposed, chosen) if pk})
    lines = tuple(
        replace(line, proposed=names.get(proposed, ""), chosen=names.get(chosen, ""))
        for proposed, chosen, line in found
    )
    return Overrides(lines, tuple(_counts(lines, sent)), sum(sent.values()))


def _named(actor: Actor, month: Month) -> Iterator[tuple[str, str, Overridden]]:
    """Yield the acts of people that named a lead: ids of the proposed and the chosen body, and the line without their names."""
    rows = CaseEvent.objects.filter(
        case__in=cases_for(actor), transition__in=ACTS, at__gte=month.begins, at__lt=month.after.begins
    ).exclude(role="system")
    columns = (
        "at", "case_id", "case__number", "case__compound__name", "case__matter_id", "case__matter__code",
        "case__matter__name", "transition", "made_as", "note__texts", "body",
    )  # fmt: skip
    for at, case, number, compound, matter, code, name, act, by, texts, body in rows.order_by("-at", "-pk").values_list(
        *columns
    ):
        kept = json.loads(body)
        reason = next((texts[one] for one in _SAYS if texts and texts.get(one)), "")
        line = Overridden(
            at, case, number, compound, matter, code, name, "", "", ACTS[act], by, reason, kept.get("route", "")
        )
        yield kept.get("routed", ""), kept["payload"].get("lead", ""), line


def _names(wanted: set[str]) -> dict[str, str]:
    rows = Organisation.objects.filter(pk__in=[int(pk) for pk in wanted])
    return {str(pk): name for pk, name in rows.values_list("pk", "name")}


def _counts(lines: tuple[Overridden, ...], sent: dict[int, int]) -> list[MatterCount]:
    by_matter: dict[int, list[Overridden]] = {}
    for line in lines:
        by_matter.setdefault(line.matter, []).append(line)
    found = []
    for matter, own in by_matter.items():
        to: dict[str, int] = {}
        for line in own:
            to[line.chosen] = to.get(line.chosen, 0) + 1
        ordered = tuple(sorted(to.items(), key=lambda one: (-one[1], one[0])))
        found.append(MatterCount(matter, own[0].code, own[0].name, sent[matter], len(own), ordered))
    return sorted(found, key=lambda one: (-one.elsewhere, one.code))


def first_month(actor: Actor) -> Month | None:
    """Return the month of the first act that named a lead, None where there is none yet."""
    at = CaseEvent.objects.filter(case__in=cases_for(actor), transition__in=ACTS).order_by("at").values_list("at")[:1]
    return next((Month.holding(one.astimezone(CHINA).date()) for (one,) in at), None)
