"""何示例, who appoints to posts, and 邓示例, who reads the trail. Each is kept from the other's work."""

from tools.tours.walk import Walk

WHO = "He, security administrator (安全管理员), then Deng, audit administrator (审计管理员)"


def see_who_holds_which_post(walk: Walk) -> str:
    walk.become("何示例")
    walk.turn_to("岗位")
    walk.see("城关镇人民政府", "乡镇经办", "空缺", "交接")
    walk.picture("posts")
    return "sees who holds which post where, and which are vacant"


def hand_a_post_over(walk: Walk) -> str:
    walk.page.locator("main tr").filter(has_text="韦示例").get_by_role("link", name="交接").first.click()
    walk.page.get_by_label("接收人").fill("农示例（nong）")
    walk.page.get_by_label("原因").fill("轮岗")
    walk.press("看交接什么")
    walk.see("移交人", "接收人", "农示例")
    walk.press("办理交接")
    walk.see("已办交接")
    return "hands a town officer's post over: first what passes, then the sheet to sign"


def check_the_separation_of_duties(walk: Walk) -> str:
    walk.turn_to("岗位")
    walk.press("岗位配置检查")
    walk.see("系统管理员", "安全管理员", "审计管理员")
    return "checks that no two of the three administrators are one person, and who is missing"


def read_the_trail(walk: Walk) -> str:
    walk.become("邓示例")
    walk.turn_to("审计记录")
    walk.see("任命岗位", "结束岗位", "何示例", "登记小区", "韦示例")
    walk.picture("trail")
    return "reads the trail: the hand-over and the new compound of a minute ago stand there with who did them"


def verify_the_trail(walk: Walk) -> str:
    walk.press("校验整条链")
    walk.see("审计链完好")
    return "has every link of the chain computed again: it holds"


STEPS = (
    see_who_holds_which_post,
    hand_a_post_over,
    check_the_separation_of_duties,
    read_the_trail,
    verify_the_trail,
)
