"""Finding the heading of a list and what its columns are."""

import pytest

from anju.rules.lists.headers import Match, find_header, heading_key, match_column
from anju.rules.lists.text import Cell
from tests.rules.lists.sample import CATALOGUE, header_of


def matched(*rows: list[Cell], remembered: dict[str, str] | None = None) -> dict[str, tuple[str, str]]:
    header = find_header(rows, CATALOGUE, remembered)
    assert header is not None
    return {match.heading: (match.code, match.reason) for match in header.matches}


@pytest.mark.parametrize(
    ("heading", "key"),
    [
        ("容 积 率：", "容积率"),
        ("*小区名称（必填）", "小区名称"),
        ("总建筑面积(万㎡)", "总建筑面积"),
        ("3、户数", "户数"),
        ("（一）", ""),
        ("plot_NAME", "plot_name"),
    ],
)
def test_heading_key_is_what_the_heading_is_about(heading: str, key: str) -> None:
    assert heading_key(heading) == key


def test_find_header_below_a_title() -> None:
    rows: list[list[Cell]] = [["示例县小区底数", ""], [], ["序号", "小区名称", "物 业 费："], [1, "示例花园", "1.2"]]
    header = find_header(rows, CATALOGUE)
    assert header is not None
    assert (header.first, header.height, header.data) == (2, 1, 3)
    assert [match.code for match in header.matches] == ["row_number", "name", "fee"]


def test_find_header_of_two_rows_with_merged_cells() -> None:
    rows: list[list[Cell]] = [
        ["小区名称", "物业", "", "业委会", ""],
        ["", "公司名称", "服务费", "成立时间", "届数", "备注"],
        ["示例花园", "甲物业", "1.2", "2020", "1"],
    ]
    header = find_header(rows, CATALOGUE)
    assert header is not None
    assert (header.first, header.height) == (0, 2)
    codes = ["name", "service", "fee", "committee_formed_on", "committee_term", "remark"]
    assert [match.code for match in header.matches] == codes


def test_find_header_where_the_second_row_is_data() -> None:
    header = find_header([["小区名称", "户数"], ["示例花园", "甲乙"], ["示例小区", "100"]], CATALOGUE)
    assert header is not None
    assert header.height == 1


@pytest.mark.parametrize(
    "rows", [[], [[]], [["甲", "乙"]], [["户数"]], [["甲的物业费", "乙"]], [["x"]] * 20 + [["小区名称"]]]
)
def test_find_header_where_there_is_none(rows: list[list[Cell]]) -> None:
    assert find_header(rows, CATALOGUE) is None


def test_match_column_by_what_was_corrected_before() -> None:
    rows: list[list[Cell]] = [["小区名称", "面积甲", "户数"], ["示例花园", "无数字", "8栋"]]
    found = matched(*rows, remembered={"面积甲": "building_area", "户数": ""})
    assert found["面积甲"] == ("building_area", "remembered")
    assert found["户数"] == ("", "remembered")


def test_match_column_by_a_part_of_its_heading_with_less_confidence() -> None:
    match = match_column(0, "高层物业费", [], CATALOGUE)
    assert (match.code, match.reason) == ("fee", "part_of_name")
    assert 60 <= match.confidence < 90
    assert [match_column(0, heading, [], CATALOGUE).code for heading in ("是否老旧小区", "业委会主任")] == ["", ""]
    assert match_column(0, "建成以后历次大修基金户数说明文字", [], CATALOGUE).code == ""


def test_match_column_that_only_contains_a_name_another_bears() -> None:
    found = matched(["小区名称", "物业费", "商铺物业费"])
    assert found["商铺物业费"] == ("", "unknown")


def test_match_column_whose_values_contradict_its_heading() -> None:
    values: list[list[Cell]] = [["示例花园", value] for value in ("8栋", "9栋", "甲公司", "100")]
    rows: list[list[Cell]] = [["小区名称", "户数"], *values]
    assert matched(*rows)["户数"] == ("households", "values_contradict")


def test_match_column_of_coordinates_by_its_values() -> None:
    points: list[list[Cell]] = [["示例花园", f"111.55812{at},24.401187"] for at in range(4)]
    rows: list[list[Cell]] = [["小区名称", "落点"], *points, ["示例小区"]]
    assert matched(*rows)["落点"] == ("point", "values_alike")


def test_match_column_keeps_the_unit_and_the_system_of_its_heading() -> None:
    matches = header_of("小区名称", "总建筑面积(万㎡)", "百度坐标", "绿化率（%）", "户数（户）").matches
    assert [match.unit for match in matches] == ["", "万m2", "bd09", "%", ""]
    assert matches[0] == Match(0, "小区名称", "name", 98, "same_name")
