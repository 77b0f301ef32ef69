"""方案二(二)7: a blocked fire lane on a Saturday night, and the same lane three days later. What is urgent runs by the clock on the wall.

Its ends, worked out by hand. 2026-10-17 is a Saturday and no 调休 (10-10 was the worked one). The office is open 8-12 and 15-18. Natural
minutes and hours run through night and Sunday; in working days the day something begins is not counted, and the end is the
midnight (24:00) after the last day; natural days that end on a day off end on the next working day.

The first time, urgency A: nobody dissuades first, the fire brigade goes.

| clock | begins | limit | counted | ends |
| --- | --- | --- | --- | --- |
| 受理 | Sat 10-17 21:30 | 30 cm | by the clock | 10-17 22:00 |
| 派遣 | Sat 10-17 21:40 | 30 cm | by the clock | 10-17 22:10 |
| 签收 | Sat 10-17 21:50 | 30 cm | by the clock, then signed by the system | 10-17 22:20 |
| 到场 | Sat 10-17 21:50 | 2 ch | by the clock | 10-17 23:50 |
| 控制险情 | Sat 10-17 21:50 | 24 ch | through Sunday | Sun 10-18 21:50 |
| 办结 | Sat 10-17 21:50 | 3 wd | Sunday off, Mon 10-19, Tue, Wed 10-21 | 10-21 24:00 |
| 核查结果 | Sat 10-17 23:30 | 1 wd | Sunday off, Mon 10-19 | 10-19 24:00 |
| 回访 | Sun 10-18 09:00 | 15 cd | Mon 11-02 | 11-02 24:00 |

The second time a fire engine can still pass: urgency B, and the company, which the law asks to stop it (物业管理条例 45), goes first.

| clock | begins | limit | counted | ends |
| --- | --- | --- | --- | --- |
| 派遣 | Tue 10-20 14:00, the office is closed | 30 cm, A as the first time | by the clock, also when made less urgent | 10-20 14:30 |
| 劝阻 | Tue 10-20 14:20 | 4 wh | 15:00-18:00 = 3 h, Wed 08:00-09:00 = 1 h | 10-21 09:00 |
| 核查结果 | Tue 10-20 16:30 | 2 wd | Wed 10-21, Thu 10-22 | 10-22 24:00 |
| 回访 | Wed 10-21 10:00 | 15 cd | Thu 11-05 | 11-05 24:00 |
"""

import re
from types import SimpleNamespace

import pytest
from django.urls import reverse

from anju.cases.models import Case
from tests.stories.stage import PHOTO, Stage, ends, fill, see, see_nothing_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_fire_lane_is_cleared_the_same_night_and_kept_clear_by_the_company(
    stage: Stage, county: SimpleNamespace
) -> None:
    place, people, clock = county.place, county.people, stage.clock
    phone, desk = stage.phone, stage.desk

    # Saturday night: the numbers stand above the form, and the form is sent all the same.
    clock.strike("10-17 21:30")
    stage.open(phone, reverse("citizen:report", args=[place.compound.card.code]))
    fill(phone, "photo", PHOTO)
    stage.press(phone, "有危险")
    see(phone, "有危险，请先打电话", "119", "打完电话，再报给我们", "白天夜里都受理")
    number, form = phone.locator('a[href="tel:119"]').bounding_box(), phone.locator("main form").bounding_box()
    assert number
    assert form
    assert number["y"] + number["height"] <= form["y"]
    stage.picture(phone, "lane-1-danger")
    phone.get_by_label("消防通道堵死").check()
    phone.get_by_text("加上几号楼").click()
    fill(phone, "phone", "13500000002")
    stage.press(phone, "发送（加急）")
    see(phone, "已收到，谢谢您")
    link = re.search(r'href="(/c/case/[^"]+)"', phone.content())
    assert link
    stage.picture(phone, "lane-2-receipt")
    case = Case.objects.get()
    assert (case.matter.code, case.urgency) == ("YJ06", "a")

    # The duty officer takes it on by the clock on the wall. What is urgent is nobody's to dissuade first.
    clock.strike("10-17 21:40")
    told = {"duplicates": True, "urgency": "a", "emergency_call": True, "cleared": "消防通道被车堵死"}
    stage.act(people.bureau_officer, case, "accept", **told)
    assert not desk.locator(f'a[href="{reverse("cases:act", args=[case.pk, "order_dissuade"])}"]').count()
    clock.strike("10-17 21:50")
    stage.act(people.bureau_officer, case, "dispatch", lead=place.fire.pk, helpers=[place.police.pk])
    assert ends(case) == {
        "accept": "10-17 22:00",
        "dispatch": "10-17 22:10",
        "sign": "10-17 22:20",
        "arrive": "10-17 23:50",
        "control": "10-18 21:50",
        "handle": "10-22 00:00",
    }
    stage.open(phone, link[1])
    see(
        phone,
        "办理中",
        "县消防救援大队",
        "险情应在 10月18日（星期日） 21:50 前控制住",
        "应在 10月21日（星期三） 前办好",
    )
    stage.picture(phone, "lane-3-status")

    # Nobody signs for it at night, so the clock does; the engine was on its way, the police find the owner of the car.
    clock.strike("10-17 22:19")
    case.refresh_from_db()
    assert case.state == "dispatched"
    clock.strike("10-17 22:20")
    case.refresh_from_db()
    assert case.state == "handling"
    clock.strike("10-17 22:40")
    stage.act(people.firefighter, case, "milestone", milestone="arrived", scene_photo=PHOTO)
    clock.strike("10-17 23:00")
    stage.act(people.firefighter, case, "milestone", milestone="guarded", scene_photo=PHOTO)
    stage.open(phone, link[1])
    see_nothing_of(phone, "前控制住")
    clock.strike("10-17 23:10")
    stage.act(people.constable, case, "task_done", reply_text="已联系车主挪车")
    see_nothing_of(desk, "13500000002")
    clock.strike("10-17 23:30")
    told = {"outcome": "eliminated", "reply_text": "通道已恢复畅通", "after_photo": None}
    stage.act(people.firefighter, case, "report_result", **told)
    stage.picture(desk, "lane-4-reported")
    assert ends(case)["verify"] == "10-20 00:00"
    assert case.level == 0  # hardly an hour of the day and night is used: nobody is urged

    # The community looks on Sunday morning, the citizen is content.
    clock.strike("10-18 09:00")
    stage.act(people.community_worker, case, "verify_pass", scene_photo=PHOTO)
    assert ends(case)["feedback"] == "11-03 00:00"
    clock.strike("10-18 12:00")
    stage.open(phone, link[1])
    with phone.expect_navigation():
        phone.get_by_role("button", name="满意", exact=True).click()
    see(phone, "已办结")

    # On Tuesday cars stand there again, but one can pass: less urgent, and the company goes first.
    clock.strike("10-20 14:00")
    phone.get_by_text("又出现了").click()
    phone.get_by_label("现在是什么情况").fill("又有人停车，还能过人")
    stage.press(phone, "重新办")
    see(phone, "已收到")
    case.refresh_from_db()
    assert (case.state, ends(case)["dispatch"]) == ("accepted", "10-20 14:30")
    clock.strike("10-20 14:10")
    told = {"matter": case.matter_id, "urgency": "b", "reason": "消防车尚能通过"}
    stage.act(people.bureau_officer, case, "reclassify", **told)
    assert (
        ends(case)["dispatch"] == "10-22 00:00"
    )  # 4 working hours instead of 30 minutes, and the whole of tomorrow is left
    clock.strike("10-20 14:20")
    told = {"dissuasion_order": "请劝离并看住", "unit": place.company.pk}
    stage.act(people.bureau_officer, case, "order_dissuade", **told)
    assert ends(case)["dissuade"] == "10-21 09:00"
    clock.strike("10-20 16:30")
    told = {"dissuasion_record": "16时到场，两名车主当场挪车", "dissuasion": "stopped", "photo": None}
    stage.act(people.manager, case, "dissuade_ok", **told)
    stage.picture(desk, "lane-5-company")
    assert ends(case)["verify"] == "10-23 00:00"
    clock.strike("10-21 10:00")
    stage.act(people.community_worker, case, "verify_pass", scene_photo=PHOTO)
    assert ends(case)["feedback"] == "11-06 00:00"
    stage.open(phone, link[1])
    with phone.expect_navigation():
        phone.get_by_role("button", name="满意", exact=True).click()
    case.refresh_from_db()
    assert (case.state, case.closing) == ("closed", "satisfied")
    stage.picture(phone, "lane-6-closed")
