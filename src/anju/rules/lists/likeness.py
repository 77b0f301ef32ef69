"""How much two names of compounds are alike: by what is left without endings and phases, and by the signs in which they differ."""

import re
from typing import Final, NamedTuple

from anju.rules.lists.names import name_key
from anju.rules.lists.text import plain

_ORDINAL: Final = "[0-9a-z一二三四五六七八九十东南西北中]{1,2}"
_MARK: Final = re.compile(rf"第?{_ORDINAL}(?:期(?:工程)?|区|组团|地块)$")
_ENDING: Final = re.compile("(?:住宅)?小区$|住宅区$|花园$|花苑$|苑$")
_BOXED: Final = re.compile(r"[(\[【]([^()\[\]【】]*)[)\]】]")
_PLACE: Final = re.compile(r"\(([^()]*(?:大道|[路街巷号镇乡县]|[\u4e00-\u9fff]{2}区))\)$")
_ORDINALS: Final = re.compile(r"\d+|[a-z一二三四五六七八九十东南西北中]")
_LEAST: Final = 2
_LONG: Final = 5  # signs from which on two differing ones are few


class Stem(NamedTuple):
    """A name without its ending and without marks such as 一期 and 南区, which are kept beside it."""

    text: str
    marks: frozenset[str]


def without_place(name: str) -> tuple[str, str]:
    """Return a name and the place that some lists put in brackets behind it: 示例花园(甲路8号). 示例花园(南区) is all name."""
    found = _PLACE.search(plain(name)) if name.endswith((")", "）")) else None
    if found is None or not found.start() or _MARK.fullmatch(found[1].lower()):
        return name, ""
    return plain(name)[: found.start()], found[1]


def stem_of(name: str) -> Stem:
    """Return the stem of a name: of 示例花园一期 and of 示例小区 it is 示例. At least two signs are left."""
    bare = plain(name)
    marks = {name_key(mark) for mark in _BOXED.findall(bare)} if "(" in bare or "[" in bare or "【" in bare else set()
    text = name_key(_BOXED.sub("", bare) if marks else bare)
    while (found := _MARK.search(text) or _ENDING.search(text)) and found.start() >= _LEAST:
        if found.re is _MARK:
            marks.add(found[0])
        text = text[: found.start()]
    return Stem(text, frozenset(marks))


def is_one_phase(one: Stem, other: Stem) -> bool:
    """Tell whether neither name says a phase or part that the other denies: 一期 and 二期 are two compounds."""
    return not one.marks or not other.marks or bool(one.marks & other.marks)


def differing(one: str, other: str) -> int | None:
    """Return in how many signs two keys differ, 1 or 2; None where they are equal, differ in more, or number or place differs.

    Two signs are few only in names of five and more. 甲1号院 and 甲2号院, 东苑 and 西苑 are different on purpose.
    """
    if abs(len(one) - len(other)) > 2 or one == other or len({*one} ^ {*other}) > 4:
        return None
    if _ORDINALS.findall(one) != _ORDINALS.findall(other):
        return None
    shorter = min(len(one), len(other))
    count = _distance(one, other)
    return count if count <= (2 if shorter >= _LONG else 1) and shorter > count + 1 else None


def contains(one: str, other: str) -> bool:
    """Tell whether one stem holds the other whole."""
    return min(len(one), len(other)) >= _LEAST and (one in other or other in one)


def _distance(one: str, other: str) -> int:
    """The distance of Levenshtein; names are short."""
    row = list(range(len(other) + 1))
    for at, sign in enumerate(one, start=1):
        before, row = row, [at]
        for to, there in enumerate(other, start=1):
            row.append(min(row[-1] + 1, before[to] + 1, before[to - 1] + (sign != there)))
    return row[-1]
