"""问题清单 as a workbook: what people wrote stays text, also where it begins as a formula does."""

import io
import zipfile

import pytest

from anju.base.sheets import open_book
from anju.cases.queries.ledger import Problem
from anju.papers.problems import problem_workbook

FORMULAS = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "＝1+1",
    "＋1+1",
    "－1+1",
    "＠SUM(A1)",
    "=HYPERLINK(1)",
)


@pytest.mark.parametrize("text", FORMULAS)
def test_problem_workbook_calculates_nothing(text: str) -> None:
    one = Problem(
        pk=1, number="示例1号", compound=text, compound_pk=1, problem=text, source="resident", unit=text, due=None, provisional=False,
        measures=text, progress=text, struck_on=None, verifier=text, late=False,
    )  # fmt: skip
    content = b"".join(problem_workbook([one]))
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in sheet
    assert b"<f " not in sheet
    row = list(open_book(io.BytesIO(content)).sheets[0].rows())[1]
    assert [cell for cell in row if isinstance(cell, str)].count(text.strip()) == 6
