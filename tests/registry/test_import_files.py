"""Lists as people really send them, through the real reader: each ends written, doubted for its reason, or refused in a clear sentence."""

import io
from types import SimpleNamespace

import pytest
import xlsxwriter

from anju.base.sheet_faults import BadSheet
from anju.registry.models import Cell, ImportRow, ListImport
from anju.registry.services.imports.correction import correction_rows
from anju.web.imports.files import blank_form, correction_book
from anju.web.imports.words import FILES, said_doubt
from anju.web.sheet_words import said_sheet
from tests.base.sheet_files import label, number, old_workbook, ole
from tests.registry.lists import HEADINGS, ROWS, as_csv, brought, counts, written

pytestmark = pytest.mark.usefixtures("indicators")
Here = SimpleNamespace


def book() -> tuple[io.BytesIO, xlsxwriter.Workbook]:
    target = io.BytesIO()
    return target, xlsxwriter.Workbook(target, {"in_memory": True})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_in_every_usual_encoding(place: Here, people: Here, encoding: str) -> None:
    row = brought(people.bureau_officer.actor, place.county, as_csv(encoding=encoding))
    assert counts(row) == (3, 3, 0, 0, 0, 0)


def test_two_row_heading_with_merged_cells_below_a_title(place: Here, people: Here) -> None:
    target, made = book()
    sheet = made.add_worksheet("底数")
    sheet.merge_range(0, 0, 0, 4, "示例县住宅小区底数表")
    sheet.merge_range(1, 0, 2, 0, "小区名称")
    sheet.merge_range(1, 1, 1, 2, "规模")
    for column, text in ((1, "户数"), (2, "总建筑面积(万㎡)"), (3, "所在乡镇")):
        sheet.write(2, column, text)
    sheet.write_row(3, 0, ["示例·春江苑", 320, 6.2, "城关镇"])
    made.close()
    row = brought(people.bureau_officer.actor, place.county, target.getvalue(), name="示例.xlsx")
    written(people.bureau_officer.actor, row)
    told = dict(Cell.objects.filter(compound__name="示例·春江苑").values_list("indicator__code", "low"))
    assert told == {"households": 320, "building_area": 6_200_000}


def test_hidden_sheet_is_left_and_hidden_rows_are_read(place: Here, people: Here) -> None:
    target, made = book()
    secret = made.add_worksheet("旧表")
    secret.hide()
    shown = made.add_worksheet("新表")
    shown.activate()
    shown.set_first_sheet()
    for sheet, name in ((secret, "示例·旧苑"), (shown, "示例·新苑")):
        sheet.write_row(0, 0, ["小区名称", "户数"])
        sheet.write_row(1, 0, [name, 10])
    shown.write_row(2, 0, ["示例·藏苑", 20])
    shown.set_row(2, None, None, {"hidden": True})
    made.close()
    row = brought(people.bureau_officer.actor, place.county, target.getvalue(), name="示例.xlsx")
    assert (row.sheet, row.rows) == ("新表", 2)
    assert (row.header["others"], row.header["hidden_lines"]) == (["旧表"], 1)


def test_formulas_with_and_without_values_and_broken_ones(place: Here, people: Here) -> None:
    target, made = book()
    sheet = made.add_worksheet()
    sheet.write_row(0, 0, ["小区名称", "户数", "楼栋总数"])
    sheet.write_row(1, 0, ["示例·春江苑", "", 2])
    sheet.write_formula(1, 1, "=100+20", None, 120)
    sheet.write_row(2, 0, ["示例·秋月里", "", 2])
    sheet.write_formula(2, 1, "=#REF!", None, "#REF!")
    made.close()
    row = brought(people.bureau_officer.actor, place.county, target.getvalue(), name="示例.xlsx")
    rows = {one.line: one for one in ImportRow.objects.filter(list_import=row)}
    assert [cell[2] for cell in rows[2].cells if cell[0] == "households"] == [120]
    assert [doubt[2] for doubt in rows[3].doubts] == ["sheet_error"]


def test_old_workbook(place: Here, people: Here) -> None:
    content = ole(
        {
            "Workbook": old_workbook(
                label(0, 0, "小区名称"), label(0, 1, "户数"), label(1, 0, "示例·春江苑"), number(1, 1, 320.0)
            )
        }
    )
    row = brought(people.bureau_officer.actor, place.county, content, name="示例.xls")
    assert row.failure == ""
    assert counts(row) == (1, 1, 0, 0, 0, 0)


def test_long_numbers_spoiled_into_floats_are_refused_with_their_row(place: Here, people: Here) -> None:
    target, made = book()
    sheet = made.add_worksheet()
    sheet.write_row(0, 0, ["小区名称", "企业统一社会信用代码", "项目负责人电话"])
    sheet.write_row(1, 0, ["示例·春江苑", 451122199001011234, ""])
    sheet.write_row(2, 0, ["示例·秋月里", "", 13500001234])
    made.close()
    row = brought(people.bureau_officer.actor, place.county, target.getvalue(), name="示例.xlsx")
    rows = {one.line: one for one in ImportRow.objects.filter(list_import=row)}
    assert (rows[2].verdict, rows[2].doubts[0][2]) == ("rejected", "number_spoiled")
    assert [cell[4] for cell in rows[3].cells] == ["13500001234"]


def test_control_characters_long_cells_and_rare_characters(place: Here, people: Here) -> None:
    rows = [
        ["示例·𠮷祥䶮苑", "", "示例县𠮷祥路1号", "30", "", "", "", ""],
        ["示例·\x07苑", "", "", "30", "", "", "", ""],
        ["示例·长苑", "", "地" * 10_000, "30", "", "", "", ""],
        ["示例·控苑", "", "示例县\x01路", "30", "", "", "", ""],
    ]
    row = brought(people.bureau_officer.actor, place.county, as_csv(rows))
    assert counts(row) == (4, 1, 2, 1, 0, 0)
    written(people.bureau_officer.actor, row)
    assert Cell.objects.get(compound__name="示例·𠮷祥䶮苑", indicator__code="address").text == "示例县𠮷祥路1号"


def test_rows_of_nothing_at_the_end_do_not_count(place: Here, people: Here) -> None:
    target, made = book()
    sheet = made.add_worksheet()
    sheet.write_row(0, 0, ["小区名称", "户数"])
    sheet.write_row(1, 0, ["示例·春江苑", 10])
    blank = made.add_format({"bg_color": "yellow"})
    for line in range(2, 3000):
        sheet.write_blank(line, 0, None, blank)
    made.close()
    assert brought(people.bureau_officer.actor, place.county, target.getvalue()).rows == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"PK\x03\x04 broken", "damaged"),
        (b"\x89PNG\r\n\x1a\n" + bytes(300), "not_a_sheet"),
        ("甲,乙\n丙,丁\n".encode(), "no_header"),
        ("小区名称,户数\n".encode(), "no_lines"),
    ],
)
def test_file_that_holds_no_list_is_told_in_a_sentence(place: Here, people: Here, content: bytes, code: str) -> None:
    row = brought(people.bureau_officer.actor, place.county, content)
    assert (row.state, row.failure) == (ListImport.State.FAILED, code)
    assert said_sheet(BadSheet(row.failure), FILES)
    assert not ImportRow.objects.exists()


def test_list_for_correction_comes_back_mended(place: Here, people: Here) -> None:
    actor = people.bureau_officer.actor
    bad = [("示例·春江苑", "城关镇", "", "3O", "8", "", "", "九几年"), ("", "城关镇", "", "9", "1", "", "", "")]
    row = written(actor, brought(actor, place.county, as_csv([*ROWS[1:], *bad])))
    lines = list(correction_rows(row, said_doubt))
    assert lines[0] == ["行", "小区", "列", "值", "原因", "续", *HEADINGS]
    assert [(line[0], line[1], line[2], line[3], line[5]) for line in lines[1:]] == [
        ("4", "示例·春江苑", "户数", "3O", ""),
        ("4", "示例·春江苑", "建成年份", "九几年", "续"),
        ("5", "", "小区名称", "", ""),
    ]
    assert all(line[4] for line in lines)
    lines[1][6:] = ["示例·春江苑", "城关镇", "", "30", "8", "", "", "1995年"]
    lines[3][6:] = ["示例·冬梅坊", "城关镇", "", "9", "1", "", "", ""]
    again = brought(actor, place.county, b"".join(correction_book(iter(lines))), name="存疑清单.xlsx")
    assert counts(again) == (2, 2, 0, 0, 0, 0)
    written(actor, again)
    assert Cell.objects.get(compound__name="示例·春江苑", indicator__code="completed").low == 19950101


def test_list_for_correction_asks_the_database_as_often_for_many_doubts_as_for_few(
    place: Here, people: Here, django_assert_max_num_queries: object
) -> None:
    rows = [(f"示例·第{number}苑", "城关镇", "", "3O", "2", "", "", "九几年") for number in range(60)]
    row = brought(people.bureau_officer.actor, place.county, as_csv(rows))
    with django_assert_max_num_queries(8):  # type: ignore[operator]
        assert len(list(correction_rows(row, said_doubt))) == 121


def test_blank_form_is_read_back_column_by_column(place: Here, people: Here) -> None:
    row = brought(people.bureau_officer.actor, place.county, blank_form(), name="空白表.xlsx")
    assert row.failure == "no_lines"
    assert row.sheet == "小区"
    assert not [column["heading"] for column in row.header["columns"] if column["confidence"] < 95]
