"""Reading a row, and what is doubted about it."""

import pytest

from anju.rules.lists.plausibility import profile_of
from anju.rules.lists.readings import Doubtful, Known, Missing, Placeholder, Point, Rejected, Service, Words
from anju.rules.lists.reasons import REASONS, sentence
from anju.rules.lists.repeats import repeats
from anju.rules.lists.rows import Doubt, doubts_of, says_anything
from tests.rules.lists.sample import CATALOGUE, doubts_in, rows_of

BASE = ("小区名称", "户数", "楼栋总数", "总建筑面积", "占地面积", "容积率")


def reasons(*values: str, headings: tuple[str, ...] = BASE) -> set[str]:
    return {doubt.reason for doubt in doubts_in(headings, ["示例花园", *values])[0]}


def test_read_row_of_a_plausible_compound() -> None:
    assert reasons("100户", "5栋", "10000㎡", "5000㎡", "2.0") == set()


def test_read_row_shorter_than_its_header() -> None:
    row = rows_of(BASE, ["示例花园", "100户"])[0]
    assert row.line == 2
    assert row.cells["plot_ratio"].reading == Missing("")
    assert row.text("name") == "示例花园"
    assert (row.text("households"), row.text("alias"), row.number("name")) == ("", "", None)


def test_read_row_without_a_name_is_rejected() -> None:
    row = rows_of(BASE, ["", "100户"])[0]
    doubts = doubts_of(row, CATALOGUE)
    assert [(doubt.column, doubt.reason, doubt.rejects) for doubt in doubts] == [("name", "name_empty", True)]


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("1.2", "", Known),
        ("", "1.2", Known),
        ("1.2", "1.20元/㎡·月", Known),
        ("暂无资料", "暂无信息", Missing),
        ("", "乱写", Doubtful),
        ("乱写", "1.2", Known),
        ("0", "1.2", Known),
        ("0", "", Placeholder),
        ("1.2", "1.5", Doubtful),
        ("1.2", "乱写", Known),
    ],
)
def test_read_row_with_two_columns_of_one_meaning(first: str, second: str, expected: type) -> None:
    row = rows_of(("小区名称", "物业费", "物 业 费"), ["示例花园", first, second])[0]
    assert isinstance(row.cells["fee"].reading, expected)
    assert len(row.all_cells) == 3


@pytest.mark.parametrize(("first", "second"), [("1.38E+10", "0774-5280000"), ("0774-5280000", "1.38E+10")])
def test_read_row_keeps_a_refusal_beside_a_second_column(first: str, second: str) -> None:
    row = rows_of(("小区名称", "物业电话", "物业公司电话"), ["示例花园", first, second])[0]
    assert isinstance(row.cells["company_phone"].reading, Rejected)


@pytest.mark.parametrize(
    ("longitude", "latitude", "expected"),
    [
        ("111.5", "24.5", Known(Point(1_115_000_000, 245_000_000, "gcj02"))),
        ("24.5", "111.5", Known(Point(1_115_000_000, 245_000_000, "gcj02"))),
        ("", "24.5", Missing("")),
        ("111.5", "东", Doubtful("unreadable")),
    ],
)
def test_read_row_with_a_point_in_two_columns(longitude: str, latitude: str, expected: object) -> None:
    row = rows_of(("小区名称", "经度(高德)", "纬度"), ["示例花园", longitude, latitude])[0]
    assert row.cells["point"].reading == expected
    assert "longitude" not in row.cells


def test_blank_formatted_cells_say_nothing() -> None:
    assert not says_anything(["", None, "  "])
    assert says_anything(["", 0])


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        (("2户", "4栋"), "buildings_exceed_households"),
        (("", "", "10000㎡", "5000㎡", "8.0"), "plot_ratio_against_areas"),
        (("", "", "10000㎡", "5000㎡", "0.9"), "plot_ratio_against_areas"),
        (("", "", "80㎡"), "building_area_out_of_range"),
        (("", "", "", "3.2"), "site_area_out_of_range"),
        (("", "", "150亩"), "land_unit_for_floor_area"),
        (("", "", "约7万㎡，由7栋"), "ten_thousands_among_others"),
        (("2000户", "", "8000㎡"), "area_per_household"),
        (("10户", "", "80000㎡"), "area_per_household"),
        (("4000户", "1栋"), "households_per_building"),
    ],
)
def test_doubt_figures_that_do_not_fit_together(values: tuple[str, ...], reason: str) -> None:
    rows = doubts_in(BASE, ["示例花园", *values], *[["示例小区", "100", "5", "9000㎡"]] * 9)
    assert reason in {doubt.reason for doubt in rows[0]}
    assert [rest for rest in rows[1:] if rest] == []


def test_doubt_tells_columns_and_values() -> None:
    doubt = doubts_in(BASE, ["示例花园", "2户", "4栋"])[0][0]
    assert doubt == Doubt("buildings", "4栋 / 2户", "buildings_exceed_households", (("column", "幢数、户数"),))


def test_ranges_get_the_benefit_of_the_doubt() -> None:
    assert reasons("", "", "10000㎡", "5000㎡", "0.9-2.0") == set()


def test_ten_thousands_are_usual_where_most_of_the_column_has_them() -> None:
    rows = doubts_in(BASE, *[["示例花园", "", "", f"{at}万㎡"] for at in range(2, 8)])
    assert [rest for rest in rows if rest] == []


@pytest.mark.parametrize(
    ("heading", "value", "reason"),
    [
        ("建造年代", "2041年", "completed_out_of_range"),
        ("建造年代", "1850年", "completed_out_of_range"),
        ("交付时间", "2040年", "delivered_out_of_range"),
        ("物业费", "30元/平米/月", "fee_out_of_range"),
        ("物业费", "0.1至12元/平米/月", "fee_range_too_wide"),
        ("绿化率", "0.35%", "greening_out_of_range"),
        ("容积率", "42", "plot_ratio_out_of_range"),
        ("入住率", "120%", "occupancy_out_of_range"),
    ],
)
def test_doubt_value_outside_of_what_is_usual(heading: str, value: str, reason: str) -> None:
    assert reasons(value, headings=("小区名称", heading)) == {reason}


def test_value_that_is_usual_is_not_doubted() -> None:
    assert reasons("2030年", "2000", "1.2", headings=("小区名称", "交付时间", "建造年代", "物业费")) == set()


SHIFTED = ("小区名称", "建造年代", "户数", "总幢数", "开发商", "总建筑面积")


def test_doubt_row_whose_columns_have_shifted() -> None:
    found = doubts_in(SHIFTED, ["示例花园", "512户", "8栋", "甲置业有限公司", "20000㎡", "30亩"])[0]
    shift = next(doubt for doubt in found if doubt.reason == "shifted_columns")
    assert (shift.column, dict(shift.told)) == ("completed", {"column": "建成年份", "count": "4"})


def test_doubt_row_that_has_shifted_to_the_right() -> None:
    found = doubts_in(("小区名称", "户数", "总幢数", "绿化率"), ["示例花园", "", "300户", "8栋"])[0]
    assert "shifted_columns" in {doubt.reason for doubt in found}


def test_one_strange_cell_is_no_shift() -> None:
    assert reasons("512户", "300户", headings=("小区名称", "建造年代", "户数")) == {"wrong_kind"}


def test_profile_of_no_rows_is_empty() -> None:
    assert profile_of([]).filled == {}


PLACED = ("小区名称", "城市", "地址", "经纬度", "户数", "物业公司")


def test_repeat_of_a_compound_is_told_with_what_differs() -> None:
    rows = rows_of(
        PLACED,
        ["示例·花园", "示例市", "甲路1号", "", "100", "甲物业"],
        ["示例花园", "示例市", "甲路1号", "", "120", "甲物业"],
        ["示例花园", "示例市", "", "", "100", ""],
    )
    found = repeats(rows, CATALOGUE)
    assert found[3] == Doubt("name", "示例花园", "repeated_otherwise", (("line", "2"), ("columns", "户数")))
    assert found[4] == Doubt("name", "示例花园", "repeated", (("line", "2"),))


def test_repeat_of_a_name_elsewhere_is_another_compound() -> None:
    rows = rows_of(
        PLACED,
        ["示例花园", "示例市", "甲路1号", "111.5581,24.4011"],
        ["示例花园", "示例市", "乙路1号", ""],
        ["示例花园", "", "甲路1号", ""],
        ["示例花园", "示例市", "甲路1号", "111.6581,24.4011"],
        ["示例花园", "示例市", "甲路1号", "111.5582,24.4011"],
        ["", "示例市", "甲路1号", ""],
    )
    assert set(repeats(rows, CATALOGUE)) == {6}


def test_reason_has_a_sentence_with_everything_it_tells() -> None:
    told = {"column": "户数", "found": "buildings", "count": "3", "line": "2", "columns": "户数", "home": "示例县"}
    for reason in (*REASONS, *CATALOGUE.why):
        words = sentence(reason, told, CATALOGUE.why)
        assert words.endswith(("。", "？"))
        assert "{" not in words
    assert "幢数" in sentence("wrong_kind", told, {})


def test_doubt_of_the_parsers_all_have_a_sentence() -> None:
    """Every reason written in the rules is known to REASONS, and every one of REASONS is written somewhere."""
    import re

    from tests.house.source import SOURCE

    source = "\n".join(
        path.read_text()
        for path in (SOURCE / "rules" / "lists").glob("*.py")
        if path.stem not in {"reasons", "catalogue"}
    )
    used = set(re.findall(r'(?:Doubtful|Rejected)\(\s*"([a-z_]+)"', source)) | set(
        re.findall(r'"((?:shifted|foreign|repeated)[a-z_]*)"', source)
    )
    made = {f"phone_{code}" for code in ("no_area_code", "not_a_phone")} | {
        f"name_{code}" for code in ("empty", "too_long", "control", "deceiving")
    }
    assert used | made == set(REASONS)


def test_service_and_words_are_values() -> None:
    row = rows_of(PLACED, ["示例花园", "示例市", "甲路1号", "", "100", "业主自管"])[0]
    assert row.cells["service"].reading == Known(Service("owners"), "业主自管")
    assert row.cells["address"].reading == Known(Words("甲路1号"))
