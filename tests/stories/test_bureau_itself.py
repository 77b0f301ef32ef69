"""方案二(一)2: a complaint about 县住建局 itself. It may neither take it on, nor give it out, nor verify it, nor learn whose it is.

The town takes it on, the county's supervisor names who handles it (指定管辖), 县政府办 does, on paper; another officer of the town verifies
and the supervisor releases it. Who reported gave name and number: the town and the supervisor may see them, the bureau may not.

Its ends, worked out by hand. The office is open 8-12 and 15-18; in working days the day something begins is not counted, and the end is
the midnight (24:00) after the last day; no holiday falls between.

| clock | begins | limit | counted | ends |
| --- | --- | --- | --- | --- |
| 受理 | Fri 10-16 17:30 | 1 wd | Mon 10-19 | 10-19 24:00 |
| 派遣 | Mon 10-19 09:00 | 4 wh | 09:00-12:00 = 3 h, 15:00-16:00 = 1 h | 10-19 16:00 |
| 签收 | Mon 10-19 15:30 | 4 wh | 15:30-18:00 = 2:30, Tue 08:00-09:30 = 1:30 | 10-20 09:30 |
| 首次联系 | Mon 10-19 15:30 | 1 wd | Tue 10-20 | 10-20 24:00 |
| 办结 | Mon 10-19 15:30 | 7 wd | 20-23 (4), 26, 27, 28 (7) | 10-28 24:00 |
| 核查 | Tue 10-27 10:00 | 2 wd | Wed 10-28, Thu 10-29 | 10-29 24:00 |
| 回访 | Wed 10-28 10:00 | 15 cd | Thu 11-12 | 11-12 24:00 |
"""

import re
from types import SimpleNamespace

import pytest
from django.urls import reverse

from anju.base.models import AuditEntry
from anju.cases.models import Case
from tests.people import make_person
from tests.stories.stage import Stage, ends, fill, see

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NAME, NUMBER, ROOM = "黄秋雁", "13500000003", "2栋801室"


def test_bureau_never_handles_nor_reads_who_complained_about_it(stage: Stage, county: SimpleNamespace) -> None:
    place, people, clock = county.place, county.people, stage.clock
    phone, desk = stage.phone, stage.desk
    people.second_of_town = make_person("nong", "农城关", "town_officer", place.town_office, division=place.town)

    # 说不清, then: it is 县住建局 that does nothing.
    clock.strike("10-16 17:30")
    stage.open(phone, reverse("citizen:report", args=[place.compound.card.code]))
    stage.press(phone, "都不是，说不清")
    phone.get_by_label("县住建局").check()
    phone.get_by_text("加上几号楼").click()
    fill(phone, "note", f"报修三个月没人管，我住{ROOM}")
    fill(phone, "phone", NUMBER)
    fill(phone, "name", NAME)
    fill(phone, "mode", "named")
    stage.picture(phone, "bureau-1-check")
    stage.press(phone, "发送")
    see(phone, "已收到，谢谢您", "县住建局不管、不办")
    link = re.search(r'href="(/c/case/[^"]+)"', phone.content())
    assert link
    case = Case.objects.get()
    assert (case.matter.code, ends(case)) == ("PC03", {"accept": "10-20 00:00"})

    # From the first minute nothing of it is the bureau's to do, and nothing of the reporter its to read.
    reads_nothing(stage, people, case)
    see(desk, "由它回避。等乡镇或社区受理")
    stage.picture(desk, "bureau-2-bureau")
    clock.strike("10-19 09:00")
    stage.sit_down(people.town_officer, reverse("cases:case", args=[case.pk]))
    see(desk, "黄**", "135****0003")
    told = {"duplicates": True, "urgency": "b", "cleared": "报修三个月没人管"}
    stage.act(people.town_officer, case, "accept", **told)
    assert ends(case)["dispatch"] == "10-19 16:00"
    reads_nothing(stage, people, case)
    see(desk, "报修三个月没人管")

    # Whom it goes to is the county supervisor's word; 县政府办 has no login, so its papers are entered by the town.
    clock.strike("10-19 15:30")
    stage.sit_down(people.supervisor, reverse("cases:act", args=[case.pk, "adjudicate"]))
    see(desk, "县政府办")
    stage.picture(desk, "bureau-3-adjudicate")
    told = {"ruling": "由县政府办办理，县住建局回避", "lead": place.government.pk}
    stage.act(people.supervisor, case, "adjudicate", **told)
    assert ends(case) == {
        "accept": "10-20 00:00",
        "dispatch": "10-19 16:00",
        "sign": "10-20 09:30",
        "contact": "10-21 00:00",
        "handle": "10-29 00:00",
    }
    stage.open(phone, link[1])
    see(phone, "办理中", "县政府办", "应在 10月28日（星期三） 前")
    clock.strike("10-20 09:00")
    stage.act(people.town_officer, case, "sign", "handler", scan=None)
    clock.strike("10-20 11:00")
    stage.act(people.town_officer, case, "milestone", "handler", milestone="contact", scan=None)
    clock.strike("10-27 10:00")
    told = {"outcome": "solved", "reply_text": "已责成县住建局派人修好", "no_photo_reason": "已电话确认", "scan": None}
    stage.act(people.town_officer, case, "report_result", "unit_lead", **told)
    assert ends(case)["verify"] == "10-30 00:00"

    # Nobody of the bureau verifies, nor the supervisor's own office, nor who entered its papers: another officer of the town does.
    for who in (
        people.bureau_officer,
        people.bureau_reviewer,
        people.supervisor,
        people.town_officer,
        people.community_worker,
    ):
        stage.sit_down(who, reverse("cases:case", args=[case.pk]))
        assert not acts_on(stage, case) & {"verify_pass", "verify_close", "verify_fail"}
    clock.strike("10-28 10:00")
    told = {"call_note": "反映人说已经修好"}
    stage.act(people.second_of_town, case, "verify_pass", **told)
    assert ends(case)["feedback"] == "11-13 00:00"
    clock.strike("10-28 20:00")
    stage.open(phone, link[1])
    see(phone, "请您评价")
    with phone.expect_navigation():
        phone.get_by_role("button", name="满意", exact=True).click()
    see(phone, "已办结")
    stage.picture(phone, "bureau-4-closed")

    # Nor does it release what was said of it; and to the end it has read nothing.
    reads_nothing(stage, people, case)
    stage.act(people.supervisor, case, "release", preview=True)
    assert case.released
    assert not AuditEntry.objects.filter(action="case.reporter_revealed").exists()


def reads_nothing(stage: Stage, people: SimpleNamespace, case: Case) -> None:
    """No page that anybody of the bureau can open has a word of the reporter, and none of them has an act to do."""
    paths = [
        reverse("home:today"),
        reverse("cases:case", args=[case.pk]),
        reverse("cases:list"),
        reverse("papers:papers", args=[case.pk]),
        reverse("ledger:problems"),
    ]
    for who in (people.bureau_officer, people.bureau_reviewer, people.manager):
        for path in paths:
            hides(path, who.client.get(path).content.decode())
        asked = who.client.post(reverse("cases:reporter", args=[case.pk]), {"reason": "核实情况"}, follow=True)
        hides("reporter", asked.content.decode())
    stage.sit_down(people.bureau_officer, reverse("cases:case", args=[case.pk]))
    assert acts_on(stage, case) == set()


def hides(path: str, said: str) -> None:
    assert not [word for word in (NAME, "黄**", NUMBER, "135****0003", ROOM) if word in said], path


def acts_on(stage: Stage, case: Case) -> set[str]:
    """Return the acts that the page of a case offers, also those entered for others."""
    hrefs = [one.get_attribute("href") or "" for one in stage.desk.locator("main aside a").all()]
    return {found[1] for href in hrefs if (found := re.search(rf"/cases/{case.pk}/act/(\w+)/", href))}
