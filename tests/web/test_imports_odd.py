"""Files that are odd but hold a list, through the page: what was read of them, what is doubted, what is refused, each in a sentence."""

import io
from collections.abc import Callable
from types import SimpleNamespace

import pytest
import xlsxwriter
from django.urls import reverse

from anju.registry.models import ListImport
from tests.base.sheet_files import by_hand, zipped
from tests.people import Person
from tests.registry.conftest import indicators as indicators
from tests.registry.lists import as_csv
from tests.web.test_imports_refused import sent

pytestmark = pytest.mark.usefixtures("indicators")
Here = SimpleNamespace
HEADINGS = ["小区名称", "户数"]


def book(fill: Callable[[xlsxwriter.Workbook], None]) -> bytes:
    target = io.BytesIO()
    made = xlsxwriter.Workbook(target, {"in_memory": True})
    fill(made)
    made.close()
    return target.getvalue()


def plain(made: xlsxwriter.Workbook) -> None:
    sheet = made.add_worksheet("底数")
    sheet.write_row(0, 0, HEADINGS)
    sheet.write_row(1, 0, ["示例·春江苑", 320])


def with_macros() -> bytes:
    import zipfile

    with zipfile.ZipFile(io.BytesIO(book(plain))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    return zipped({**parts, "xl/vbaProject.bin": b"program"})


def two_rows(made: xlsxwriter.Workbook) -> None:
    sheet = made.add_worksheet("底数")
    sheet.merge_range(0, 0, 0, 2, "示例县住宅小区底数表")
    sheet.merge_range(1, 0, 2, 0, "小区名称")
    sheet.merge_range(1, 1, 1, 2, "规模")
    sheet.write_row(2, 1, ["户数", "总建筑面积(万㎡)"])
    sheet.write_row(3, 0, ["示例·春江苑", 320, 6.2])


def hidden(made: xlsxwriter.Workbook) -> None:
    old = made.add_worksheet("旧表")
    old.hide()
    shown = made.add_worksheet("新表")
    shown.activate()
    shown.set_first_sheet()
    for sheet, name in ((old, "示例·旧苑"), (shown, "示例·新苑")):
        sheet.write_row(0, 0, HEADINGS)
        sheet.write_row(1, 0, [name, 10])
    shown.write_row(2, 0, ["示例·藏苑", 20])
    shown.set_row(2, None, None, {"hidden": True})


def only_hidden(made: xlsxwriter.Workbook) -> None:
    made.add_worksheet("封面").write(0, 0, "见附表")
    sheet = made.add_worksheet("附表")
    sheet.hide()
    sheet.write_row(0, 0, HEADINGS)
    sheet.write_row(1, 0, ["示例·隐苑", 10])


def formulas(made: xlsxwriter.Workbook) -> None:
    sheet = made.add_worksheet()
    sheet.write_row(0, 0, HEADINGS)
    for line, (name, formula, value) in enumerate(
        (("示例·公式苑", "=100+20", 120), ("示例·坏式苑", "=#REF!", "#REF!")), 1
    ):
        sheet.write(line, 0, name)
        sheet.write_formula(line, 1, formula, None, value)


def spoiled(made: xlsxwriter.Workbook) -> None:
    sheet = made.add_worksheet()
    sheet.write_row(0, 0, ["小区名称", "企业统一社会信用代码", "项目负责人电话"])
    sheet.write_row(1, 0, ["示例·代码苑", 914511221990010123, ""])
    sheet.write_row(2, 0, ["示例·电话苑", "", "1.35E+10"])


def unsaved() -> bytes:
    cells = [
        f'<row r="{line}"><c r="A{line}" t="inlineStr"><is><t>{name}</t></is></c>{more}</row>'
        for line, name, more in (
            (1, "小区名称", '<c r="B1" t="inlineStr"><is><t>户数</t></is></c>'),
            (2, "示例·无值苑", '<c r="B2"><f>1+1</f></c>'),
        )
    ]
    return by_hand("".join(cells).encode())


ODD: dict[str, tuple[bytes, str, tuple[str, ...]]] = {
    "macros": (with_macros(), "", ("这个文件带有宏。只读了格子里的数值", "户数 320")),
    "a heading of two merged rows": (book(two_rows), "", ("户数 320，总建筑面积 62000平方米",)),
    "hidden rows and sheets": (
        book(hidden),
        "",
        ("有 1 行在表格里被隐藏或筛掉，也读了", "只读了工作表“新表”，没有读：旧表", "藏苑"),
    ),
    "only a hidden sheet": (book(only_hidden), "", ("名册在一张隐藏的工作表里，请确认就是这一张", "隐苑")),
    "formulas with values": (book(formulas), "accepted", ("公式苑", "户数 120")),
    "broken formulas": (book(formulas), "doubtful", ("坏式苑", "是表格里公式的错误“#REF!”", "记为未知")),
    "formulas without values": (unsaved(), "doubtful", ("公式没有连同结果保存，看不到数值", "记为未知")),
    "long numbers made floats": (
        book(spoiled),
        "rejected",
        ("代码苑", "电话苑", "末几位已丢失", "9.1451122199001E+17", "1.35E+10"),
    ),
    "control characters": (
        as_csv([("示例·\x07苑", "", "", "30"), ("示例·空苑", "", "示例县\x00路", "30")]),
        "",
        ("含有看不见的控制字符",),
    ),
    "a name with a control character": (
        as_csv([("示例·\x07苑", "", "", "30"), ("示例·好苑", "", "", "30")]),
        "rejected",
        ("小区名称含有控制字符，不能写入",),
    ),
    "a cell of 10,000 signs": (
        as_csv([("示例·长苑", "", "地" * 10_000, "30")]),
        "doubtful",
        ("有 10000 个字符，过长。请只留“地址”",),
    ),
    "a name of 10,000 signs": (
        as_csv([("名" * 10_000, "", "", "30"), ("示例·好苑", "", "", "30")]),
        "rejected",
        ("小区名称超过 100 个字符",),
    ),
    "names outside of the basic plane": (
        as_csv([("示例·𠮷祥䶮苑", "", "示例县𠮷祥路1号", "30")]),
        "",
        ("𠮷祥䶮苑", "𠮷祥路1号"),
    ),
}


@pytest.mark.parametrize("name", ODD)
def test_odd_list_is_read_and_says_what_is_odd(place: Here, people: Here, name: str) -> None:
    content, show, words = ODD[name]
    person: Person = people.bureau_officer
    shown = sent(person, content, "示例.csv", place)
    row = ListImport.objects.get()
    assert row.rows == row.accepted + row.doubtful + row.rejected > 0
    if show:
        shown = person.client.get(reverse("imports:import", args=[row.pk]), {"show": show}).content.decode()
    for said in words:
        assert said in shown
    if row.created:
        written = person.client.post(reverse("imports:write", args=[row.pk]), {"plan": row.plan}, follow=True)
        assert "写入：新登记" in written.content.decode()
