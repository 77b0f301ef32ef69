"""陈示例, who handles the daily work in the county's housing bureau."""

from tools.tours.walk import PHONE, Missing, Walk

WHO = "Chen, officer of the housing bureau (房管所经办)"


def see_what_is_due(walk: Walk) -> str:
    walk.become("陈示例")
    walk.see("今日", "已超期", "失管，确定由哪个单位兜底", "失管小区")
    walk.picture("today")
    walk.picture("today-phone", PHONE)
    return f"signs in and sees {walk.count('main tbody tr:has(td)')} things to do, by deadline, one of them overdue"


def look_through_the_compounds(walk: Walk) -> str:
    walk.turn_to("小区")
    walk.see("碧水花园", "待定乡镇", "失管")
    shown = walk.count("main tbody tr")
    walk.press("城关镇")
    walk.see("碧水花园")
    walk.see_nothing_of("站前花苑")
    return f"sees all {shown} compounds of the county, then those of one town"


def open_a_compound(walk: Walk) -> str:
    walk.press("碧水花园")
    walk.see("商品住宅", "城北社区居委会", "城关镇人民政府", "变更记录", "碧水花苑")
    walk.picture("compound")
    return "opens one compound: its kind, who serves it, who answers for it, every change ever made"


def search_by_initials(walk: Walk) -> str:
    walk.page.keyboard.press("/")
    walk.page.keyboard.type("bshy")
    walk.page.keyboard.press("Enter")
    walk.page.wait_for_url("**/search/**")
    walk.see("碧水花园")
    return "presses / and types bshy: the search finds 碧水花园 by its initials"


def open_the_one_table(walk: Walk) -> str:
    walk.turn_to("一张表")
    walk.page.wait_for_selector(".aj-total small")
    walk.see("碧水花园", "城关镇", "未组建业委会", "缺")
    walk.picture("table")
    walk.press("失管小区")
    walk.see("老粮所宿舍")
    return f"opens the county's one table with its totals per town, then the {walk.count('tr[data-row]')} compounds nobody manages"


def take_the_table_along(walk: Walk) -> str:
    walk.press("导出")
    walk.see("导出什么", "失管")
    book = walk.file("Excel、WPS 表格（.xlsx）")
    if not book.startswith(b"PK"):
        raise Missing("the exported table is no workbook")
    return f"takes that view along as a workbook of {len(book) // 1024} kB"


def look_at_the_map(walk: Walk) -> str:
    walk.open("/table/map/")
    walk.page.wait_for_selector("[data-drawn]")
    walk.see("碧水花园", "概略", "管理区域")
    walk.picture("map")
    walk.press("区域重叠")
    walk.see("江畔名邸", "看边线")
    walk.press("看边线")
    walk.page.wait_for_selector("[data-drawn]")
    walk.see("重叠", "第 2 版")
    walk.picture("area")
    return "looks at the same compounds as a map, and at two management areas that claim the same ground"


def look_through_the_units(walk: Walk) -> str:
    walk.turn_to("单位与企业")
    walk.see("住建部门", "物业服务企业", "城关镇人民政府")
    walk.press("示例物业公司")
    walk.see("示例物业")
    return "opens the units and companies, and one company with its other names"


def read_the_responsibility_list(walk: Walk) -> str:
    walk.turn_to("责任清单")
    walk.see("全面摸清小区底数", "工作任务", "工作要求", "15 项")
    walk.picture("policy")
    return "reads the plan's 15 tasks and 4 requirements with the units responsible for each"


def print_the_responsibility_list(walk: Walk) -> str:
    paper = walk.file("下载 PDF")
    if not paper.startswith(b"%PDF-"):
        raise Missing("the responsibility list is no PDF")
    return f"takes it along as a PDF of {len(paper) // 1024} kB, made for the archive (PDF/A), stamped 试用"


def propose_what_may_be_public(walk: Walk) -> str:
    walk.turn_to("公开审查")
    walk.see("正在公开", "林示例", "不能公开的项目", "涉及个人信息")
    walk.picture("releases")
    walk.press("提请公开")
    walk.see_nothing_of("项目负责人电话")
    walk.page.get_by_label("绿化率").check()
    walk.page.get_by_label("审查情况和依据").fill("已按政府信息公开条例第十七条审查，不涉密、不含个人信息")
    walk.page.locator("main form button.is-primary").click()
    walk.see("等房管所复核审查")
    walk.become("林示例")
    walk.page.locator("main tr").filter(has_text="公开审查").get_by_role("link", name="审查").first.click()
    walk.press("同意公开")
    walk.see("已同意，从现在起公开")
    return "proposes one more item; the reviewer releases it, and it is public from that moment"


def print_a_poster(walk: Walk) -> str:
    walk.become("陈示例")
    walk.open("/disclosure/posters/?q=bshy")
    walk.see("碧水花园")
    pk = walk.page.locator("input[name=compound]").first.get_attribute("value")
    answer = walk.page.request.get(f"{walk.address}/disclosure/posters/pdf/?compound={pk}&paper=a3")
    if not answer.body().startswith(b"%PDF-"):
        raise Missing("the poster is no PDF")
    return f"prints the compound's A3 poster with its QR code, {len(answer.body()) // 1024} kB"


def look_at_the_working_days(walk: Walk) -> str:
    walk.turn_to("工作日历")
    walk.see("工作日", "登记的人和确认的人分开", "办公时间")
    walk.picture("calendar")
    return "looks at the year by which every deadline is counted: days off, worked weekends, office hours, who entered and who confirmed it"


STEPS = (
    see_what_is_due,
    look_through_the_compounds,
    open_a_compound,
    search_by_initials,
    open_the_one_table,
    take_the_table_along,
    look_at_the_map,
    look_through_the_units,
    read_the_responsibility_list,
    print_the_responsibility_list,
    propose_what_may_be_public,
    print_a_poster,
    look_at_the_working_days,
)
