"""Addresses held against each other by road and house number: the same place is written in ten ways, and raw text says little."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from anju.rules.lists.text import plain

AGREES, DIFFERS, UNSAID = "agrees", "differs", "unsaid"

_DIVISIONS: Final = re.compile(
    r"[\u4e00-\u9fff]{2,6}?(?:自治[区县]|省|市|县|区|镇|乡|街道)(?=[\u4e00-\u9fff(])(?![大路街巷口])"
)
_ROAD: Final = re.compile(
    r"([\u4e00-\u9fff]{1,8}?(?:大道|大街|路(?!口|段)|街(?!道)|巷|弄)(?:[东南西北中一二三四五六七八九十]+[路街巷里])?)"
    r"[东南西北中]?段?(?:(\d{1,4})(?:[-、]\d+)?号)?"
)
_JOINING: Final = re.compile("[与和及]")
_NEIGHBOUR: Final = 10  # a compound has several gates, and house numbers of one road near each other


class House(NamedTuple):
    """A road named in an address and the number on it, 0 where none is said."""

    road: str
    number: int


def houses_of(address: str) -> tuple[House, ...]:
    """Return the roads that an address names, each with its number: 示例市甲路1号(乙路与丙路交汇处) names three."""
    return tuple(_houses(plain(address))) if address else ()


def _houses(text: str) -> Iterator[House]:
    for part in _JOINING.split(_DIVISIONS.sub(" ", text)):
        for road, number in _ROAD.findall(part):
            yield House(road, int(number or 0))


def address_agreement(one: tuple[House, ...], other: tuple[House, ...]) -> str:
    """Return whether two addresses can be one place.

    They agree where they share a road and neither says another number on it, and differ where they share none or the numbers lie
    apart. An address without a road says nothing.
    """
    if not one or not other:
        return UNSAID
    shared = [(here, there) for here in one for there in other if _same_road(here.road, there.road)]
    return AGREES if any(_near(here.number, there.number) for here, there in shared) else DIFFERS


def is_same_house(one: tuple[House, ...], other: tuple[House, ...]) -> bool:
    """Tell whether two addresses name one house of one road."""
    return any(
        here.number and here.number == there.number and _same_road(here.road, there.road)
        for here in one
        for there in other
    )


def house_key(house: House) -> tuple[str, int]:
    """Return what any two spellings of one house share, to look it up by: the end of its road's name and its number."""
    return house.road[-3:], house.number


def _same_road(one: str, other: str) -> bool:
    """城东甲乙路 is 甲乙路 with the district before it."""
    return one.endswith(other) or other.endswith(one)


def _near(one: int, other: int) -> bool:
    return not one or not other or abs(one - other) <= _NEIGHBOUR
