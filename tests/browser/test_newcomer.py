"""The newcomer of the issue, in a browser: first through the demo county, then in a county of their own."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Browser

from anju.base.audit import verify_chain
from anju.base.models import AuditEntry
from tests.browsing import CHINESE, PATIENCE
from tools.tours.walk import Walk

pytestmark = pytest.mark.browser
desk_only = pytest.mark.parametrize("width", [1440], indirect=True, ids=["desk"])
OWN = {"admin": "Guihua-2026-jian", "hejia": "Songshu-2026-lin", "tanbing": "Baiyun-2026-shan"}


def test_newcomer_looks_at_the_demo_county(walk: Walk, width: int) -> None:
    walk.open("/")
    walk.see("看演示县", "See the demo county", "建立我县", "试用")
    walk.fits()
    walk.press("看演示县")
    walk.see("您想以谁的身份看", "虚构")
    walk.fits()
    for name, words, entries in LOOKS:
        walk.become(name)
        walk.see("今日", "示例县", *words)
        walk.fits()
        for entry, shown in entries.items():
            through_the_menu(walk, entry, width)
            walk.see(shown)
            walk.fits()


LOOKS: tuple[tuple[str, tuple[str, ...], dict[str, str]], ...] = (
    ("陈示例", ("已超期", "失管"), {"小区": "碧水花园", "单位与企业": "示例物业公司", "责任清单": "全面摸清小区底数"}),
    ("韦示例", ("老粮所宿舍",), {"小区": "碧水花园", "人员": "韦示例"}),
    ("李示例", ("1 条未读通知",), {"小区": "碧水花园"}),
    ("何示例", ("在任岗位",), {"岗位": "空缺"}),
    ("邓示例", ("审计记录",), {"审计记录": "载入演示县"}),
)


def through_the_menu(walk: Walk, entry: str, width: int) -> None:
    if width > 900:
        return walk.turn_to(entry)
    walk.press("菜单")
    walk.page.get_by_role("navigation", name="菜单", exact=True).get_by_role("link", name=entry, exact=True).click()
    return walk.page.wait_for_load_state()


@desk_only
def test_newcomer_founds_a_county(walk: Walk, browser: Browser) -> None:
    # The first administrator, with a password shown once.
    walk.open("/found/")
    walk.press("建立我县")
    walk.see("钟山县已建立", "只在这里显示这一次")
    given = walk.page.locator("#slip-code").inner_text()
    walk.press("我已记下，去登录")
    enter(walk, "admin", given)
    walk.see("没有安全管理员")

    # A unit and three people, whose passwords are shown once.
    walk.turn_to("单位与企业")
    walk.press("新增单位")
    fill(walk, 名称="县档案馆", 类型="职能部门", 所属区划="钟山县")
    walk.see("县档案馆")
    slips = {name: register(walk, name) for name in ("何甲", "韦乙", "谭丙")}
    assert len({slip for _, slip in slips.values()}) == 3
    walk.turn_to("人员")
    walk.see_nothing_of(*[slip for _, slip in slips.values()])

    # Standing in for the security administrator who is missing, and alone, because nobody else is there to agree.
    appoint(walk, person="韦乙", unit="县档案馆", role="部门经办", since=today() - timedelta(days=9))
    walk.see("县档案馆部门经办")
    appoint(walk, person="何甲", unit="县住建局", role="安全管理员", since=today())
    walk.see("本县缺第二人")
    walk.press("单人办理")
    walk.see("何甲")

    # From now on there are two, and each needs the other.
    second = elsewhere(browser, walk)
    enter(second, *slips["何甲"])
    hand_over(second, unit="县档案馆", old="韦乙", new="谭丙")
    appoint(second, person="谭丙", unit="县住建局", role="审计管理员", since=today())
    second.see("等系统管理员复核")
    second.see_nothing_of("单人办理")
    walk.open("/desk/")
    walk.press("复核")
    walk.press("同意并办理")
    walk.see("谭丙", "审计管理员")

    # The third sees it all in the trail, and nothing else.
    third = elsewhere(browser, walk)
    enter(third, *slips["谭丙"])
    third.press("谭丙")
    third.page.get_by_role("button", name="审计管理员").click()
    third.turn_to("审计记录")
    third.see("任命岗位", "结束岗位", "登记人员", "新增单位", "复核同意", "提出双人办理", "何甲", "系统管理员")
    third.see_nothing_of(*[slip for _, slip in slips.values()], *OWN.values())
    third.press("校验整条链")
    third.see("审计链完好")
    assert verify_chain() == []
    assert not AuditEntry.objects.filter(body__contains=given).exists()
    for other in (second, third):
        other.page.context.close()


def today() -> date:
    return timezone.localdate()


def elsewhere(browser: Browser, walk: Walk) -> Walk:
    """Another person at another browser."""
    page = browser.new_context(viewport={"width": 1440, "height": 900}, **CHINESE).new_page()  # type: ignore[arg-type]
    page.set_default_timeout(PATIENCE)
    return Walk(page, walk.address, walk.pictures)


def enter(walk: Walk, username: str, given: str) -> None:
    """Sign in with the one-time password, which has to be changed before anything else."""
    own = OWN[username]
    walk.open("/account/sign-in/")
    fill(walk, 用户名=username, 密码=given)
    for closed in ("/people/", "/desk/"):
        walk.page.goto(walk.address + closed)
        assert "/account/password/" in walk.page.url
    fill(walk, 现在的密码=given, 新密码=own, 再输一遍新密码=own)
    walk.page.wait_for_url("**/desk/")


def fill(walk: Walk, **fields: Any) -> None:
    """Fill the page's form by its labels and send it."""
    form = walk.page.locator("main form.aj-form").first
    for label, value in fields.items():
        field = form.get_by_label(label, exact=True)
        if field.evaluate("node => node.tagName") == "SELECT":
            option = field.locator("option").filter(has_text=value).first
            field.select_option(value=option.get_attribute("value"))
        else:
            field.fill(str(value))
    form.locator("button.is-primary").click()
    walk.page.wait_for_load_state()


def register(walk: Walk, name: str) -> tuple[str, str]:
    """Return the user name and the one-time password of a new person."""
    walk.turn_to("人员")
    walk.press("登记人员")
    fill(walk, 姓名=name)
    walk.see("账号开通单", "只在这里显示这一次")
    username = walk.page.locator(".aj-slip p").first.inner_text().rpartition("用户名 ")[2]
    return username, walk.page.locator("#slip-code").inner_text()


def appoint(walk: Walk, *, person: str, unit: str, role: str, since: date) -> None:
    walk.turn_to("岗位")
    walk.page.get_by_role("main").get_by_role("link", name="任命岗位").first.click()
    fill(walk, 人员=person, 单位=unit, 岗位=role, 起始日期=since, 原因="配齐岗位")


def hand_over(walk: Walk, *, unit: str, old: str, new: str) -> None:
    walk.turn_to("岗位")
    walk.page.get_by_label("单位名称或拼音").fill(unit)
    walk.press("筛选")
    walk.page.locator("main tr").filter(has_text=old).get_by_role("link", name="交接").click()
    fill(walk, 接收人=new, 交接日=today(), 原因="轮岗")
    walk.see("移交人", old, new)
    walk.press("办理交接")
    walk.see("已办交接")
