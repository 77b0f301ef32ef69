"""Sheets of the hotline, whatever order their columns come in."""

from collections.abc import Sequence

from anju.rules.hotline import LONGEST, find_layout, read_orders

HEAD: list[object] = ["序号", "联系电话", "诉求 内容", "工单编号", "诉求地址", "是否保密", "诉求标题"]


def orders(*rows: Sequence[object]) -> list[tuple[object, ...]]:
    table: list[Sequence[object]] = [["12345 工单"], [], HEAD, *rows]
    layout = find_layout(table)
    assert layout is not None
    return [(one.line, one.order, one.text, one.phone, one.secret, one.faults) for one in read_orders(table, layout)]


def test_read_orders_matches_columns_by_heading_below_a_title() -> None:
    told = orders([1.0, 13500000001.0, "路灯不亮", "GD-1", "碧水花园", "是", "照明"], [])
    assert told == [(4, "GD-1", "照明。路灯不亮", "13500000001", True, ())]


def test_read_orders_says_what_is_wrong_with_a_line() -> None:
    rows = [
        ["", "", "有事", "", "", "", ""],
        ["", "", "", "GD-2", "", "", ""],
        ["", "", "长" * (LONGEST + 1), "GD-2", "", "", ""],
    ]
    assert [one[-1] for one in orders(*rows)] == [("no_order",), ("no_text",), ("too_long", "twice")]


def test_read_orders_takes_a_short_line_and_a_title_that_is_in_the_text() -> None:
    assert orders(["", "", "照明坏了", "GD-3"])[0][2] == "照明坏了"
    assert orders(["", "", "照明坏了", "GD-3", "", "", "照明"])[0][2] == "照明坏了"


def test_find_layout_of_another_sheet_is_none() -> None:
    assert find_layout([["小区", "户数"], ["碧水花园", 3]]) is None
    assert find_layout([[]] * 11 + [HEAD]) is None
