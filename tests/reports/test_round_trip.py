"""Out and back: what leaves is typed and harmless, what comes back changes what was changed outside and nothing else."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import xlsxwriter
from django.http import QueryDict

from anju.base.actor import SYSTEM, Actor, Denied, Refused
from anju.base.models import AuditEntry
from anju.base.sheets import open_book
from anju.places.models import Compound
from anju.registry.models import Cell, Fact, Indicator, Statement
from anju.registry.services.statements import record_statement
from anju.reports.models import ReturnedTable
from anju.reports.queries.export import CHECK, ID, plain
from anju.reports.queries.files import stream_table
from anju.reports.queries.rows import columns_for, find_rows
from anju.reports.services.edits import Word, undo_edit
from anju.reports.services.returned import take_back
from anju.reports.services.settling import KEPT, abandon_returned, forget_returned, write_returned
from anju.reports.view import read_view
from tests.people import NOW, TODAY, make_compound
from tests.registry.conftest import cell, saying, source

VIEW = "cols=community,households,fee,committee_formed,committee_formed_on,completed,service,developer,manager_phone,building_area"
Grid = list[list[Any]]


def exported(actor: Actor, form: str, query: str = VIEW) -> bytes:
    columns = columns_for(actor)
    view = read_view(QueryDict(query), columns)
    return b"".join(stream_table(form, find_rows(actor, view, columns, on=TODAY), view, columns, at=NOW))


def grid_of(content: bytes) -> Grid:
    return [list(row) for row in open_book(io.BytesIO(content)).sheets[0].rows()]


def rewritten(grid: Grid) -> Grid:
    """The grid as an office program would save it: every number a float, every day a moment, cells written by another hand."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "default_date_format": "dd.mm.yyyy"})
    page = book.add_worksheet("Tabelle1")
    for line, row in enumerate(grid):
        for at, value in enumerate(row):
            if isinstance(value, date):
                page.write_datetime(line, at, datetime(value.year, value.month, value.day))  # noqa: DTZ001
            elif isinstance(value, int | float):
                page.write_number(line, at, float(value))
            elif value != "":
                page.write_string(line, at, str(value))
    book.close()
    return grid_of(target.getvalue())


def saved_again(content: bytes, encoding: str, days: str) -> bytes:
    """A .csv as LibreOffice and Excel save it after opening ours: no marks of quotation, days in their own way, what GBK lacks as `?`."""
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    head, *lines = rows
    at = [place for place, heading in enumerate(head) if heading in {"业委会成立日期", "交付时间"}]
    for row in lines:
        for place in at:
            if re.fullmatch(r"\d{4}-\d{2}-\d{2}", row[place]):
                row[place] = date.fromisoformat(row[place]).strftime(days)
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([head, *lines])
    return text.getvalue().encode(encoding, "replace")


@pytest.fixture
def told(place: SimpleNamespace, people: SimpleNamespace, compounds: list[Compound]) -> Compound:
    """One compound of the town with everything known."""
    row = make_compound("示例·全知苑", place.community)
    values = {
        "households": "96", "fee": "1.20", "committee_formed": "有", "committee_formed_on": "2021-05-31", "completed": "2008",
        "service": "示例物业公司", "developer": "示例开发公司", "manager_phone": "13500001234", "building_area": "13200.5",
    }  # fmt: skip
    indicators = {one.code: one for one in Indicator.objects.all()}
    sayings = {indicators[code]: saying(raw, indicators[code].type) for code, raw in values.items()}
    record_statement(actor=SYSTEM, compound=row, source=source("survey"), observed_on=TODAY, sayings=sayings, at=NOW)
    return row


def back(actor: Actor, grid: Grid) -> ReturnedTable:
    return take_back(actor=actor, rows=iter(grid), file_name="改好.xlsx", at=NOW)


def line_of(grid: Grid, pk: int) -> list[Any]:
    at = grid[0].index(ID)
    return next(row for row in grid[1:] if plain(row[at]) == str(pk))


def put(grid: Grid, pk: int, heading: str, value: object) -> None:
    line_of(grid, pk)[grid[0].index(heading)] = value


def test_workbook_has_typed_cells(people: SimpleNamespace, told: Compound) -> None:
    grid = grid_of(exported(people.town_officer.actor, "xlsx"))
    row = dict(zip(grid[0], line_of(grid, told.pk), strict=False))
    assert row["户数（户）"] == 96
    assert row["物业服务收费标准（元/平方米·月）"] == 1.2
    assert row["总建筑面积（平方米）"] == 13200.5
    assert row["业委会成立日期"] == date(2021, 5, 31)
    assert row["建成年份"] == 2008
    assert (row["是否组建业委会"], row["管理状态和物业服务企业"], row["乡镇"]) == ("有", "示例物业公司", "城关镇")
    assert row["项目负责人电话"] == "135****1234"


def test_json_says_the_same(people: SimpleNamespace, told: Compound) -> None:
    rows = json.loads(exported(people.town_officer.actor, "json"))["rows"]
    row = next(row for row in rows if row["id"] == told.pk)
    assert (row["households"], row["fee"], row["committee_formed_on"]) == (96, 1.2, "2021-05-31")


@pytest.mark.parametrize("form", ["xlsx", "csv", "json"])
def test_export_holds_every_row_of_the_view(
    form: str, place: SimpleNamespace, people: SimpleNamespace, told: Compound
) -> None:
    Compound.objects.bulk_create(
        Compound(name=f"示例·{n}", division=place.community, pinyin=f"P{n % 7}", initials="p", valid_from=TODAY)
        for n in range(2100)
    )
    actor = people.town_officer.actor
    content = exported(actor, form, "sort=-households")
    columns = columns_for(actor)
    asked = set(
        find_rows(actor, read_view(QueryDict(""), columns), columns, on=TODAY).rows.values_list("pk", flat=True)
    )
    if form == "json":
        ids = [row["id"] for row in json.loads(content)["rows"]]
    else:
        grid = grid_of(content)
        ids = [int(plain(row[grid[0].index(ID)])) for row in grid[1:]]
    assert len(ids) == len(asked)
    assert set(ids) == asked


FORMULAS = (
    "=1+1",
    "+1",
    "-1+2",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠A1",
    " =1",
    '=HYPERLINK("x")',
    "=cmd|' /C calc'!A0",
)


@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_export_of_text_that_looks_like_a_formula_stays_text(
    form: str, people: SimpleNamespace, told: Compound
) -> None:
    for number, text in enumerate(FORMULAS):
        Cell.objects.filter(compound=told, indicator__code="developer").update(text=text)
        Compound.objects.filter(pk=told.pk).update(name=f"{text}{number}")
        content = exported(people.town_officer.actor, form)
        if form == "csv":
            cells = [one for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))) for one in row]
            assert not [one for one in cells if one.lstrip()[:1] in set("=+-@＝＋－＠") and one[1:2]]
            assert not [one for one in cells if one[:1] in "\t\r" and one]
        else:
            sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml")
            assert b"<f>" not in sheet
            assert b"<f " not in sheet
        grid = grid_of(content)
        assert line_of(grid, told.pk)[grid[0].index("建设单位")].strip() == text.strip()


@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize(
    "edited", [grid_of, lambda content: rewritten(grid_of(content))], ids=["as it left", "saved by an office"]
)
def test_table_that_nobody_changed_changes_nothing(
    form: str, edited: Callable[[bytes], Grid], people: SimpleNamespace, told: Compound, compounds: list[Compound]
) -> None:
    actor = people.bureau_officer.actor
    grid = edited(exported(actor, form))
    done = back(actor, grid)
    assert (done.changes, done.refusals) == ([], [])
    assert done.rows == done.unchanged == len(grid) - 1 == len(compounds) + 1


@pytest.mark.parametrize("days", ["%Y/%m/%d", "%Y年%m月%d日"])
@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_csv_that_an_office_saved_again_changes_nothing(
    encoding: str, days: str, people: SimpleNamespace, told: Compound
) -> None:
    """Learnt from LibreOffice 7.4 in Chinese and English: 3-5 became a day, U+2060 and rare characters became `?`."""
    Cell.objects.filter(compound=told, indicator__code="households").update(low=3, high=5)
    Cell.objects.filter(compound=told, indicator__code="developer").update(text="=1+1")
    Cell.objects.filter(compound=told, indicator__code="service").update(text="示例𠮷物业公司")
    actor = people.bureau_officer.actor
    content = exported(actor, "csv")
    assert "\u20603-5" in content.decode()
    done = back(actor, grid_of(saved_again(content, encoding, days)))
    assert (done.changes, done.refusals) == ([], [])


def test_guard_of_a_csv_saved_as_a_workbook_changes_nothing(people: SimpleNamespace, told: Compound) -> None:
    Cell.objects.filter(compound=told, indicator__code="developer").update(text="+1公司")
    actor = people.town_officer.actor
    grid = grid_of(exported(actor, "csv"))
    put(grid, told.pk, "建设单位", "\u2060+1公司")
    put(grid, told.pk, "业委会成立日期", 44347.0)  # 2021-05-31 in a cell without a format
    assert back(actor, grid).changes == []
    put(grid, told.pk, "业委会成立日期", 44989.0)
    done = back(actor, grid)
    assert [change[3:5] for change in done.changes] == [["2021-05-31", "44989"]]
    page = people.town_officer.client.get(f"/table/returned/{done.pk}/").content.decode()
    assert "2023-03-04（表里是 44989）" in page


def test_changed_phone_with_the_same_ends_is_a_change(people: SimpleNamespace, told: Compound) -> None:
    actor = people.town_officer.actor
    grid = grid_of(exported(actor, "xlsx"))
    put(grid, told.pk, "项目负责人电话", "13599991234")
    assert [change[4] for change in back(actor, grid).changes] == ["13599991234"]


def test_changed_cells_come_as_corrections_and_become_facts(people: SimpleNamespace, told: Compound) -> None:
    actor = people.town_officer.actor
    grid = rewritten(grid_of(exported(actor, "xlsx")))
    put(grid, told.pk, "户数（户）", 102.0)
    put(grid, told.pk, "是否组建业委会", "无")
    put(grid, told.pk, "业委会成立日期", datetime(2022, 1, 2))  # noqa: DTZ001
    grid = [[*row[::-1]] for row in grid]  # columns may stand in any order
    done = back(actor, grid)
    assert {tuple(change[2:5]) for change in done.changes} == {
        ("households", "96", "102"),
        ("committee_formed_on", "2021-05-31", "2022-01-02"),
        ("committee_formed", "有", "无"),
    }
    assert cell(told, "households").low == 96
    before = Statement.objects.count()
    edit = write_returned(actor=actor, returned=done, chosen=range(3), word=Word(source("town"), TODAY), at=NOW)
    fact = Fact.objects.filter(statement__compound=told, indicator__code="households").latest("id")
    assert (fact.low, fact.statement.source.kind, fact.statement.recorder) == (102, "town", people.town_officer.user)
    assert Statement.objects.count() == before + 1
    with pytest.raises(Refused, match=r"table\.returned_settled"):
        write_returned(actor=actor, returned=done, chosen=[0], word=Word(source("town"), TODAY), at=NOW)
    undo_edit(actor=actor, edit=edit, at=NOW)
    assert cell(told, "households").low == 96


def test_what_changed_here_meanwhile_is_not_turned_back(people: SimpleNamespace, told: Compound) -> None:
    """The file still says 96; somebody has recorded 150 since it left. Nobody asked to go back to 96."""
    actor = people.town_officer.actor
    grid = grid_of(exported(actor, "xlsx"))
    Cell.objects.filter(compound=told, indicator__code="households").update(low=150, high=150)
    assert back(actor, grid).changes == []


def test_rows_that_are_not_ours_are_refused_one_by_one(
    place: SimpleNamespace, people: SimpleNamespace, told: Compound, compounds: list[Compound]
) -> None:
    bureau, town = people.bureau_officer.actor, people.town_officer.actor
    grid = grid_of(exported(bureau, "xlsx"))
    mine = [row.pk for row in compounds[2:] if row.division_id == place.community.pk]
    for pk in (told.pk, place.other_compound.pk, *mine[:4]):
        put(grid, pk, "户数（户）", 77)
    put(grid, mine[0], ID, "")
    put(grid, mine[1], ID, "abc")
    put(grid, mine[2], CHECK, line_of(grid, mine[3])[grid[0].index(CHECK)])
    put(grid, mine[3], ID, mine[3] + 100_000)
    twice = list(line_of(grid, place.compound.pk))
    done = back(town, [*grid, twice])
    why: dict[str, int] = {}
    for _, _, column, reason, _ in done.refusals:
        assert column == ""
        why[reason] = why.get(reason, 0) + 1
    outside = sum(row.division_id in {place.other_community.pk, place.awaiting.pk} for row in Compound.objects.all())
    assert why == {"id_missing": 1, "id_unreadable": 1, "id_foreign": 2, "id_twice": 2, "id_outside": outside}
    assert [change[0] for change in done.changes] == [told.pk]


def test_cells_that_cannot_be_taken_say_why(people: SimpleNamespace, told: Compound) -> None:
    actor = people.town_officer.actor
    grid = grid_of(exported(actor, "xlsx"))
    put(grid, told.pk, "户数（户）", "很多")
    put(grid, told.pk, "是否组建业委会", "部分")
    put(grid, told.pk, "建设单位", "")
    put(grid, told.pk, "项目负责人电话", "136****0000")
    done = back(actor, grid)
    assert done.changes == []
    assert {reason for *_, reason, _ in done.refusals} >= {"half_answer", "cell_emptied", "cell_masked"}
    assert len(done.refusals) == 4


@pytest.mark.parametrize("grid", [[], [["小区", "户数"]], [["编号"], [1]], [["a"]] * 9])
def test_take_back_refuses_a_table_without_ids(grid: Grid, people: SimpleNamespace) -> None:
    with pytest.raises(Refused, match=r"table\.returned_no_ids"):
        back(people.town_officer.actor, grid)


def test_take_back_needs_the_permission(people: SimpleNamespace) -> None:
    with pytest.raises(Denied):
        back(people.supervisor.actor, [])


def test_export_over_the_page_is_a_stream_with_an_entry_in_the_trail(people: SimpleNamespace, told: Compound) -> None:
    answer = people.town_officer.client.get("/table/export/?form=xlsx&state=unknown")
    assert answer.status_code == 200
    assert answer.streaming
    assert b"".join(answer).startswith(b"PK")
    entry = AuditEntry.objects.filter(action="table.exported").get()
    assert '"view":"state=unknown"' in entry.body.replace(": ", ":")
    assert people.supervisor.client.get("/table/export/?form=xlsx").status_code == 404
    assert people.town_officer.client.get("/table/export/?form=exe").status_code == 404


@pytest.mark.parametrize("settle", ["write", "abandon", "nobody"])
def test_settled_table_keeps_nothing_of_people(settle: str, people: SimpleNamespace, told: Compound) -> None:
    actor = people.town_officer.actor
    grid = grid_of(exported(actor, "xlsx"))
    put(grid, told.pk, "项目负责人电话", "13600005678")
    put(grid, told.pk, "户数（户）", 97)
    row = back(actor, grid)
    assert sorted(change[4] for change in row.changes) == ["13600005678", "97"]
    if settle == "write":
        write_returned(actor=actor, returned=row, chosen=[0, 1], word=Word(source("town"), TODAY), at=NOW)
    elif settle == "abandon":
        abandon_returned(actor=actor, returned=row, at=NOW)
    else:
        forget_returned(actor=SYSTEM, at=NOW + KEPT)
    row.refresh_from_db()
    assert sorted(change[4] for change in row.changes) == ["97", "●"]
    assert "13600005678" not in str(row.changes) + str(row.refusals)


def libreoffice_saved(places: dict[int, str]) -> Grid:
    """`files/libreoffice.xlsx`, a table that LibreOffice 7.4 opened, edited and saved, as if it had left with these ids and checks."""
    kept, target = Path(__file__).parent / "files" / "libreoffice.xlsx", io.BytesIO()
    with zipfile.ZipFile(kept) as book, zipfile.ZipFile(target, "w") as copy:
        for entry in book.namelist():
            content = book.read(entry)
            for number, (pk, check) in enumerate(places.items(), start=1):
                content = content.replace(f"90000000{number}".encode(), str(pk).encode())
                content = content.replace(f"CHECK{number}".encode(), check.encode())
            copy.writestr(entry, content)
    return grid_of(target.getvalue())


def test_table_saved_by_libreoffice_changes_only_what_was_typed(
    people: SimpleNamespace, place: SimpleNamespace, told: Compound
) -> None:
    actor = people.town_officer.actor
    other = make_compound("示例·未动苑", place.community)
    values = {
        "households": "约120", "fee": "1.2-1.5", "committee_formed": "无", "committee_formed_on": "2019年5月", "completed": "2008-2010",
        "service": "业主自管", "developer": "=示例开发", "manager_phone": "0774-5201234", "building_area": "1234567.25",
    }  # fmt: skip
    indicators = {one.code: one for one in Indicator.objects.all()}
    sayings = {indicators[code]: saying(raw, indicators[code].type) for code, raw in values.items()}
    record_statement(actor=SYSTEM, compound=other, source=source("survey"), observed_on=TODAY, sayings=sayings, at=NOW)
    grid = grid_of(exported(actor, "xlsx"))
    at = grid[0].index(CHECK)
    row = back(actor, libreoffice_saved({one.pk: str(line_of(grid, one.pk)[at]) for one in (told, other)}))
    assert (row.rows, row.unchanged, row.refusals) == (2, 1, [])
    assert {(pk, code, new) for pk, _, code, _, new, _ in row.changes} == {
        (told.pk, "households", "98"),  # a formula, saved with its result
        (told.pk, "committee_formed_on", "2022/6/1"),
        (told.pk, "manager_phone", "13600005678"),  # a number
        (told.pk, "completed", "2009"),
    }


def test_csv_that_was_saved_as_a_workbook_keeps_its_guard_and_changes_nothing(
    people: SimpleNamespace, place: SimpleNamespace, told: Compound
) -> None:
    row = make_compound("示例·等号苑", place.community)
    developer = Indicator.objects.get(code="developer")
    said = {developer: saying("=示例开发", "organisation")}
    record_statement(actor=SYSTEM, compound=row, source=source("survey"), observed_on=TODAY, sayings=said, at=NOW)
    actor = people.town_officer.actor
    grid: Grid = [list(cells) for cells in csv.reader(io.StringIO(exported(actor, "csv").decode("utf-8-sig")))]
    assert line_of(grid, row.pk)[grid[0].index("建设单位")].startswith("\u2060=")
    kept = back(actor, rewritten(grid))
    assert (kept.changes, kept.refusals) == ([], [])
