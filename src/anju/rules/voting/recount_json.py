"""The strict JSON of a recount file: UTF-8, no doubled keys, no fractions or exponents, nothing that two readers could read apart."""

import json
from collections.abc import Callable
from typing import Any

from anju.rules.voting.recount_refusals import BadFile, shown

MAX_BYTES = 50_000_000
_MAX_DIGITS = 15  # every reader, also one in a browser, holds such a number exactly
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def load(data: bytes) -> object:
    """Return the document as plain values. Raises `BadFile`.

    Callers read at most `MAX_BYTES` + 1 bytes, so that an endless source cannot fill the memory.
    """
    if len(data) > MAX_BYTES:
        raise BadFile("too_big")
    if data.startswith(_BYTE_ORDER_MARK):
        raise BadFile("byte_order_mark")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise BadFile("not_utf8") from None
    return parse(text)


def parse(text: str) -> object:
    """Return the values of a text of any length. Raises `BadFile`.

    Every key has its colon. Where a well-formed file has as many keys as the text has colons, no key was doubled; only
    where it has fewer, as with a colon in a name, each object is looked at.
    """
    document = _loads(text, None)
    return document if _keys(document) == text.count(":") else _loads(text, _object)


def _loads(text: str, hook: Callable[[list[tuple[str, object]]], object] | None) -> Any:
    try:
        return json.loads(
            text, object_pairs_hook=hook, parse_int=_whole, parse_float=_fraction, parse_constant=_constant
        )
    except json.JSONDecodeError as error:
        raise BadFile("not_json", value=f"第 {error.lineno} 行第 {error.colno} 个字附近写错了") from None
    except RecursionError:
        raise BadFile("too_deep") from None


def _keys(document: object) -> int:
    """Return how many keys a well-formed file has: its own, those of the totals, and of each line of roll and ballots."""
    if isinstance(document, list):
        return sum(map(_keys, document))
    if not isinstance(document, dict):
        return 0
    lists = [value for value in document.values() if isinstance(value, list)]
    lines = sum(sum(map(len, rows)) for rows in lists if set(map(type, rows)) <= {dict})
    totals = document.get("totals")
    return len(document) + lines + (len(totals) if isinstance(totals, dict) else 0)


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    names = [name for name, _ in pairs]
    raise BadFile("repeated_key", value=next(shown(name) for name in names if names.count(name) > 1))


def _whole(digits: str) -> int:
    if len(digits.lstrip("-")) > _MAX_DIGITS:
        raise BadFile("number_too_big", value=shown(digits))
    return int(digits)


def _fraction(digits: str) -> object:
    raise BadFile("number_not_whole", value=shown(digits))


def _constant(name: str) -> object:
    raise BadFile("not_json", value=f"{name} 不是 JSON 的数")
