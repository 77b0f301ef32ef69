"""The hash chain of the audit trail, so that anyone can walk it without the database.

link = sha256(previous link as 32 bytes || body as UTF-8), beginning from 32 zero bytes.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

GENESIS = "0" * 64


@dataclass(frozen=True, slots=True)
class Sealed:
    """One entry with its place in the chain, as read from the store."""

    seq: int
    body: str
    previous: str
    digest: str


@dataclass(frozen=True, slots=True)
class Break:
    """The first place where the chain does not hold. `reason` is one of gap, forked, altered."""

    seq: int
    reason: str


def canonical(body: Mapping[str, object]) -> str:
    """Return the one text of a body: JSON with sorted keys, no spaces, characters as they are."""
    return json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def link(previous: str, body: str) -> str:
    """Return the digest (64 hex digits) that seals `body` behind `previous`."""
    return hashlib.sha256(bytes.fromhex(previous) + body.encode()).hexdigest()


def first_break(entries: Iterable[Sealed]) -> Break | None:
    """Walk entries in order of `seq` (from 1, without holes) and return the first that does not fit, or None."""
    previous = GENESIS
    for expected, entry in enumerate(entries, start=1):
        if entry.seq != expected:
            return Break(expected, "gap")
        if entry.previous != previous:
            return Break(entry.seq, "forked")
        if link(previous, entry.body) != entry.digest:
            return Break(entry.seq, "altered")
        previous = entry.digest
    return None
