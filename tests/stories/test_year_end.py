"""方案(一)2 整改时限 over a year-end: nobody has entered the days off of 2027, so what ends in January is 暂估 until it is confirmed.

The notice for 2027 is constructed (示例): no such notice was published when this was written. So is the region's day on 6 January; its
三月三 of that year is 9 April, given with the day before.

Ends, worked out by hand, both cases dispatched on Wednesday 2026-12-23. Of an unconfirmed year only weekends and the law's own holidays
count (全国年节及纪念日放假办法): 1 January is off, a Friday. 29 to 31 December are 2026, but the notice for 2027 may still take them, so
what counts them is provisional too.

| clock | limit | counted without the year | ends, 暂估 | counted with it | ends |
| --- | --- | --- | --- | --- | --- |
| 照明缺失 办结 | 7 wd | 12-24, 25, 28-31 (6), 01-04 (7) | 2027-01-04 24:00 | the same | 2027-01-04 24:00 |
| 车库渗水 办结 | 15 wd | 12-24 to 31 (6), 01-04 to 08 (11), 11-14 (15) | 2027-01-14 24:00 | 01-06 off: 11-14 (14), 15 | 2027-01-15 24:00 |
"""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.urls import reverse

from anju.base.models import Notice
from anju.cases.models import Case, CaseClock
from anju.cases.queries.integrity import broken_cases
from anju.config.findings import Place, notes
from anju.config.home import Home
from tests.people import Person
from tests.stories.stage import CHINA, Stage, fill, see, see_nothing_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NOTICE = """
一、元旦：1月1日（周五）至3日（周日）放假，共3天。
二、春节：2月5日（农历除夕、周五）至11日（周四）放假调休，共7天。2月14日（周日）、2月20日（周六）上班。
三、清明节：4月3日（周六）至5日（周一）放假，共3天。
四、劳动节：5月1日（周六）至5日（周三）放假调休，共5天。4月25日（周日）、5月8日（周六）上班。
五、端午节：6月9日（周三）放假1天，不调休。
六、中秋节：9月15日（周三）放假1天，不调休。
七、国庆节：10月1日（周五）至7日（周四）放假调休，共7天。9月26日（周日）、10月9日（周六）上班。
"""
CITE = "示例通知〔2026〕1号"
WARNING = "2027年工作日历还没有确认"


def test_ends_of_the_next_year_are_provisional_until_it_is_confirmed(stage: Stage, county: SimpleNamespace) -> None:
    place, people, clock = county.place, county.people, stage.clock
    phone, desk = stage.phone, stage.desk

    # On 15 December, and not before, the desk asks for the next year, and so does the check of the machine.
    clock.strike("12-14 09:00")
    stage.sit_down(people.bureau_officer, reverse("home:today"))
    see_nothing_of(desk, WARNING)
    assert not health(stage)
    clock.strike("12-15 09:00")
    stage.sit_down(people.bureau_officer, reverse("home:today"))
    see(desk, WARNING)
    stage.picture(desk, "year-1-today")
    assert health(stage)

    # Two neighbours report; both ends fall into the year that nobody knows, and both read so.
    clock.strike("12-22 15:30")
    dark, wet = report(stage, place, "灯不亮", "13500000005"), report(stage, place, "漏水", "13500000006", "SS06")
    for case, _ in (dark, wet):
        told = {"duplicates": True, "urgency": case.urgency, "cleared": case.matter.name}
        stage.act(people.bureau_officer, case, "accept", **told)
    clock.strike("12-23 09:30")
    for case, _ in (dark, wet):
        told = {"lead": place.law_enforcement.pk, "helpers": [], "reason": "由执法局一并办理"}
        stage.act(people.bureau_officer, case, "dispatch", **told)
    assert handled_by(dark[0]) == ("2027-01-05 00:00", True)
    assert handled_by(wet[0]) == ("2027-01-15 00:00", True)
    see(desk, "2027-01-14 24:00 暂估")
    stage.picture(desk, "year-2-case")
    stage.open(phone, wet[1])
    see(phone, "应在 1月14日（星期四） 前办好（暂估，放假安排还没定）")
    stage.picture(phone, "year-3-provisional")
    before = {case.pk: list(case.events.values_list("seq", "digest")) for case, _ in (dark, wet)}

    # The unit telephones both; nobody of it signs in, so that is entered for it.
    clock.strike("12-24 10:00")
    for case, _ in (dark, wet):
        stage.act(
            people.bureau_officer, case, "milestone", "handler", milestone="contact", call_note="执法局来电：已联系"
        )

    # The notice is pasted, the region's own days beside it; who entered them does not confirm them.
    clock.strike("12-28 10:00")
    enter_year(stage, people.bureau_officer)
    stage.picture(desk, "year-4-entered")
    assert not desk.get_by_role("link", name="确认2027年").count()
    clock.strike("12-28 11:00")
    assert handled_by(wet[0]) == ("2027-01-15 00:00", True)
    stage.sit_down(people.bureau_reviewer, reverse("calendar:year") + "?year=2027")
    stage.press(desk, "确认2027年")
    see(desk, "原来暂估的按它重算")
    stage.send("2027年工作日历已确认")
    stage.picture(desk, "year-5-confirmed")

    # With the next stroke of the ticker the one end is certain, the other another; nothing that was written has changed.
    clock.strike("12-28 11:10")
    assert handled_by(dark[0]) == ("2027-01-05 00:00", False)
    assert handled_by(wet[0]) == ("2027-01-16 00:00", False)
    for case, _ in (dark, wet):
        case.refresh_from_db()
        assert list(case.events.values_list("seq", "digest"))[: len(before[case.pk])] == before[case.pk]
    assert list(broken_cases()) == []
    assert [told_to(case) for case, _ in (dark, wet)] == [["case.accepted"], ["case.accepted", "case.delayed"]]
    stage.open(phone, dark[1])
    see(phone, "应在 1月4日（星期一） 前办好")
    see_nothing_of(phone, "暂估", "重算")
    stage.open(phone, wet[1])
    see(phone, "应在 1月15日（星期五） 前办好（12月28日放假安排定了，按它重算的）")
    stage.picture(phone, "year-6-moved")
    stage.sit_down(people.bureau_officer, reverse("cases:case", args=[wet[0].pk]))
    see(desk, "2027-01-15 24:00", "重算时限")
    see_nothing_of(desk, "暂估")
    stage.open(desk, reverse("home:today"))
    see_nothing_of(desk, WARNING)
    assert not health(stage)

    # The end that was counted anew is the one that counts.
    assert late(stage, wet[0], "01-15 23:59") == 0
    assert late(stage, wet[0], "01-18 00:01") > 0


def report(stage: Stage, place: SimpleNamespace, tile: str, number: str, matter: str = "") -> tuple[Case, str]:
    phone = stage.phone
    stage.open(phone, reverse("citizen:report", args=[place.compound.card.code]))
    stage.press(phone, tile)
    phone.get_by_text("加上几号楼").click()
    fill(phone, "phone", number)
    if matter:
        fill(phone, "matter", matter)
    stage.press(phone, "发送")
    see(phone, "已收到，谢谢您")
    link = re.search(r'href="(/c/case/[^"]+)"', phone.content())
    assert link
    return Case.objects.latest("pk"), link[1]


def enter_year(stage: Stage, officer: Person) -> None:
    desk = stage.desk
    stage.sit_down(officer, reverse("calendar:begin") + "?year=2027")
    fill(desk, "cite", CITE)
    stage.send("已新开2027年")
    stage.open(desk, reverse("calendar:notice") + "?year=2027")
    fill(desk, "text", NOTICE)
    fill(desk, "cite", CITE)
    stage.send("已按通知登记")
    for first, last, name in (("2027-01-06", "", "示例地方假日"), ("2027-04-08", "2027-04-09", "三月三")):
        stage.open(desk, reverse("calendar:days") + "?year=2027")
        for field, value in {"first": first, "last": last, "mark": "off", "scope": "region", "name": name}.items():
            fill(desk, field, value)
        fill(desk, "cite", CITE)
        stage.send("已登记")
    stage.open(desk, reverse("calendar:describe") + "?year=2027")
    fill(desk, "region_known", True)
    stage.send("已改")


def health(stage: Stage) -> list[str]:
    place = Place(Home(Path("/nowhere")), "trial", stage.clock.at)
    return [note for note in notes(place) if "2027" in note]


def handled_by(case: Case) -> tuple[str, bool]:
    row = CaseClock.objects.get(case=case, code="handle")
    return f"{row.due_at.astimezone(CHINA):%Y-%m-%d %H:%M}", row.provisional


def told_to(case: Case) -> list[str]:
    """What the reporter is told; what staff are told of the case is not his."""
    own = Notice.objects.filter(about=f"case:{case.pk}", template__startswith="case.")
    return list(own.order_by("pk").values_list("template", flat=True))


def late(stage: Stage, case: Case, month_day_time: str) -> int:
    """Return the level of oversight above the warning that the ticker has given the case by then."""
    stage.clock.strike(month_day_time, 2027)
    case.refresh_from_db()
    return max(case.level - 1, 0)
