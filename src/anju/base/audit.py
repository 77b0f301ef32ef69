"""The audit trail: one entry for each act, written in the transaction of the act and sealed into a chain at commit."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.db.models import Exists, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from anju.base.actor import Actor
from anju.base.keyset import keyset
from anju.base.models import AuditEntry, AuditLink
from anju.rules import chain

CONCEALED = "●"
Change = Mapping[str, tuple[object, object]]


@dataclass(frozen=True, slots=True)
class Entry:
    """One act as it is told. `change` maps a field to (before, after), already free of personal data: see `difference`."""

    action: str
    subject: models.Model | None = None
    change: Change | None = None
    note: Mapping[str, object] | None = None
    outcome: str = "done"


def record(
    *,
    actor: Actor,
    action: str,
    at: datetime,
    subject: models.Model | None = None,
    change: Change | None = None,
    note: Mapping[str, object] | None = None,
    outcome: str = "done",
) -> None:
    """Write one entry."""
    record_all(actor=actor, entries=[Entry(action, subject, change, note, outcome)], at=at)


def record_all(*, actor: Actor, entries: Iterable[Entry], at: datetime) -> None:
    """Write the entries of an act upon many things, in their order."""
    AuditEntry.objects.bulk_create(_row(actor, entry, at) for entry in entries)


def _row(actor: Actor, entry: Entry, at: datetime) -> AuditEntry:
    subject = entry.subject
    body: dict[str, object] = {
        "at": at.isoformat(),
        "action": entry.action,
        "outcome": entry.outcome,
        "user": actor.user_id,
        "post": actor.post_id,
        "as": actor.post_name or actor.role,
        "subject": [subject._meta.label_lower, subject.pk] if subject else None,
        "change": {key: list(pair) for key, pair in (entry.change or {}).items()},
        "note": dict(entry.note or {}),
    }
    return AuditEntry(
        at=at,
        action=entry.action,
        outcome=entry.outcome,
        user_id=actor.user_id,
        post_id=actor.post_id,
        subject_type=subject._meta.label_lower if subject else "",
        subject_id=subject.pk if subject else None,
        body=chain.canonical(body),
    )


def snapshot(row: models.Model, fields: tuple[str, ...]) -> dict[str, object]:
    """Return the plain values of `fields` for a later `difference`; a relation is its key."""
    columns = {field.name: field.attname for field in row._meta.concrete_fields}
    return {name: _plain(getattr(row, columns[name])) for name in fields}


def difference(
    before: Mapping[str, object],
    after: Mapping[str, object],
    *,
    personal: frozenset[str] = frozenset(),
) -> dict[str, tuple[object, object]]:
    """Return what changed, field by field; personal fields show only that they changed."""
    changed = {key: (before.get(key), after[key]) for key in after if before.get(key) != after[key]}
    return {key: (CONCEALED, CONCEALED) if key in personal else pair for key, pair in changed.items()}


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, str | int | bool) else str(value)


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with the trail: `code` is gap, forked, altered, unsealed or untrue_column."""

    code: str
    seq: int | None = None
    entry_id: int | None = None


def verify_chain() -> list[Problem]:
    """Walk the whole trail and return what is wrong, the first bad entry first. Empty: it holds.

    Checks the chain itself, that each entry is in it, and that the searchable columns say what the sealed body says.
    """
    broken = chain.first_break(_sealed())
    problems = [Problem(broken.reason, seq=broken.seq, entry_id=_entry_at(broken.seq))] if broken else []
    problems += [Problem("unsealed", entry_id=entry) for entry in _unsealed()]
    return problems + [Problem("untrue_column", entry_id=entry) for entry in _untrue()]


def chain_head() -> tuple[int, str]:
    """Return the length of the chain and its last digest."""
    last = AuditLink.objects.order_by("-seq").values_list("seq", "digest").first()
    return last or (0, chain.GENESIS)


def _sealed() -> Iterator[chain.Sealed]:
    bodies = AuditEntry.objects.filter(id=OuterRef("entry_id")).values("body")
    links = AuditLink.objects.annotate(body=Coalesce(Subquery(bodies), Value("", models.TextField())))
    for row in keyset(links.values_list("seq", "body", "previous", "digest"), "seq"):
        yield chain.Sealed(*row)


def _entry_at(seq: int) -> int | None:
    return AuditLink.objects.filter(seq=seq).values_list("entry_id", flat=True).first()


def _unsealed() -> list[int]:
    links = AuditLink.objects.filter(entry_id=OuterRef("id"))
    return list(AuditEntry.objects.filter(~Exists(links)).order_by("id").values_list("id", flat=True)[:100])


def _untrue() -> Iterator[int]:
    columns = (
        "at",
        "action",
        "outcome",
        "user_id",
        "post_id",
        "subject_type",
        "subject_id",
    )
    for entry, body, at, *rest in keyset(AuditEntry.objects.values_list("id", "body", *columns), "id"):
        if _as_columns(body) != [at, *rest]:
            yield entry


def _as_columns(body: str) -> list[object] | None:
    """Return what the columns of a body must say, or None where the body is not one of ours."""
    try:
        said = json.loads(body)
        subject = said["subject"] or ["", None]
        moment = datetime.fromisoformat(said["at"])
        return [
            moment,
            said["action"],
            said["outcome"],
            said["user"],
            said["post"],
            *subject,
        ]
    except (ValueError, KeyError, TypeError):
        return None
