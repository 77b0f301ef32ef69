"""A citizen with a phone and no account, and the town officer who answers them."""

from tools.tours.walk import PHONE, Walk

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
    look_at_a_case,
)
