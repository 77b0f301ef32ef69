"""Any character of any sealed row that is changed is noticed, and the first bad entry is named."""

import random
from typing import Any

from anju.rules.chain import GENESIS, Sealed, canonical, first_break, link

SHORT, LONG = 200, 20_000


def run(flips: int, seed: int = 20261124) -> dict[str, Any]:
    """Change one thing `flips` times in chains of up to 50 entries; count what went unnoticed or was named wrongly."""
    chance = random.Random(seed)
    missed = sum(not _noticed(chance) for _ in range(flips))
    return {"flips": flips, "missed": missed, "passed": missed == 0}


def _noticed(chance: random.Random) -> bool:
    rows = _chain(chance)
    at = chance.randrange(len(rows))
    bent = _bend(rows[at], chance)
    found = first_break([*rows[:at], bent, *rows[at + 1 :]])
    return found is not None and found.seq == at + 1


def _chain(chance: random.Random) -> list[Sealed]:
    rows, previous = [], GENESIS
    for seq in range(1, chance.randint(2, 50)):
        body = canonical({"number": chance.getrandbits(40), "note": chance.choice("甲乙丙丁𠮷䶮")})
        rows.append(Sealed(seq, body, previous, link(previous, body)))
        previous = rows[-1].digest
    return rows


def _bend(row: Sealed, chance: random.Random) -> Sealed:
    field = chance.choice(("body", "previous", "digest"))
    text = str(getattr(row, field))
    spot = chance.randrange(len(text))
    other = chance.choice([mark for mark in "0123456789abcdef" if mark != text[spot]])
    changed = text[:spot] + other + text[spot + 1 :]
    values = {
        "body": row.body,
        "previous": row.previous,
        "digest": row.digest,
        field: changed,
    }
    return Sealed(row.seq, **values)
