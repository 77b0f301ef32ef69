"""Somebody who has just started the product for the first time."""

from tools.tours.walk import PHONE, Walk

WHO = "A newcomer"


def open_the_empty_house(walk: Walk) -> str:
    walk.open("/")
    walk.see("看演示县", "See the demo county", "建立我县", "Found a real county", "试用")
    walk.picture("front")
    walk.picture("front-phone", PHONE)
    return "opens the empty installation: a demo county or a county of one's own, in Chinese with English below"


def read_about_founding(walk: Walk) -> str:
    walk.press("建立我县")
    walk.see("实施方案", "anju init --policy")
    return "looks into founding a county: one form, or one command on a server"


def load_the_demo_county(walk: Walk) -> str:
    walk.open("/")
    walk.press("看演示县")
    walk.see("您想以谁的身份看", "虚构", "房管所经办", "审计管理员")
    people = walk.count("button[name=persona]")
    return f"loads the demo county and may become any of its {people} people with one click"


STEPS = (open_the_empty_house, read_about_founding, load_the_demo_county)
