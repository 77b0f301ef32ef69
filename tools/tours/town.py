"""韦示例, who handles the work of one town."""

from tools.tours.walk import Walk

WHO = "Wei, officer of a town (乡镇经办)"


def see_one_town_only(walk: Walk) -> str:
    walk.become("韦示例")
    walk.see("老粮所宿舍")
    walk.turn_to("小区")
    walk.see("碧水花园")
    walk.see_nothing_of("站前花苑", "龙井小区")
    return f"sees the {walk.count('main tbody tr')} compounds of the own town and none of the others"


def register_a_compound(walk: Walk) -> str:
    walk.press("登记小区")
    walk.page.get_by_label("小区名称").fill("示例·导览苑")
    walk.page.get_by_label("所在社区（村）").select_option(label="城关镇 › 城北社区")
    walk.page.locator("main form button.is-primary").click()
    walk.see("已登记示例·导览苑", "登记小区（城关镇人民政府")
    return "registers a compound, whose page shows it with the first line of its history"


STEPS = (see_one_town_only, register_a_compound)
