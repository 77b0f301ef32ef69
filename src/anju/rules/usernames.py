"""What a person signs in with: small letters of the plain alphabet, so that it can be read over the telephone."""

import re
from collections.abc import Container

LONGEST = 30
_FORM = re.compile(rf"[a-z][a-z0-9._-]{{1,{LONGEST - 1}}}")


def is_username(text: str) -> bool:
    """Two to thirty signs: a small letter first, then letters, digits, dot, underline or hyphen."""
    return _FORM.fullmatch(text) is not None


def suggest_username(pinyin: str, taken: Container[str]) -> str:
    """Return a free name from a person's name in pinyin: chenjingban, then chenjingban2 ..."""
    spelled = re.sub("[^a-z]", "", pinyin.lower())[: LONGEST - 4]
    base = spelled if len(spelled) > 1 else f"user{spelled}"
    number = 1
    while (name := base if number == 1 else f"{base}{number}") in taken:
        number += 1
    return name
