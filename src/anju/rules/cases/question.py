"""One act held against one case: what every guard is asked."""

from dataclasses import dataclass

from anju.rules.cases.book import Book
from anju.rules.cases.facts import Act, Facts


@dataclass(frozen=True, slots=True)
class Question:
    book: Book
    facts: Facts
    act: Act
