"""The pages of imports: from choosing a file to taking it back, without JavaScript."""

import re
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from anju.places.models import Compound
from anju.places.services.compounds import CompoundFacts, create_compound
from anju.registry.models import ImportRow, ListImport, ServiceTerm
from anju.registry.services.companies import Naming, settle_company_names
from tests.people import NOW, TODAY, Person
from tests.registry.conftest import indicators as indicators
from tests.registry.lists import ROWS, as_csv, brought, written

pytestmark = pytest.mark.usefixtures("indicators")
Here = SimpleNamespace


def page(person: Person, name: str, row: ListImport | None = None, **asked: str) -> str:
    address = reverse(f"imports:{name}", args=[row.pk] if row else [])
    return person.client.get(address, asked).content.decode()


def post(person: Person, name: str, row: ListImport, **typed: str) -> None:
    answer = person.client.post(reverse(f"imports:{name}", args=[row.pk]), typed)
    assert answer.status_code == 302


def test_import_from_the_file_to_the_undo(place: Here, people: Here) -> None:
    person = people.town_officer
    assert "还没有导入过名册" in page(person, "imports")
    typed = {
        "file": SimpleUploadedFile("示例名册.csv", as_csv([*ROWS, ("示例·冬梅坊", "", "", "3O", "", "", "", "")])),
        "source": "示例摸底",
        "source_kind": "survey",
        "division": str(place.town.pk),
        "observed_on": "2026-11-20",
        "kind": "old",
    }
    answer = person.client.post(reverse("imports:new"), typed)
    row = ListImport.objects.get()
    assert answer.url == reverse("imports:import", args=[row.pk])
    assert (row.rows, row.accepted, row.doubtful, row.rejected) == (4, 2, 1, 1)
    shown = page(person, "import", row)
    for words in ("将写入", "数字里夹有字母", "3O", "记为未知", "写入 30", "列的对应", "列名一致", "写入 3 行"):
        assert words in shown
    assert "在东江镇，不在您的辖区内" in page(person, "import", row, show="rejected")
    post(person, "treat", row, **{"t-5-letter_in_number:households": "take"})
    row.refresh_from_db()
    post(person, "write", row, plan=row.plan)
    row.refresh_from_db()
    assert (row.state, row.created) == ("written", 3)
    assert Compound.objects.get(name="示例·冬梅坊").kind == "old"
    assert "撤回这份名册" in page(person, "import", row)
    answer = person.client.post(reverse("imports:undo", args=[row.pk]), {"reason": "导错了"}, follow=True)
    assert "注销 3 个小区，保留 0 行" in answer.content.decode()


def test_import_proposes_the_companies_it_names(place: Here, people: Here) -> None:
    named = (("示例·春江苑", "示例嘉安物业公司城北分公司"), ("示例·夏荷园", "示例金桂物业公司"))
    book = as_csv([(name, "城关镇", "", "", "", company, "", "") for name, company in named])
    row = brought(people.bureau_officer.actor, place.county, book)
    shown = page(people.bureau_officer, "import", row)
    for words in ("2 个还没有认定", "示例嘉安物业公司（像是它的分支机构）", "没有相近的企业", "写入以后在"):
        assert words in shown
    post(people.bureau_officer, "write", row, plan=row.plan)
    assert "去认定" in page(people.bureau_officer, "import", row)
    assert "县里认定" in page(people.town_officer, "import", brought(people.town_officer.actor, place.town, book))
    names = [Naming(name) for name in ("示例嘉安物业公司城北分公司", "示例金桂物业公司")]
    settle_company_names(actor=people.bureau_officer.actor, namings=names, at=NOW)
    assert "名册里的企业名称" not in page(people.bureau_officer, "import", row)


def test_import_says_who_serves_which_compound_from_when(place: Here, people: Here) -> None:
    """By the row's own date of taking over, else since the day of the list; beside it who serves today and whom it replaces."""
    headings = ("小区名称", "所在乡镇", "物业公司", "物业接管日期", "项目负责人")
    rows = [
        ("示例·春江苑", "城关镇", "示例物业公司", "2021年3月5日", "李春生"),
        ("示例·碧水花园", "城关镇", "示例嘉安物业公司", "", ""),
        ("示例·秋月里", "东江镇", "业主自管", "", ""),
    ]
    old = [("示例·碧水花园", "城关镇", "示例物业公司", "", "")]
    person, before = people.bureau_officer, TODAY - timedelta(days=400)
    written(person.actor, brought(person.actor, place.county, as_csv(old, headings), on=before))
    namings = [Naming("示例物业公司", place.company), Naming("示例嘉安物业公司", place.other_company)]
    settle_company_names(actor=person.actor, namings=namings[:1], at=NOW)
    row = brought(person.actor, place.county, as_csv(rows, headings))
    assert "谁服务哪个小区<small>2</small>" in page(person, "import", row)
    shown = page(person, "import", row, show="serving").split('id="rows"')[1].split("</table>")[0]
    for words in ("2021-03-05 接管", f"{TODAY.isoformat()} 已在管（按数据日期）", "李**", "还没有认定是哪家企业"):
        assert words in shown
    assert "李春生" not in shown
    assert "秋月里" not in shown
    assert "接替" not in shown
    settle_company_names(actor=person.actor, namings=namings[1:], at=NOW)
    assert "写入后由名册里的企业接替" in page(person, "import", row, show="serving")
    written(person.actor, row)
    served = {
        term.compound.name: term
        for term in ServiceTerm.objects.filter(ends_on=None).select_related("compound", "company")
    }
    assert served["示例·春江苑"].starts_on == date(2021, 3, 5)
    assert (served["示例·碧水花园"].company.name, served["示例·碧水花园"].known_on) == ("示例嘉安物业公司", TODAY)
    shown = page(person, "import", row, show="serving")
    assert "接替" not in shown
    assert "2021-03-05 接管" in shown


def test_names_of_companies_say_which_list_they_come_from(place: Here, people: Here) -> None:
    person = people.bureau_officer
    row = written(person.actor, brought(person.actor, place.county, as_csv()))
    link = f'<a href="{reverse("imports:import", args=[row.pk])}">示例survey（示例.csv）</a>'
    waiting = person.client.get(reverse("registry:companies")).content.decode()
    assert waiting.count(link) == 1
    settle_company_names(actor=person.actor, namings=[Naming("示例物业公司", place.company)], at=NOW)
    settled = person.client.get(reverse("registry:companies")).content.decode()
    assert settled.split('id="settled"')[1].count(link) == 1


def test_import_without_a_file_or_with_a_place_of_others(place: Here, people: Here) -> None:
    typed = {
        "source": "示例",
        "source_kind": "survey",
        "division": str(place.other_town.pk),
        "observed_on": "2026-11-20",
    }
    answer = people.town_officer.client.post(reverse("imports:new"), typed)
    assert answer.status_code == 422
    for words in ("请选择文件", "默认区划没有这个选项"):
        assert words in answer.content.decode()
    assert not ListImport.objects.exists()


def test_file_that_is_no_list_is_told_on_its_page(place: Here, people: Here) -> None:
    person = people.bureau_officer
    row = brought(person.actor, place.county, b"\x89PNG" + bytes(200))
    assert "这不是能读的" in page(person, "import", row)
    post(person, "abandon", row)
    assert "还没有导入过名册" in page(person, "imports")


def test_pages_of_rows_follow_the_lines_with_constant_queries(
    place: Here, people: Here, django_assert_max_num_queries: object
) -> None:
    person = people.bureau_officer.signed_in()
    rows = [(f"示例·第{number}苑", "城关镇", "", "3O", "2", "", "", "") for number in range(120)]
    row = brought(person.actor, place.county, as_csv(rows))
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        first = page(person, "import", row)
    assert "示例·</span>第49苑" in first
    assert "第50苑" not in first
    second = page(person, "import", row, show="doubtful", after="51")
    assert "第50苑" in second
    assert "第99苑" in second
    assert "第0苑" in page(person, "import", row, show="doubtful", before="52")


def test_bulk_treatment_and_towns(place: Here, people: Here) -> None:
    person = people.bureau_officer
    row = brought(person.actor, place.county, as_csv([("示例·春江苑", "", "", "3O", "2", "", "", "")]))
    post(person, "treat", row, for_reason="letter_in_number", to="take")
    post(person, "assign", row, division=str(place.community.pk))
    kept = ImportRow.objects.get(list_import=row)
    assert kept.division == place.community
    assert kept.choice["cells"] == {"letter_in_number:households": "take"}


def test_reasons_have_short_names_and_only_what_can_be_chosen(place: Here, people: Here) -> None:
    person, headings = people.bureau_officer, ("小区名称", "所在乡镇", "占地面积", "地址")
    rows = [("示例·碧水小区", "城关镇", "2.5", ""), ("示例·春江苑", "城关镇", "9000", "湖南省示例市1号")]
    row = brought(person.actor, place.county, as_csv(rows, headings))
    shown = page(person, "import", row)
    for words in (
        "占地面积不在常见范围<small>",
        "区划不符<small>",
        "可能是已有小区<small>",
        "请逐条处理，现在跳过 2 行",
    ):
        assert words in shown, words
    choices = {
        "likely_known": ["skip", "link", "new"],
        "foreign_division": ["skip", "write"],
        "site_area_out_of_range": ["keep", "take"],
    }
    for reason, offered in choices.items():
        bulk = page(person, "import", row, show="doubtful", reason=reason).split('id="to">')[1].split("</select>")[0]
        assert re.findall('value="([^"]+)"', bulk) == offered


NAMESAKES = [
    ("示例·阳光花园", "", "", "10", "", "", "", ""),
    ("示例·阳光花园", "", "", "900", "", "", "", ""),
    ("示例·月光花园", "", "", "40", "", "", "", ""),
]


def namesakes_waiting(person: Person, place: Here) -> ListImport:
    """Two rows of one name without a town; the person says that the second is another compound."""
    row = brought(person.actor, place.county, as_csv(NAMESAKES))
    assert "与第 2 行是同一小区，但户数不同" in page(person, "import", row)
    post(person, "treat", row, **{"t-3-repeated_otherwise:name": "write"})
    return row


def made_of(row: ListImport) -> set[tuple[str, str]]:
    found = Compound.objects.filter(import_rows__list_import=row, ended_on=None)
    return set(found.values_list("name", "division__name"))


def test_namesakes_without_a_town_are_given_theirs_one_by_one(place: Here, people: Here) -> None:
    person = people.bureau_officer
    row = namesakes_waiting(person, place)
    assert "与第 2 行同名，都还没有乡镇，看不出是不是同一个" in page(person, "import", row)
    shown = page(person, "import", row, show="awaiting")
    assert "与第 2 行同名，先归乡镇" in shown
    assert "待定乡镇<small>3</small>" in shown
    for line, town in (("2", place.town), ("3", place.other_town), ("4", place.town)):
        post(person, "assign", row, line=line, division=str(town.pk))
    assert "暂不写入" not in page(person, "import", row, show="awaiting")
    row.refresh_from_db()
    post(person, "write", row, plan=row.plan)
    assert made_of(row) == {("示例·阳光花园", "城关镇"), ("示例·阳光花园", "东江镇"), ("示例·月光花园", "城关镇")}


def test_namesakes_given_one_town_together_are_not_made_one(place: Here, people: Here) -> None:
    person = people.bureau_officer
    row = namesakes_waiting(person, place)
    post(person, "assign", row, division=str(place.town.pk))
    told = page(person, "import", row)
    for words in (
        "3 行已归到城关镇",
        "1 行在城关镇与别的小区同名，没有合成一个，暂不写入",
        "城关镇第 2 行已有同名小区",
    ):
        assert words in told
    row.refresh_from_db()
    assert (row.created, row.skipped) == (2, 1)
    post(person, "assign", row, line="3", division=str(place.other_town.pk))
    row.refresh_from_db()
    assert (row.created, row.skipped) == (3, 0)
    post(person, "assign", row, line="3", division=str(place.town.pk))
    row.refresh_from_db()
    post(person, "write", row, plan=row.plan)
    assert made_of(row) == {("示例·阳光花园", "城关镇"), ("示例·月光花园", "城关镇")}


def test_namesake_given_the_town_of_a_known_compound_waits_for_a_person(place: Here, people: Here) -> None:
    person = people.bureau_officer
    known = create_compound(actor=person.actor, name="示例·碧水花园", facts=CompoundFacts(place.other_town), at=NOW)
    row = brought(person.actor, place.county, as_csv([("示例·碧水花园", "", "", "10", "", "", "", "")]))
    assert "城关镇、东江镇各有 1 个" in page(person, "import", row)
    post(person, "treat", row, **{"t-2-likely_known:name": "new"})
    post(person, "assign", row, line="2", division=str(place.other_town.pk))
    assert "东江镇库里已有同名小区，看不出是不是同一个，所以没有合成一个" in page(person, "import", row)
    row.refresh_from_db()
    assert (row.created, row.linked, row.skipped) == (0, 0, 1)
    post(person, "treat", row, **{"t-2-name_taken:name": f"link:{known.pk}"})
    row.refresh_from_db()
    assert (row.created, row.linked, row.skipped) == (0, 1, 0)


def test_namesakes_with_addresses_are_registered_apart(place: Here, people: Here) -> None:
    """Two that cannot be one: the second bears its address behind the name, never an empty bracket, until it has a town of its own."""
    rows = [("示例·星光花园", "", f"示例县{road}", "10", "", "", "", "") for road in ("环城路1号", "沿江路99号")]
    person = people.bureau_officer
    row = brought(person.actor, place.county, as_csv(rows))
    shown = page(person, "import", row, show="awaiting")
    assert "登记为<span" in shown
    assert "星光花园（示例县沿江路99号）" in shown
    assert "（）" not in shown
    post(person, "assign", row, line="3", division=str(place.other_town.pk))
    row.refresh_from_db()
    post(person, "write", row, plan=row.plan)
    assert made_of(row) == {("示例·星光花园", "待定乡镇"), ("示例·星光花园", "东江镇")}


def test_columns_corrected_on_the_page(place: Here, people: Here) -> None:
    person = people.bureau_officer
    content = as_csv([("示例·春江苑", "60")], ["小区名称", "门洞数"])
    row = brought(person.actor, place.county, content)
    assert "没有对得上的字段" in page(person, "import", row)
    post(person, "columns", row, **{"c-1": "households"})
    assert "按以前的更正" in page(person, "import", row)


def test_preview_that_the_database_overtook_is_shown_anew(place: Here, people: Here) -> None:
    person = people.bureau_officer
    row = brought(person.actor, place.county, as_csv())
    written(person.actor, brought(person.actor, place.county, as_csv()))
    answer = person.client.post(reverse("imports:write", args=[row.pk]), {"plan": row.plan}, follow=True)
    assert "已重新核对，请看清新的预览" in answer.content.decode()
    row.refresh_from_db()
    assert row.unchanged == 3


def test_files_of_an_import(place: Here, people: Here) -> None:
    person = people.bureau_officer
    row = brought(person.actor, place.county, as_csv([("示例·春江苑", "", "", "3O", "2", "", "", "")]))
    for address in (reverse("imports:correction", args=[row.pk]), reverse("imports:template")):
        answer = person.client.get(address)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert content.startswith(b"PK")
        assert brought(person.actor, place.county, content).source_id


def test_progress_is_asked_for_until_there_is_nothing_to_wait_for(place: Here, people: Here) -> None:
    person = people.bureau_officer
    row = brought(person.actor, place.county, as_csv())
    answer = person.client.get(reverse("imports:progress", args=[row.pk]))
    assert answer["HX-Refresh"] == "true"
    ListImport.objects.filter(pk=row.pk).update(state="reading", rows=0, accepted=0, done=1000)
    assert "HX-Refresh" not in person.client.get(reverse("imports:progress", args=[row.pk]))
    assert "已办 1,000 行" in page(person, "import", row)


def test_day_of_the_list_is_not_to_come(place: Here, people: Here) -> None:
    typed = {
        "file": SimpleUploadedFile("示例.csv", as_csv()),
        "source": "示例",
        "source_kind": "survey",
        "division": str(place.county.pk),
        "observed_on": f"{TODAY.year + 50}-01-01",
        "kind": "unknown",
    }
    answer = people.bureau_officer.client.post(reverse("imports:new"), typed)
    assert "不能晚于今天" in answer.content.decode()
