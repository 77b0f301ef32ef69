"""A citizen with a phone and no account, and the town officer who answers them."""

from tools.tours.walk import PHONE, Missing, Walk

WHO = "A citizen with a phone (居民), then Wei, officer of the town, who answers"


def read_the_card(walk: Walk) -> str:
    walk.open("/c/?q=bshy")
    walk.press("碧水花园")
    walk.see("小区公开", "1,086户", "待核实", "登记备案")
    walk.see_nothing_of("项目负责人", "李示例")
    walk.picture("card-phone", PHONE)
    return "finds the compound by its initials and reads what is public, each figure with its source and day"


def say_that_a_figure_is_wrong(walk: Walk) -> str:
    walk.press("这里写错了，我要纠错")
    walk.page.get_by_label("户数：").check()
    walk.page.get_by_label("数字不对").check()
    walk.page.get_by_label("应该是").fill("1,096户")
    walk.press("发送")
    walk.see("已收到，谢谢您", "请记下编号", "前答复")
    walk.remembered = walk.page.url.partition("?")[0].removeprefix(walk.address)
    return "says in two taps that a figure is wrong, and gets a code and the day of the reply"


def answer_as_the_town(walk: Walk) -> str:
    walk.become("韦示例")
    walk.page.locator("main tr").filter(has_text="居民说“户数”写错了").get_by_role("link", name="答复").first.click()
    walk.see("1,096户", "城关镇人民政府")
    walk.press("采纳并答复")
    walk.see("已答复，纠错人凭编号能看到")
    return "the town's officer finds it on 今日 and accepts it: a fact of the source 公众纠错"


def read_the_reply(walk: Walk) -> str:
    walk.open(walk.remembered)
    walk.see("已采纳", "城关镇人民政府")
    return "reads the reply under the code"


def report_a_problem(walk: Walk) -> str:
    walk.open("/c/?q=bshy")
    walk.press("碧水花园")
    walk.press("反映问题")
    walk.see("哪里有问题？先拍一张")
    walk.picture("report-phone", PHONE)
    walk.press("灯不亮")
    walk.press("发送")
    walk.see("已收到，谢谢您", "编号")
    return "reports a broken light in four presses without an account or a word typed, and gets a number and a code"


def report_a_danger(walk: Walk) -> str:
    walk.press("再报一件")
    walk.press("有危险")
    walk.see("有危险，请先打电话", "119", "110", "打完电话，再报给我们", "白天夜里都受理")
    walk.page.get_by_label("消防通道堵死").check()
    walk.picture("danger-phone", PHONE)
    walk.press("发送（加急）")
    walk.see("已收到，谢谢您", "消防通道堵死")
    return "reports a blocked fire lane: the numbers to call stand above the form and do not hold it up"


def complain_about_the_bureau(walk: Walk) -> str:
    walk.press("再报一件")
    walk.press("都不是，说不清")
    walk.page.get_by_label("县住建局").check()
    walk.press("发送")
    walk.see("已收到，谢谢您", "县住建局不管、不办")
    walk.become("陈示例")
    walk.turn_to("问题清单")
    walk.press("职能部门和街道社区履责")
    walk.see("由它回避", "原文含有个人信息，只给受理单位看")
    if walk.count("main aside .aj-do"):
        raise Missing("an officer of the bureau has something to do in a complaint about the bureau")
    return "complains about the housing bureau itself: its officer may do nothing there and reads nothing of who it was"


def look_at_a_case(walk: Walk) -> str:
    walk.become("陈示例")
    walk.turn_to("问题清单")
    walk.press("未明码标价")
    walk.see("时限", "分工", "经过", "我能办的")
    walk.picture("case")
    return "the bureau's officer sees where a case stands, its clocks in working days, who works on it, and what may be done now"


STEPS = (
    read_the_card,
    say_that_a_figure_is_wrong,
    answer_as_the_town,
    read_the_reply,
    report_a_problem,
    report_a_danger,
    complain_about_the_bureau,
    look_at_a_case,
)
