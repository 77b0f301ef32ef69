"""Pinyin of names, stored because no database we run on can sort or search Chinese by sound.

The dictionary takes 58 MB of a process, so it is loaded with the first name that a process writes, not with the program.
"""

from functools import cache, lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pypinyin.core import Pinyin

MAX_PINYIN, MAX_INITIALS = 400, 100


class Spelling(NamedTuple):
    pinyin: str
    initials: str


def spell(name: str) -> Spelling:
    """Return the syllables run together, each with a capital, and their first letters; punctuation goes.

    A capital sorts before any small letter, so 李 (Li) stands before 林 (Lin) whatever follows. Search without regard to case.
    """
    words = [_spelled(word) for word in _words(name)]
    return Spelling(
        "".join(word.pinyin for word in words)[:MAX_PINYIN], "".join(word.initials for word in words)[:MAX_INITIALS]
    )


@cache
def _dictionary() -> "Pinyin":
    from pypinyin.core import Pinyin

    return Pinyin()


def _words(name: str) -> list[str]:
    """The name cut into the words whose sound the dictionary knows: 银行 and 行 sound differently."""
    return list(_dictionary().seg(name))


@lru_cache(maxsize=50_000)
def _spelled(word: str) -> Spelling:
    """Names of compounds are made of few words, so that each is looked up once."""
    from pypinyin import Style

    sound = _dictionary().lazy_pinyin
    parts, letters = sound(word), sound(word, style=Style.FIRST_LETTER)
    return Spelling(_joined([part.capitalize() for part in parts]), _joined(letters).lower())


def _joined(parts: list[str]) -> str:
    return "".join(sign for part in parts for sign in part if sign.isalnum())
