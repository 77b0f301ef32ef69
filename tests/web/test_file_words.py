"""Every reason for refusing a file has its Chinese sentence, and no sentence is left over."""

import ast
import re

from anju.base.sheet_faults import BadSheet
from anju.web.files import FILE_WORDS
from anju.web.people.words import SHEETS as STAFF_WORDS
from anju.web.recount.words import SHEETS as RECOUNT_WORDS
from anju.web.sheet_words import SHEET_WORDS, said_sheet
from tests.house.source import calls, modules


def codes(name: str, *below: str) -> set[str]:
    return {
        str(part.value)
        for _, tree in modules(*below)
        for call in calls(tree, name)
        for part in ast.walk(call)
        if isinstance(part, ast.Constant) and isinstance(part.value, str) and re.fullmatch("[a-z0-9_]{4,}", part.value)
    }


def test_refused_table_has_words() -> None:
    assert set(SHEET_WORDS) == codes("BadSheet", "base")
    assert set(SHEET_WORDS) <= set(STAFF_WORDS)
    assert set(SHEET_WORDS) <= set(RECOUNT_WORDS)
    assert codes("BadSheet") <= set(STAFF_WORDS) | set(RECOUNT_WORDS)


def test_refused_file_has_words() -> None:
    assert codes("BadFile", "base") == set(FILE_WORDS)


def test_refused_table_names_its_row() -> None:
    assert said_sheet(BadSheet("cell_too_long", 7)).startswith("第 7 行：")
    assert said_sheet(BadSheet("empty")) == "文件里没有内容。"
