"""Pinyin of names, stored because no database we run on can sort or search Chinese by sound.

The dictionary takes 58 MB of a process, so it is loaded with the first name that a process writes, not with the program.
"""

from typing import NamedTuple

MAX_PINYIN, MAX_INITIALS = 400, 100


class Spelling(NamedTuple):
    pinyin: str
    initials: str


def spell(name: str) -> Spelling:
    """Return the syllables run together, each with a capital, and their first letters; punctuation goes.

    A capital sorts before any small letter, so 李 (Li) stands before 林 (Lin) whatever follows. Search without regard to case.
    """
    from pypinyin import Style, lazy_pinyin

    return Spelling(
        _joined([part.capitalize() for part in lazy_pinyin(name)])[:MAX_PINYIN],
        _joined(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()[:MAX_INITIALS],
    )


def _joined(parts: list[str]) -> str:
    return "".join(sign for part in parts for sign in part if sign.isalnum())
