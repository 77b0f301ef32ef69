"""The story of one cell as the drawer tells it: every telling, what it replaced, what was taken back, what was decided and why."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from anju.registry.models import Indicator
from anju.registry.queries.sides import Said, Settlement
from anju.rules.masking import PERSONAL
from anju.web.registry.words import Shown, shown


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. `before`: what the same source said last; `struck`: it was taken back; `statement`: it can be taken back here."""

    at: datetime
    value: Shown
    told: str
    before: str = ""
    struck: bool = False
    decided: bool = False
    holds: bool = False
    raw: str = ""
    withdrawn: str = ""
    observed_on: date | None = None
    statement: int | None = None
    fact: int | None = None


@dataclass(frozen=True, slots=True)
class History:
    indicator: Indicator
    entries: list[Entry]
    tellings: int


def history(
    indicator: Indicator, told: Sequence[Said | Settlement], holds: int | None, edit: bool, confirm: bool, reveal: bool
) -> History:
    """Return the story, the newest first. What may be taken back: one's own, or any by whoever may confirm as well."""
    entries: list[Entry] = []
    last: dict[str, str] = {}
    for one in reversed(told):
        if isinstance(one, Settlement):
            entries.append(_decided(indicator, one))
            continue
        may_withdraw = edit and (one.own or confirm) and one.withdrawn_at is None
        entry = _said(indicator, one, last.get(one.source, ""), may_withdraw, reveal)
        entries.append(replace(entry, holds=one.fact == holds))
        if one.withdrawn_at is None:
            last[one.source] = entries[-1].value.text
    return History(indicator, entries[::-1], sum(isinstance(one, Said) for one in told))


def _said(indicator: Indicator, one: Said, before: str, may_withdraw: bool, reveal: bool) -> Entry:
    value = shown(one.value, indicator)
    origin = f"导入 {one.file} 第{one.line}行" if one.file else ""
    personal = indicator.type in PERSONAL
    as_written = one.raw if one.raw and one.raw != value.text and not personal else ""
    return Entry(
        one.at,
        value,
        "。".join(part for part in (f"{one.source}，{one.by}" if one.by else one.source, origin, one.reason) if part),
        before if before != value.text else "",
        struck=one.withdrawn_at is not None,
        raw="；".join(part for part in (as_written, "" if personal else one.note) if part),
        withdrawn="，".join(part for part in (one.withdrawn_by, one.withdrawn_reason) if part),
        observed_on=one.observed_on,
        statement=one.statement if may_withdraw else None,
        fact=one.fact if personal and reveal else None,
    )


def _decided(indicator: Indicator, one: Settlement) -> Entry:
    by = f"{one.by or '系统'}{'（单人确认，当时没有第二人）' if one.alone else ''}"
    return Entry(one.at, shown(one.value, indicator), f"采用 {one.source}，{by}。{one.reason}", decided=True)
