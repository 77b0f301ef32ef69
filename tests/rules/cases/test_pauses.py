"""The pauses of `workdays/pauses.md`, worked by hand, beside what the engine counts for a case."""

from pathlib import Path

import pytest

from anju.rules.cases.counting import Counting
from anju.rules.cases.workflow import Amount, Unit
from tests.rules.workdays.tables import NOW
from tests.rules.workdays.test_deadlines import LIMIT, moment

TABLE = Path(__file__).parents[1] / "workdays" / "pauses.md"
UNITS = {"小时": Unit.CH, "工作时": Unit.WH, "工作日": Unit.WD, "日": Unit.CD}
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in TABLE.read_text().splitlines()
    if line.startswith("| 2")
]


def amount_of(text: str) -> Amount:
    found = LIMIT.fullmatch(text)
    assert found, text
    return Amount(int(found[1]), UNITS[found[2]])


def test_table_has_pauses_of_every_unit() -> None:
    assert len(ROWS) >= 26
    assert {amount_of(row[1]).unit for row in ROWS} == set(UNITS.values())


@pytest.mark.parametrize("row", ROWS, ids=lambda row: " ".join(row[:3]))
def test_count_end_after_pauses_as_worked_by_hand(row: list[str]) -> None:
    start, limit, pauses, end, unconfirmed, why = row
    counting, amount = Counting(NOW), amount_of(limit)
    due = counting.deadline(moment(start), amount.unit, amount.number)
    for pause in pauses.split("、"):
        since, _, until = pause.partition("～")
        due = counting.resumed(due, moment(since), moment(until), amount.unit)
    assert (due, due in counting.provisional) == (moment(end), bool(unconfirmed)), why
