"""Entries of the trail as a reader meets them: names in place of ids, words in place of codes."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from anju.accounts.queries.naming import Subject, names_of_people, names_of_subjects
from anju.base.actor import Actor
from anju.base.models import AuditEntry, AuditLink
from anju.web.trail.words import FIELDS, NOTES, OUTCOMES, field_of, said_action, said_subject, said_value


@dataclass(frozen=True, slots=True)
class Line:
    """One entry in the list. `subject_key` finds everything about the same row."""

    pk: int
    at: datetime
    who: str
    post: str
    action: str
    subject_kind: str
    subject: str
    subject_key: str
    outcome: str
    refused: bool


@dataclass(frozen=True, slots=True)
class Said:
    """One field before and after, in words."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Detail:
    """One entry opened: its line, what changed, what was noted, and how it is sealed."""

    line: Line
    changes: list[Said]
    notes: list[tuple[str, str]]
    seq: int | None
    digest: str
    body: str


def lines(actor: Actor, rows: Iterable[AuditEntry]) -> list[Line]:
    """Return the lines of a page, with two more queries for people and one a kind of subject."""
    entries = list(rows)
    people = names_of_people(actor, (entry.user_id for entry in entries))
    subjects = names_of_subjects(actor, (key for entry in entries if (key := _subject(entry))))
    return [_line(entry, people, subjects) for entry in entries]


def detail(actor: Actor, entry: AuditEntry) -> Detail:
    body = _read(entry.body)
    link = AuditLink.objects.filter(entry_id=entry.pk).first()
    return Detail(
        line=lines(actor, [entry])[0],
        changes=list(_changes(actor, entry.subject_type, body.get("change") or {})),
        notes=list(_notes(entry.subject_type, body.get("note") or {})),
        seq=link.seq if link else None,
        digest=link.digest if link else "",
        body=json.dumps(body, ensure_ascii=False, indent=2),
    )


def _line(entry: AuditEntry, people: dict[int, str], subjects: dict[Subject, str]) -> Line:
    key = _subject(entry)
    return Line(
        pk=entry.pk,
        at=entry.at,
        who=_who(entry, people),
        post=_post(entry),
        action=said_action(entry.action),
        subject_kind=said_subject(entry.subject_type) if key else "",
        subject=(subjects.get(key) or f"第 {key[1]} 号") if key else "",
        subject_key=f"{key[0]}:{key[1]}" if key else "",
        outcome=OUTCOMES[entry.outcome],
        refused=entry.outcome == "refused",
    )


def _who(entry: AuditEntry, people: dict[int, str]) -> str:
    if entry.user_id is not None:
        return people.get(entry.user_id) or f"第 {entry.user_id} 号人员"
    return "系统" if _read(entry.body).get("as") == "system" else "未登录的人"


def _post(entry: AuditEntry) -> str:
    said = _read(entry.body).get("as")
    return str(said) if entry.user_id is not None and said else ""


def _subject(entry: AuditEntry) -> Subject | None:
    return (entry.subject_type, entry.subject_id) if entry.subject_id is not None else None


def _changes(actor: Actor, kind: str, change: dict[str, list[Any]]) -> Iterator[Said]:
    names = names_of_subjects(actor, _pointed_at(kind, change))
    for field, (before, after) in change.items():
        yield Said(FIELDS.get(field, field), _value(kind, field, before, names), _value(kind, field, after, names))


def _pointed_at(kind: str, change: dict[str, list[Any]]) -> Iterator[Subject]:
    for field, pair in change.items():
        if target := _target(kind, field):
            yield from ((target, value) for value in pair if isinstance(value, int))


def _value(kind: str, field: str, value: Any, names: dict[Subject, str]) -> str:
    target = _target(kind, field)
    if target and isinstance(value, int):
        return names.get((target, value)) or f"第 {value} 号"
    return said_value(kind, field, value)


def _target(kind: str, field: str) -> str:
    found = field_of(kind, field)
    related = found.related_model if found is not None and found.is_relation else None
    return related._meta.label_lower if related is not None and not isinstance(related, str) else ""


def _notes(kind: str, note: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in note.items():
        yield NOTES.get(key) or FIELDS.get(key, key), said_value(kind, key, value)


def _read(body: str) -> dict[str, Any]:
    """A body somebody bent must still be shown, so that one sees that it was bent."""
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
