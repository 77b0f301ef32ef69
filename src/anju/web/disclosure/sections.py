"""The sections and acts of a compound's public card. The card shows what is listed here and knows none of it: a later app adds one line."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.http import HttpRequest
from django.utils.module_loading import import_string

from anju.disclosure.queries.cards import PublicCard
from anju.web.disclosure.words import grouped, public_line

# Dotted paths of functions `(request, card) -> sections`, in the order in which their sections stand.
CARD_SECTIONS: tuple[str, ...] = ("anju.web.disclosure.sections.facts", "anju.web.disclosure.sections.offices")
# Dotted paths of functions `(request, card) -> acts`: what a citizen can do here, such as 报告问题. They stand above the sections.
CARD_ACTS: tuple[str, ...] = ("anju.web.citizen.acts.acts",)


@dataclass(frozen=True, slots=True)
class CardSection:
    """One section: a template that is given `values`. Everything in it must be public already."""

    template: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CardAct:
    """One large choice: a verb, a sentence, where it leads; at most one act of a card is `primary`."""

    title: str
    text: str
    url: str
    icon: str = ""
    primary: bool = False


def facts(request: HttpRequest, card: PublicCard) -> Iterator[CardSection]:
    for code, heading, lines in grouped([public_line(line) for line in card.lines]):
        values = {"code": code, "heading": heading, "lines": lines, "card": card}
        yield CardSection("disclosure/sections/facts.html", values)


def offices(request: HttpRequest, card: PublicCard) -> Iterator[CardSection]:
    yield CardSection("disclosure/sections/offices.html", {"card": card})


def sections_of(request: HttpRequest, card: PublicCard) -> list[CardSection]:
    return [section for build in _all(CARD_SECTIONS) for section in build(request, card)]


def acts_of(request: HttpRequest, card: PublicCard) -> list[CardAct]:
    return [act for build in _all(CARD_ACTS) for act in build(request, card)]


Builder = Callable[[HttpRequest, PublicCard], Iterable[Any]]


@cache
def _all(paths: tuple[str, ...]) -> list[Builder]:
    return [import_string(path) for path in paths]
