from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anju.rules.staff_list import COLUMNS, Header, StaffRow, find_header, read_staff

HEADINGS = ["姓名", "用户名", "手机号", "单位", "岗位", "小区/区划", "起始日期"]
HEADER = Header(1, {key: place for place, key in enumerate(COLUMNS)}, ())


def read(*cells: str | float | date) -> StaffRow:
    return read_staff([HEADINGS, list(cells)], HEADER)[0]


def test_find_header_of_the_template() -> None:
    assert find_header([HEADINGS]) == HEADER


def test_find_header_below_a_title_under_other_names() -> None:
    rows = [["示例县物业管理人员名册"], [], ["序号", "姓 名*", "联系电话（必填）", "所在单位", "备注"]]
    header = find_header(rows)
    assert header is not None
    assert (header.line, dict(header.columns), header.unknown) == (
        3,
        {"name": 1, "phone": 2, "unit": 3},
        ("序号", "备注"),
    )


def test_find_header_passes_over_an_empty_cell() -> None:
    header = find_header([["", "姓名", "  ", "手机号"]])
    assert header == Header(1, {"name": 1, "phone": 3}, ())


@pytest.mark.parametrize("rows", [[], [["姓名"]], [["电话", "单位"]], [["x"]] * 20 + [HEADINGS]])
def test_find_header_where_there_is_none(rows: list[list[str]]) -> None:
    assert find_header(rows) is None


def test_heading_means_one_column_only() -> None:
    names = [name for names in COLUMNS.values() for name in names]
    assert len(names) == len(set(names))


def test_read_line() -> None:
    row = read(" 陈  示例 ", "Chen", "135 0000 0000", "县住建局", "社区(村)工作人员", "", "2026年1月5日")
    assert row == StaffRow(
        line=2,
        name="陈 示例",
        username="chen",
        phone="13500000000",
        unit="县住建局",
        role="community_worker",
        starts_on=date(2026, 1, 5),
    )


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2026-1-5", date(2026, 1, 5)),
        ("2026/01/05", date(2026, 1, 5)),
        ("2026.1.5", date(2026, 1, 5)),
        ("20260105", date(2026, 1, 5)),
        ("2026-01-05 00:00:00", date(2026, 1, 5)),
        (date(2026, 1, 5), date(2026, 1, 5)),
        (46027.0, date(2026, 1, 5)),
        ("", None),
    ],
)
def test_read_day(cell: str | float | date, day: date | None) -> None:
    assert read("张三", "", "", "", "", "", cell).starts_on == day


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        (("", "", "", "县住建局"), ("name", "name_empty")),
        (("张\u202e三",), ("name", "name_deceiving")),
        (("张\x00三",), ("name", "name_control")),
        (("很" * 60,), ("name", "name_too_long")),
        (("张三", "zhang san"), ("username", "bad_username")),
        (("张三", "", 1.38e10), ("phone", "phone_spoiled")),
        (("张三", "", "1.38E+10"), ("phone", "phone_spoiled")),
        (("张三", "", "5280000"), ("phone", "phone_no_area_code")),
        (("张三", "", date(2026, 1, 5)), ("phone", "phone_no_area_code")),
        (("张三", "", "", "县住建局", "局长"), ("role", "role_unknown")),
        (("张三", "", "", "", "", "", "2026-13-01"), ("starts_on", "bad_date")),
        (("张三", "", "", "", "", "", "去年"), ("starts_on", "bad_date")),
        (("张三", "", "", "", "", "", 12.0), ("starts_on", "bad_date")),
    ],
)
def test_read_line_with_a_problem(cells: tuple[str | float | date, ...], problem: tuple[str, str]) -> None:
    assert read(*cells).problems == (problem,)


def test_read_lines_without_blank_ones_and_with_short_ones() -> None:
    rows = [HEADINGS, [], ["张三"], ["", "", ""], ["李四", "lisi"]]
    assert [(row.line, row.name) for row in read_staff(rows, HEADER)] == [(3, "张三"), (5, "李四")]


@given(
    st.lists(st.one_of(st.text(max_size=30), st.floats(allow_nan=False, allow_infinity=False), st.dates()), max_size=9)
)
def test_read_line_of_anything_never_fails(cells: list[str | float | date]) -> None:
    assert len(read_staff([HEADINGS, cells], HEADER)) <= 1
