"""The pages of the working-day calendar: seen, entered, confirmed."""

import re
from types import SimpleNamespace
from typing import Any

import pytest

from anju.base.actor import SYSTEM
from anju.base.models import CalendarHours, CalendarYear
from anju.base.queries.calendar import confirmed_years
from anju.base.services.calendar import load_calendar
from anju.places.services.policy import read_calendar
from anju.rules.workdays.years import Mark, PublishedDay, Scope
from anju.web.calendar.months import lines_of, months_of
from tests.people import NOW, Person
from tests.rules.workdays.tables import off, region_off, work

YEAR = "/calendar/?year=2026"
DAYS = {"first": "2026-11-30", "last": "", "mark": "off", "scope": "region", "name": "示例节", "cite": "示例"}


@pytest.fixture
def officer(people: SimpleNamespace) -> Person:
    load_calendar(actor=SYSTEM, calendar=read_calendar("demo"), at=NOW)
    found: Person = people.bureau_officer
    return found


@pytest.fixture
def reviewer(officer: Person, people: SimpleNamespace) -> Person:
    found: Person = people.bureau_reviewer
    return found


def page(person: Person, address: str = YEAR) -> str:
    return person.client.get(address).content.decode()


def said(person: Person, address: str, given: dict[str, Any]) -> str:
    return person.client.post(address, given, follow=True).content.decode()


def versions() -> list[tuple[int, int, bool]]:
    rows = CalendarYear.objects.order_by("year", "version").values_list("year", "version", "confirmed")
    return [row for row in rows if row[0] >= 2026]


def test_show_year_month_by_month(officer: Person, django_assert_max_num_queries: Any) -> None:
    officer.signed_in()
    with django_assert_max_num_queries(14):
        text = page(officer)
    assert text.count('class="aj-month"') == 12
    assert "工作日 246 天" in text
    assert len(re.findall(r'class="is-work"', text)) == 6
    assert '<span class="aj-vh">10月</span>10<small>班</small><span class="aj-vh">国庆节调休上班</span>' in text
    assert "待确认" in text


def test_show_year_to_those_who_only_look(officer: Person, people: SimpleNamespace) -> None:
    text = page(people.department_officer)
    assert "工作日 246 天" in text
    assert "/calendar/days/" not in text
    assert "确认2026年" not in text


@pytest.mark.parametrize("asked", ["", "?year=", "?year=26", "?year=1999", "?year=9999", "?year=２０２６", "?year=x"])
def test_show_this_year_where_none_is_meant(officer: Person, asked: str) -> None:
    assert officer.client.get(f"/calendar/{asked}").status_code == 200


def test_year_that_nobody_entered_says_what_to_do(officer: Person, people: SimpleNamespace) -> None:
    assert "新开这一年" in page(officer, "/calendar/?year=2027")
    text = page(people.town_officer, "/calendar/?year=2027")
    assert "这一年还没有登记" in text
    assert "新开这一年" not in text


def test_enter_days_and_see_them(officer: Person) -> None:
    text = said(officer, "/calendar/days/?year=2026", DAYS | {"based_on": 1})
    assert "已登记，确认以后才作数" in text
    assert "第 2 版：11-30 休（示例节）" in text
    assert '<span class="aj-vh">11月</span>30<small>休</small><span class="aj-vh">示例节放假</span>' in text
    assert "取消（示例节）" in said(officer, "/calendar/days/?year=2026", DAYS | {"based_on": 2, "mark": "none"})


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"mark": "work"}, "调休上班只能是周六、周日"),
        ({"mark": ""}, "请选休、班或取消"),
        ({"scope": "x"}, "请选谁的通知"),
        ({"first": ""}, "请填写从哪天"),
        ({"first": "2027-01-01"}, "日期要在 2026 年内"),
        ({"last": "2026-11-01"}, "结束日期不能早于开始日期"),
        ({"name": ""}, "请填写节日"),
        ({"based_on": 0}, "刚刚被别人改过"),
        ({"based_on": ""}, "页面不完整"),
    ],
)
def test_refuse_days_in_words(officer: Person, wrong: dict[str, Any], words: str) -> None:
    assert words in said(officer, "/calendar/days/?year=2026", DAYS | {"based_on": 1} | wrong)
    assert versions() == [(2026, 1, False)]


def test_enter_the_notice_as_it_is_printed(officer: Person) -> None:
    said(officer, "/calendar/begin/", {"year": 2027, "cite": "示例"})
    notice = "一、元旦：1月1日（周五）至3日（周日）放假，共3天。\r\n"
    given = {"based_on": 1, "cite": "示例", "text": notice}
    wrong = said(officer, "/calendar/notice/?year=2027", given | {"text": notice.replace("周五", "周四")})
    assert "前后对不上：通知写“1月1日（周四）”，按日历算是周五" in wrong
    text = said(officer, "/calendar/notice/?year=2027", given)
    assert "已按通知登记" in text
    assert "1月1日至1月3日" in text
    assert versions()[1:] == [(2027, 1, False), (2027, 2, False)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "请粘贴通知原文"),
        ("各地区：", "没有认出放假安排"),
        ("一、元旦：1月1日放假，共2天。", "按日历算是1天"),
        ("一、元旦：13月1日放假。", "不是 2026 年安排里的日期"),
        ("一、元旦：1月1日放假。1月5日上班。", "不是周六、周日"),
    ],
)
def test_refuse_notice_in_words(officer: Person, text: str, words: str) -> None:
    assert words in said(officer, "/calendar/notice/?year=2026", {"based_on": 1, "cite": "示例", "text": text})
    assert versions() == [(2026, 1, False)]


def test_day_of_the_grid_opens_filled_in(officer: Person) -> None:
    assert 'value="2026-05-04"' in page(officer, "/calendar/days/?year=2026&day=2026-05-04")
    assert officer.client.get("/calendar/days/?year=2026&day=x").status_code == 200


@pytest.mark.parametrize("act", ["days", "describe", "notice"])
def test_change_of_a_year_that_is_not_there_leads_back(officer: Person, act: str) -> None:
    assert officer.client.get(f"/calendar/{act}/?year=2030").headers["Location"] == "/calendar/?year=2030"


def test_confirm_of_a_year_that_is_not_there_leads_back(reviewer: Person) -> None:
    assert reviewer.client.get("/calendar/confirm/?year=2030").headers["Location"] == "/calendar/?year=2030"


def test_year_from_beginning_to_confirmation(officer: Person, reviewer: Person) -> None:
    said(officer, "/calendar/begin/?year=2027", {"year": 2027, "cite": "示例通知"})
    assert "地方放假日（如三月三）还没有登记齐" in page(reviewer, "/calendar/?year=2027")
    assert "确认2027年" not in page(reviewer, "/calendar/?year=2027")
    assert "不能确认" in said(reviewer, "/calendar/confirm/?year=2027", {"based_on": 1})
    said(
        officer, "/calendar/describe/?year=2027", {"based_on": 1, "cite": "示例通知", "region_known": "on", "note": ""}
    )
    assert "确认2027年" in page(reviewer, "/calendar/?year=2027")
    assert "法定节日 1月1日、10月1日 还是工作日" in said(reviewer, "/calendar/confirm/?year=2027", {"based_on": 2})
    notice = "一、元旦：1月1日放假。二、劳动节：5月1日至2日放假。三、国庆节：10月1日至3日放假。"
    said(officer, "/calendar/notice/?year=2027", {"based_on": 2, "cite": "示例", "text": notice})
    assert "已确认，期限按它计算" in said(reviewer, "/calendar/confirm/?year=2027", {"based_on": 3})
    assert confirmed_years() == {2027}
    said(officer, "/calendar/days/?year=2027", DAYS | {"based_on": 4, "first": "2027-10-04"})
    assert "仍按已确认的第 4 版计算" in page(officer, "/calendar/?year=2027")


def test_load_year_from_the_policy(officer: Person) -> None:
    said(officer, "/calendar/days/?year=2026", DAYS | {"based_on": 1})
    assert "共 41 天" in page(officer, "/calendar/load/?year=2026")
    assert "已载入" in said(officer, "/calendar/load/?year=2026", {"based_on": 2})
    assert versions() == [(2026, 1, False), (2026, 2, False), (2026, 3, False)]
    assert "没有2030年的工作日历" in said(officer, "/calendar/load/?year=2030", {"based_on": 0})


def test_set_office_hours(officer: Person) -> None:
    text = said(officer, "/calendar/hours/", {"spans": "08:30-12:00\r\n14:30-17:30\r\n", "cite": "示例"})
    assert "14:30-17:30" in text
    assert "要写成先后分开的时段" in said(officer, "/calendar/hours/", {"spans": "早八点", "cite": "示例"})
    assert CalendarHours.objects.count() == 2
    assert "08:30-12:00 14:30-17:30" in page(officer, "/calendar/hours/")


def test_begin_refuses_a_year_out_of_reach(officer: Person) -> None:
    assert "四位数字" in said(officer, "/calendar/begin/", {"year": 1999, "cite": "示例"})
    assert "刚刚被别人改过" in said(officer, "/calendar/begin/", {"year": 2026, "cite": "示例"})


def test_desk_leads_to_the_year(officer: Person) -> None:
    assert "/calendar/?year=2026" in page(officer, "/desk/")
    assert "2026年工作日历还没有确认" in page(officer, "/desk/")


def test_month_counts_its_working_days() -> None:
    months = months_of(2026, [*off("2026-10-01/2026-10-07"), *work("2026-10-10"), *region_off("2026-10-10")])
    october = months[9]
    assert (october.number, october.working, len(october.weeks)) == (10, 17, 5)
    cell = october.weeks[1][5]
    assert cell is not None
    assert (cell.mark, cell.free) == ("休", True)


def test_published_days_in_a_row_are_one_line() -> None:
    days = [*off("2026-10-01/2026-10-03"), *off("2026-10-05"), *work("2026-10-10")]
    days.append(PublishedDay(days[-1].day, Mark.OFF, Scope.REGION, "示例", "示例"))
    assert [(line.first.day, line.last.day, line.count, line.mark, line.scope) for line in lines_of(days)] == [
        (1, 3, 3, "休", "全国"),
        (5, 5, 1, "休", "全国"),
        (10, 10, 1, "班", "全国"),
        (10, 10, 1, "休", "地方"),
    ]
