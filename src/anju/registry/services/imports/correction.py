"""The list for correction: every doubtful or refused row and reason, with the row's own columns, so that it can come back mended."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final

from anju.registry.models import ListImport
from anju.registry.queries.catalogue import catalogue_here
from anju.registry.queries.imports import amiss_rows, file_content
from anju.registry.services.imports.opening import header_of
from anju.registry.services.imports.sheets import CORRECTION, list_sheet
from anju.rules.lists.catalogue import Catalogue
from anju.rules.lists.text import cell_text

AGAIN: Final = "续"


def correction_rows(row: ListImport, say: Callable[[Sequence[Any], Catalogue], tuple[str, str]]) -> Iterator[list[str]]:
    """Yield the heading and then one line a reason. `say` puts a doubt into words: its column and its sentence.

    The row's own columns stand on its first line; a further line of the same row is marked 续 and is not read when it comes back.
    """
    catalogue = catalogue_here()
    sheet = list_sheet(file_content(row), catalogue, {}, header_of(row.header))
    headings = [column["heading"] for column in row.header["columns"]]
    own = headings[len(CORRECTION) :] if is_correction(headings) else headings
    yield [*CORRECTION, *own]
    source = sheet.rows()
    for amiss in amiss_rows(row):
        cells = next((cells for line, cells in source if line == amiss["line"]), ())
        texts = [cell_text(cell) for cell in cells][len(headings) - len(own) : len(headings)]
        for number, doubt in enumerate(amiss["doubts"]):
            column, sentence = say(doubt, catalogue)
            mark = AGAIN if number else ""
            beside = texts if number == 0 else []
            yield [str(amiss["line"]), amiss["name"], column, doubt[1], sentence, mark, *beside]


def is_correction(headings: Sequence[str]) -> bool:
    return tuple(headings[: len(CORRECTION)]) == CORRECTION
