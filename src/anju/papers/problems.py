"""问题清单 in the county's form: the columns once, for the screen, the workbook and the page of paper."""

from collections.abc import Iterable, Iterator
from datetime import date

from anju.base.sheet_export import Column, Value, stream_workbook
from anju.cases.queries.ledger import Problem
from anju.cases.services.filing import SOURCES
from anju.papers.typeset import pdf

MOST_ON_PAPER = 1000
COLUMNS = (
    Column("序号", 6),
    Column("编号", 18),
    Column("小区", 20, wrap=True),
    Column("问题", 46, wrap=True),
    Column("来源", 14),
    Column("责任单位", 20, wrap=True),
    Column("整改时限", 12),
    Column("整改措施", 40, wrap=True),
    Column("完成情况", 14),
    Column("销号日期", 12),
    Column("核查人", 26, wrap=True),
)


def source_words(problem: Problem) -> str:
    return SOURCES.get(problem.source, problem.source)


def problem_workbook(problems: Iterable[Problem]) -> Iterator[bytes]:
    """Yield the list as an .xlsx."""
    return stream_workbook("问题清单", COLUMNS, (_cells(place, one) for place, one in enumerate(problems, 1)))


def _cells(place: int, one: Problem) -> list[Value]:
    return [
        place,
        one.number,
        one.compound,
        one.problem,
        source_words(one),
        one.unit,
        one.due,
        one.measures,
        _progress(one),
        one.struck_on,
        one.verifier,
    ]


def _progress(one: Problem) -> str:
    return f"{one.progress}（逾期）" if one.late else one.progress


def problems_pdf(problems: Iterable[Problem], *, about: str, county: str, on: date, trial: bool) -> bytes:
    """Return the list on A4 lying. `about` says what was chosen."""
    rows = [
        [
            str(place),
            one.number,
            one.compound,
            one.problem,
            source_words(one),
            one.unit,
            str(one.due or ""),
            one.measures,
            _progress(one),
            str(one.struck_on or ""),
            one.verifier,
        ]
        for place, one in enumerate(problems, 1)
    ]
    data = {
        "county": county,
        "about": about,
        "printed": str(on),
        "heads": [one.heading for one in COLUMNS],
        "rows": rows,
    }
    return pdf("problems.typ", data, trial=trial)
