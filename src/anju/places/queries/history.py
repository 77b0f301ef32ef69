"""What the trail says about one division, organisation or compound: for whoever may open its page, without personal data."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model, Q

from anju.base.actor import Actor
from anju.base.models import AuditEntry
from anju.places.models import Compound, Division, Organisation
from anju.places.queries.scoped import compounds_for, divisions_for, organisations_for

MOST = 100


@dataclass(frozen=True, slots=True)
class Change:
    """One field before and after; where a field points to a row, its name."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Entry:
    """One act: when, in which post (never who), what, and what changed. `subject` is empty, or names what went into the row."""

    at: datetime
    post: str
    subject: str
    action: str
    changes: tuple[Change, ...]
    reason: str


def history_of(actor: Actor, row: Division | Organisation | Compound) -> list[Entry]:
    """Return the newest acts about a row the actor may see, the newest first; what went into it is part of it."""
    if not _seen(actor, row):
        return []
    gone = dict(row.merged.values_list("pk", "name"))
    about = Q(subject_id=row.pk) | Q(subject_id__in=gone, action__endswith=".merged")
    entries = AuditEntry.objects.filter(about, subject_type=row._meta.label_lower, outcome="done")
    found = [(at, action, json.loads(body)) for at, action, body in _newest(entries)]
    names = _names(type(row), (body["change"] for _, _, body in found))
    return [
        Entry(
            at=at,
            post=body["as"],
            subject=gone.get(body["subject"][1], ""),
            action=action,
            changes=_changes(type(row), body["change"], names),
            reason=str(body["note"].get("reason", "")),
        )
        for at, action, body in found
    ]


def _seen(actor: Actor, row: Division | Organisation | Compound) -> bool:
    seen = {Division: divisions_for, Organisation: organisations_for, Compound: compounds_for}[type(row)]
    return seen(actor).filter(pk=row.pk).exists()


def _newest(entries: Any) -> Any:
    return entries.order_by("-id").values_list("at", "action", "body")[:MOST]


def _target(kind: type[Model], field: str) -> type[Model] | None:
    """Return the model behind a field that points to a row."""
    if field not in {found.name for found in kind._meta.get_fields()}:
        return None
    related = kind._meta.get_field(field).related_model
    return related if isinstance(related, type) else None


def _names(kind: type[Model], changes: Iterator[dict[str, list[Any]]]) -> dict[tuple[type[Model], int], str]:
    """Look up the names of all rows that the changes point to, one query a model."""
    wanted: dict[type[Model], set[int]] = {}
    for change in changes:
        for field, pair in change.items():
            if (target := _target(kind, field)) is not None:
                wanted.setdefault(target, set()).update(value for value in pair if isinstance(value, int))
    return {
        (target, pk): name
        for target, pks in wanted.items()
        for pk, name in target._default_manager.filter(pk__in=pks).values_list("pk", "name")
    }


def _changes(
    kind: type[Model], change: dict[str, list[Any]], names: dict[tuple[type[Model], int], str]
) -> tuple[Change, ...]:
    found = []
    for field, pair in change.items():
        target = _target(kind, field)
        before, after = (names.get((target, value), value) if target and value else value for value in pair)
        found.append(Change(field, before, after))
    return tuple(found)
