"""An event as it is kept: one JSON object without what stands at its default. `read_event(stored_event(e)) == e`, in all versions."""

import dataclasses
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from anju.rules.cases.facts import Clerk, Event, Mode, Payload
from anju.rules.cases.workflow import Amount, Urgency

_DEFAULT: Final = Payload()
_DATED: Final = frozenset({"dues", "arrivals"})
_SETS: Final = frozenset({"respondents", "about"})


def stored_event(event: Event, **more: object) -> dict[str, object]:
    """Return what is kept of an event; `more` are other plain values that are sealed with it (who, digests of texts)."""
    kept: dict[str, object] = {
        "seq": event.seq,
        "transition": event.transition,
        "role": event.role,
        "at": event.at.isoformat(),
        "person": event.person,
        "units": sorted(event.units),
        "payload": _payload(event.payload),
    }
    if event.dues:
        kept["dues"] = [[code, str(amount), due.isoformat()] for code, amount, due in event.dues]
    if event.clerk:
        kept["clerk"] = {"role": event.clerk.role, "units": sorted(event.clerk.units)}
    return {**more, **kept}


def _payload(payload: Payload) -> dict[str, object]:
    told = {field.name: getattr(payload, field.name) for field in dataclasses.fields(payload)}
    return {name: _plain(name, value) for name, value in told.items() if value != getattr(_DEFAULT, name)}


def _plain(name: str, value: Any) -> object:
    if name in _SETS:
        return sorted(value)
    if name in _DATED:
        return [[code, due.isoformat()] for code, due in value]
    if name == "attendance":
        return [[unit, how] for unit, how in value]
    if name == "items":
        return [due.isoformat() for due in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def read_event(kept: Mapping[str, Any]) -> Event:
    """Return the event that was kept."""
    clerk = kept.get("clerk")
    return Event(
        seq=kept["seq"],
        transition=kept["transition"],
        role=kept["role"],
        at=datetime.fromisoformat(kept["at"]),
        person=kept["person"],
        units=frozenset(kept["units"]),
        payload=Payload(**{name: _read(name, value) for name, value in kept["payload"].items()}),
        dues=tuple(
            (code, Amount.of(amount), datetime.fromisoformat(due)) for code, amount, due in kept.get("dues", ())
        ),
        clerk=Clerk(clerk["role"], frozenset(clerk["units"])) if clerk else None,
    )


def _read(name: str, value: Any) -> Any:
    match name:
        case "respondents" | "about":
            return frozenset(value)
        case "helpers":
            return tuple(value)
        case "dues" | "arrivals":
            return tuple((code, datetime.fromisoformat(due)) for code, due in value)
        case "items":
            return tuple(datetime.fromisoformat(due) for due in value)
        case "attendance":
            return tuple((unit, how) for unit, how in value)
        case "until" | "meets_at":
            return datetime.fromisoformat(value)
        case "urgency":
            return Urgency(value)
        case "mode":
            return Mode(value)
        case _:
            return value
