"""The acts about one place in words, newest first."""

from collections.abc import Mapping
from typing import Any

from anju.places.queries.history import Change, Entry
from anju.web.trail.words import FIELDS, said_action, said_value

_QUIET = frozenset({"valid_from", "merged_into", "level", "awaiting"})


def timeline(kind: str, entries: list[Entry], labels: Mapping[str, str] = FIELDS) -> list[dict[str, Any]]:
    """Return the entries as `parts/timeline.html` shows them."""
    return [{"at": entry.at, "text": _text(entry), "note": _note(kind, entry, labels)} for entry in entries]


def _text(entry: Entry) -> str:
    by = "系统" if entry.post == "system" else entry.post
    what = f"{said_action(entry.action)}：{entry.subject}" if entry.subject else said_action(entry.action)
    return f"{what}（{by}）" if by else what


def _note(kind: str, entry: Entry, labels: Mapping[str, str]) -> str:
    told = [_changed(kind, change, labels) for change in entry.changes if _worth_telling(entry, change)]
    return "；".join([*told, *([f"原因：{entry.reason}"] if entry.reason else [])])


def _worth_telling(entry: Entry, change: Change) -> bool:
    if change.field == "merged_into":
        return change.after is not None
    return change.field not in _QUIET and (change.before or change.after) not in (None, "")


def _changed(kind: str, change: Change, labels: Mapping[str, str]) -> str:
    label = labels.get(change.field, change.field)
    after = said_value(kind, change.field, change.after)
    if change.before in (None, ""):
        return f"{label}：{after}"
    return f"{label}：{said_value(kind, change.field, change.before)} → {after}"
