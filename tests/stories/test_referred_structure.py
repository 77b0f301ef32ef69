"""方案二(二)5、9: an illegal structure, from a neighbour's telephone over a dissuasion in vain to the public ledger.

Its ends, worked out by hand. 2026: 国庆 10-01 to 10-07 off, 10-10 (Saturday) worked (国办发明电〔2025〕7号); the office is open 8-12 and
15-18. In working days the day something begins is not counted, and the end is the midnight (24:00) after the last day.

| clock | begins | limit | counted | ends |
| --- | --- | --- | --- | --- |
| 受理 | Mon 09-28 16:40 | 1 wd | Tue 09-29 | 09-29 24:00 |
| 派遣 | Tue 09-29 09:10 | 4 wh | 09:10-12:00 = 2:50, 15:00-16:10 = 1:10 | 09-29 16:10 |
| 劝阻 | Tue 09-29 16:00 | 4 wh | 16:00-18:00 = 2 h, Wed 08:00-10:00 = 2 h | 09-30 10:00 |
| 签收 | Wed 09-30 10:00 | 4 wh | 10:00-12:00 = 2 h, 15:00-17:00 = 2 h | 09-30 17:00 |
| 到场 | Wed 09-30 10:00 | 1 wd | seven days of holiday, Thu 10-08 | 10-08 24:00 |
| 核查 | Wed 09-30 10:00 | 15 wd | 10-08, 09, 10 (3), 12-16 (8), 19-23 (13), 26, 27 (15) | 10-27 24:00 |
| 办结 | Wed 09-30 10:00 | 20 wd | as far as 10-23 (13), 26-30 (18), 11-02, 03 (20) | 11-03 24:00 |
| 整改 | Fri 10-09 15:30 | as ordered | until Fri 10-23 | 10-23 24:00 |
| 核查结果 | Thu 10-22 16:00 | 2 wd | Fri 10-23, Mon 10-26 | 10-26 24:00 |
| 回访 | Fri 10-23 10:00 | 15 cd | Sat 11-07, moved to Mon 11-09 | 11-09 24:00 |
"""

import re
from types import SimpleNamespace

import pytest
from django.urls import reverse

from anju.cases.models import Case
from tests.papers.pdf_text import said
from tests.stories.stage import PHOTO, Stage, ends, fill, see, see_nothing_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_structure_from_the_code_on_the_wall_to_the_public_ledger(stage: Stage, county: SimpleNamespace) -> None:
    place, people, clock = county.place, county.people, stage.clock
    phone, desk = stage.phone, stage.desk

    # A neighbour photographs it and sends; a number is left that the company shall not see.
    clock.strike("09-28 16:40")
    stage.open(phone, reverse("citizen:report", args=[place.compound.card.code]))
    fill(phone, "photo", PHOTO)
    stage.press(phone, "乱搭乱建")
    phone.get_by_text("加上几号楼").click()
    fill(phone, "building", "3栋2单元")
    fill(phone, "phone", "13500000001")
    fill(phone, "note", "顶楼李经理亲戚在加盖，501室")
    stage.picture(phone, "1-check")
    stage.press(phone, "发送")
    see(phone, "已收到，谢谢您")
    stage.picture(phone, "2-receipt")
    case = Case.objects.get()
    link = re.search(r'href="(/c/case/[^"]+)"', phone.content())
    assert link
    code = re.findall(r"\d\d \d\d \d\d", phone.locator("main").inner_text())[-1]
    stage.open(phone, link[1])
    see(phone, "已收到", "正在看归谁办")
    stage.picture(phone, "3-status")

    # The town takes it on, and gives the company the first try.
    clock.strike("09-29 09:10")
    told = {"duplicates": True, "urgency": "b", "cleared": "3栋2单元楼顶在加盖"}
    stage.act(people.town_officer, case, "accept", **told)
    clock.strike("09-29 16:00")
    told = {"dissuasion_order": "请上门劝阻并拍照", "unit": place.company.pk}
    stage.act(people.bureau_officer, case, "order_dissuade", **told)

    # The company goes there and is turned away; it never learns who reported.
    clock.strike("09-29 17:30")
    told = {"dissuasion_record": "17时上门，住户不停工", "dissuasion": "refused"}
    stage.act(people.manager, case, "dissuade", **told, scene_photo=None)
    see_nothing_of(desk, "13500000001", "501", "李经理亲戚")
    stage.picture(desk, "4-company")
    stage.open(desk, reverse("papers:papers", args=[case.pk]))
    see(desk, "劝阻制止记录")
    stage.picture(desk, "5-company-papers")

    # It says nothing more, so at the end of its time the clock refers the case.
    clock.strike("09-30 09:59")
    case.refresh_from_db()
    assert case.state == "dissuading"
    clock.strike("09-30 10:00")
    case.refresh_from_db()
    assert (case.state, case.lead) == ("dispatched", place.law_enforcement)
    assert ends(case) == {
        "accept": "09-30 00:00",
        "dispatch": "09-29 16:10",
        "dissuade": "09-30 10:00",
        "sign": "09-30 17:00",
        "arrive": "10-09 00:00",
        "check": "10-28 00:00",
        "handle": "11-04 00:00",
    }
    stage.sit_down(people.bureau_officer, reverse("cases:case", args=[case.pk]))
    see(desk, "期满移送")
    stage.picture(desk, "6-referred")
    stage.open(phone, link[1])
    see(phone, "办理中", "县综合行政执法局", "应在 11月3日（星期二） 前", "还剩 20 个工作日")
    stage.picture(phone, "7-status")

    # 综合行政执法局 has no login: its 交办单 is printed, its 回执 entered with the scan.
    stage.sit_down(people.bureau_officer, reverse("papers:papers", args=[case.pk]))
    see(desk, "交办单", "移送单")
    paper = desk.request.get(stage.address + reverse("papers:paper", args=[case.pk, "referral"]))
    printed = said(paper.body())
    assert [word for word in ("17时上门，住户不停工", "县综合行政执法局", "示例物业公司") if word not in printed] == []
    assert "13500000001" not in printed
    stage.picture(desk, "8-papers")
    clock.strike("09-30 16:00")
    stage.act(people.bureau_officer, case, "sign", "handler", scan=None)
    clock.strike("10-08 11:00")
    stage.act(people.bureau_officer, case, "milestone", "handler", milestone="arrived", scan=None)
    told = {"meets_at": "2026-10-09T09:00", "meeting_place": "3栋2单元楼顶", "division": "执法局查处，自然资源局认定"}
    stage.act(people.bureau_officer, case, "convene_joint", **told, helpers=[place.natural_resources.pk])
    see(desk, "定于2026-10-09 09:00", "3栋2单元楼顶")
    clock.strike("10-09 11:00")
    came = {f"came_{unit.pk}": "came" for unit in (place.law_enforcement, place.natural_resources)}
    told = {"minutes": "现场认定未取得规划许可", f"who_{place.law_enforcement.pk}": "2人"}
    told[f"at_{place.natural_resources.pk}"] = "09:25"
    stage.act(people.bureau_officer, case, "joint_held", **came, **told)
    see(desk, "县综合行政执法局：到场，2人", "县自然资源局：到场，09:25（晚 25 分钟）")
    stage.act(people.surveyor, case, "task_done", reply_text="未取得建设工程规划许可")

    # Ordered, done by the person, reported on paper.
    clock.strike("10-09 15:30")
    item = {"what": "拆除楼顶加盖部分", "mark": "恢复原状，照片为证", "who": "3栋2单元当事人", "by": "2026-10-22"}
    told = {"order_number": "示例责改〔2026〕1号", "lead_signature": True}
    told |= {f"item_1_{part}": value for part, value in item.items()}
    stage.act(people.bureau_officer, case, "order_rectify", "handler", **told, until="2026-10-23", scan=None)
    stage.picture(desk, "9-rectifying")
    assert ends(case)["rectify"] == "10-24 00:00"
    clock.strike("10-22 16:00")
    stage.act(people.bureau_officer, case, "item_done", "handler", item=1, items_proof=None, scan=None)
    told = {"reply_text": "楼顶加盖部分已拆除"}
    stage.act(people.bureau_officer, case, "rectify_done", "handler", **told, after_photo=None, scan=None)
    assert ends(case)["verify"] == "10-27 00:00"

    # The community looks at the roof, the citizen rates with one press.
    clock.strike("10-23 10:00")
    stage.act(people.community_worker, case, "item_pass", item=1, scene_photo=PHOTO)
    see(desk, "拆除楼顶加盖部分", "核查通过")
    stage.act(people.community_worker, case, "verify_pass", scene_photo=PHOTO)
    assert ends(case)["feedback"] == "11-10 00:00"
    clock.strike("10-24 20:00")
    stage.open(phone, link[1])
    see(phone, "原来的链接过期了")
    stage.picture(phone, "10-expired")
    fill(phone, "code", code)
    stage.press(phone, "看办到哪了")
    see(phone, "请您评价", "楼顶加盖部分已拆除")
    stage.picture(phone, "10-rate")
    with phone.expect_navigation():
        phone.get_by_role("button", name="满意", exact=True).click()
    see(phone, "已办结")
    stage.picture(phone, "11-closed")
    case.refresh_from_db()
    assert (case.state, case.closing) == ("closed", "satisfied")

    # 问题清单 with 销号, the units' figures, and after release the public ledger.
    stage.sit_down(people.bureau_officer, reverse("ledger:problems"))
    see(desk, "县综合行政执法局", "乱搭乱建")
    stage.picture(desk, "12-problems")
    stage.open(desk, reverse("ledger:figures"))
    see(desk, "县综合行政执法局")
    stage.picture(desk, "13-figures")
    stage.open(phone, reverse("ledger:public"))
    see_nothing_of(phone, "3栋2单元")
    stage.act(people.bureau_reviewer, case, "release", preview=True)
    stage.open(phone, reverse("ledger:public"))
    stage.picture(phone, "14-public")
    stage.sit_down(people.bureau_officer, reverse("cases:case", args=[case.pk]))
    stage.picture(desk, "15-done")
