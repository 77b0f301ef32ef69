"""Generated assemblies: recount files whose figures sit on the thresholds of the law, or one unit to either side."""

import json
import random
from typing import Any

Document = dict[str, Any]
THRESHOLDS = ((2, 3), (1, 2), (3, 4))
FIELDS = ("heads", "area", "participating_heads", "participating_area", "agree_heads", "agree_area")


def document(rng: random.Random) -> Document:
    """Return one file: totals (some figures unknown) or a roll with ballots."""
    head: Document = {
        "format": "anju-recount/1",
        "matter": rng.choice(("ordinary", "special")),
        "profile": rng.choice(("civil-code-278",) * 4 + ("regulation-2018",)),
        "silent_counts_with_majority": rng.random() < 0.25,
        "invalid_participates": rng.random() < 0.25,
    }
    return head | (_totals(rng) if rng.random() < 0.6 else _roll(rng))


def near(rng: random.Random, whole: int) -> int:
    """Return a number within `whole`, mostly on a threshold of it or one beside."""
    if rng.random() < 0.15:
        return rng.randint(0, whole)
    if rng.random() < 0.25:
        return whole
    numerator, denominator = rng.choice(THRESHOLDS)
    return min(whole, max(0, whole * numerator // denominator + rng.choice((-1, 0, 0, 1, 1))))


def written(rng: random.Random, area: int, decimals: int) -> str:
    """Return an area as one of the ways to write it: zeros at the end may be left away, zeros in front may stand."""
    digits = str(area).zfill(decimals + 1)
    text = f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits
    if decimals and rng.random() < 0.3:
        text = text.rstrip("0").rstrip(".")
    return f"0{text}" if rng.random() < 0.02 else text


def _totals(rng: random.Random) -> Document:
    decimals = rng.choice((0, 1, 2, 2, 2, 3, 6))
    heads = rng.choice((rng.randint(0, 12), rng.randint(1, 40), rng.randint(1, 5000), 12 * rng.randint(1, 400)))
    area = rng.randint(0, 10 ** rng.randint(1, 9)) * rng.choice((1, 12))
    took_heads, took_area = near(rng, heads), near(rng, area)
    figures: Document = {
        "heads": heads,
        "area": written(rng, area, decimals),
        "participating_heads": took_heads,
        "participating_area": written(rng, took_area, decimals),
        "agree_heads": near(rng, took_heads),
        "agree_area": written(rng, near(rng, took_area), decimals),
    }
    for name in rng.sample(FIELDS, rng.choice((0,) * 12 + (1, 1, 2, 6))):
        figures[name] = None
        if rng.random() < 0.3:
            del figures[name]
    return {"totals": figures}


def _roll(rng: random.Random) -> Document:
    decimals = rng.choice((0, 2, 2, 2, 3, 5))
    voters = rng.choice((0, rng.randint(1, 6), 12, rng.randint(1, 48)))
    took = near(rng, voters)
    agree = near(rng, took)
    others = [rng.choice(("oppose", "oppose", "abstain")) for _ in range(took - agree)]
    away = [rng.choice(("silent", "silent", "invalid", "none")) for _ in range(voters - took)]
    choices = ["agree"] * agree + others + away
    areas = _areas(rng, choices, voters * 12 * rng.randint(0, 10 ** rng.randint(1, 4)))
    names = [f"v{number}" for number in range(voters)]
    roll = [
        {"unit": f"{name}-{number}", "area": written(rng, part, decimals), "voter": name}
        for name, area in zip(names, areas, strict=True)
        for number, part in enumerate(_split(rng, area, rng.choice((1, 1, 1, 2, 3))))
    ]
    ballots = [
        {"voter": name, "choice": choice} for name, choice in zip(names, choices, strict=True) if choice != "none"
    ]
    rng.shuffle(roll)
    rng.shuffle(ballots)
    return {"roll": roll, "ballots": ballots}


def _areas(rng: random.Random, choices: list[str], total: int) -> list[int]:
    """Give each voter an area so that the sums by choice sit near the thresholds of the area."""
    took = near(rng, total)
    agree = near(rng, took)
    groups = [[place for place, choice in enumerate(choices) if choice in kind] for kind in KINDS]
    areas = [0] * len(choices)
    for places, area in zip(groups, (agree, took - agree, total - took), strict=True):
        for place, part in zip(places, _split(rng, area, len(places)), strict=True):
            areas[place] = part
    return areas


KINDS = (("agree",), ("oppose", "abstain"), ("silent", "invalid", "none"))


def _split(rng: random.Random, whole: int, parts: int) -> list[int]:
    if parts == 0:
        return []
    cuts = sorted(rng.randint(0, whole) for _ in range(parts - 1))
    return [high - low for low, high in zip([0, *cuts], [*cuts, whole], strict=True)]


def spoiled(rng: random.Random) -> bytes:
    """Return a file with one thing wrong with it, as text or as bytes."""
    good = document(rng)
    return rng.choice(SPOILERS)(rng, good)


def _set(**fields: object) -> Any:
    return lambda _rng, good: _bytes(good | fields)


def _bytes(document: object) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()


def _odd_total(rng: random.Random, good: Document) -> bytes:
    figures = {"heads": 10, "area": "100", "participating_heads": 8, "participating_area": "80"}
    odd: Any = rng.choice(
        (-1, True, "10", 1e9, 10**15, [], "1e2", "１０", "1,0", "+1", ".5", "5.", " 5", "-3", "", "90.5.1", {})
    )
    name = rng.choice((*figures, "agree_heads", "agree_area"))
    ceiling = {"participating_heads": 11, "participating_area": "100.001", "agree_heads": 9, "agree_area": "80.01"}
    value = ceiling.get(name, odd) if rng.random() < 0.3 else odd
    head = {key: good[key] for key in ("format", "matter", "profile")}
    return _bytes(head | {"totals": figures | {name: value}})


def _odd_row(rng: random.Random, good: Document) -> bytes:
    head = {key: good[key] for key in ("format", "matter", "profile")}
    rows: list[Any] = [{"unit": f"u{n}", "area": "10.5", "voter": f"v{n}"} for n in range(4)]
    ballots: list[Any] = [{"voter": f"v{n}", "choice": "agree"} for n in range(4)]
    target, name = rng.choice(
        ((rows, "unit"), (rows, "area"), (rows, "voter"), (ballots, "voter"), (ballots, "choice"))
    )
    odd: Any = rng.choice(
        ("", " v1", "v1 ", "u\x00", "\u200bv", "x" * 201, None, 7, [], "-1", "Agree", "v1\u2028", "\u3000", "nan")
    )
    row = dict(target[2])
    if rng.random() < 0.2:
        row["extra"] = 1
    elif rng.random() < 0.2:
        del row[name]
    else:
        row[name] = odd if rng.random() < 0.7 else target[1][name]
    target[2] = row if rng.random() < 0.95 else rng.choice(NO_ROWS)
    return json.dumps(
        head | {"roll": rows, "ballots": ballots}
    ).encode()  # escapes, so that any odd text can be written


def _odd_bytes(rng: random.Random, good: Document) -> bytes:
    text = _bytes(good)
    at = rng.randrange(len(text))
    return rng.choice(
        (
            b"\xef\xbb\xbf" + text,
            text.replace(b'"matter"', b'"format": "anju-recount/1", "matter"', 1),
            text[:at],
            text + b"}",
            b"\xff" + text,
            text.replace(b"false", b"NaN").replace(b"true", b"-Infinity"),
            b"[" * 200_000,
            text.replace(b'"format"', b"'format'"),
            text[:-1] + b",}",
            b"",
            b"[]",
            b"null",
            b"[" + text,
            text.replace(b": ", b": \x00", 1),
        )
    )


NO_ROWS: tuple[Any, ...] = (None, 3, [], "x")
SPOILERS = (
    _set(format="anju-recount/2"),
    _set(format=None),
    _set(matter="Special"),
    _set(matter=["special"]),
    _set(profile="civil-code"),
    _set(profile=None),
    _set(invalid_participates=0),
    _set(silent_counts_with_majority="false"),
    _set(title="x"),
    _set(totals={}, roll=[], ballots=[]),
    _set(totals=None, roll=None),
    _set(ballots={}),
    _odd_total,
    _odd_total,
    _odd_row,
    _odd_row,
    _odd_row,
    _odd_bytes,
    _odd_bytes,
)
