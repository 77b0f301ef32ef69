"""The one table in a real browser: the keyboard walks it, its totals come by themselves, on a phone its names stay while the rest moves."""

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tools.tours.walk import Walk

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("demo")]
desk_only = pytest.mark.parametrize("width", [1440], indirect=True, ids=["desk"])
phone_only = pytest.mark.parametrize("width", [390], indirect=True, ids=["phone"])


@desk_only
def test_keyboard_walks_the_table_and_opens_a_cell(walk: Walk) -> None:
    walk.become("陈示例")
    walk.open("/table/?state=company")
    page = walk.page
    expect(page.locator("tfoot .aj-total small")).to_contain_text("个小区")
    expect(page.locator("tbody .aj-total").first).to_contain_text("失管")
    page.keyboard.press("/")
    expect(page.get_by_label("名称", exact=True)).to_be_focused()
    page.keyboard.press("Escape")
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowDown", "ArrowUp"):
        page.keyboard.press(key)
    here = page.locator(":focus")
    expect(here).to_have_attribute("data-c", "buildings")
    page.keyboard.press("Enter")
    drawer = page.get_by_role("dialog")
    expect(drawer.get_by_label("幢数")).to_be_focused()
    expect(drawer).to_contain_text("说过的")
    drawer.get_by_label("幢数").fill("很多")
    page.keyboard.press("Enter")
    expect(drawer.locator(".aj-sum")).to_be_focused()
    drawer.get_by_label("幢数").fill("12")
    drawer.get_by_role("button", name="登记").click()
    expect(page.get_by_text("已登记")).to_be_visible()
    assert page.url.endswith("/table/?state=company")
    expect(page.locator("tr[data-row]").first).to_contain_text("12")
    expect(page.locator(":focus")).to_have_attribute("data-c", "buildings")
    page.keyboard.press("ArrowRight")
    expect(page.locator(":focus")).to_have_attribute("data-c", "households")


@desk_only
def test_reader_comes_back_to_the_cell_and_place_they_left(walk: Walk) -> None:
    page, drawer = walk.page, walk.page.get_by_role("dialog")
    page.set_viewport_size({"width": 1000, "height": 600})
    walk.become("陈示例")
    walk.open("/table/")
    expect(page.locator("tfoot .aj-total small")).to_contain_text("个小区")
    for way in ("Escape", "关闭", "小区页面", "返回表格", "登记"):
        cell = page.locator("tr[data-row] td[data-c=committee_formed]").last
        cell.click()
        stood, here = cell.evaluate("cell => cell.parentElement.id"), place(page)
        assert here[0] > 0
        assert here[1] > 0
        if way == "返回表格":  # no drawer comes: the cell's page opens
            page.route("**/table/cells/**", empty_part)
        if way == "登记":
            page.unroute("**/table/cells/**")
        page.keyboard.press("Enter")
        if way == "Escape":
            expect(drawer).to_be_visible()
            page.keyboard.press("Escape")
        elif way == "返回表格":
            page.locator("main").get_by_role("link", name=way).click()
        elif way == "登记":
            drawer.locator("select[name=value]").select_option("有")
            drawer.get_by_role("button", name=way).click()
            expect(page.get_by_text("已登记")).to_be_visible()
        else:
            drawer.locator("a, button").filter(has_text=way).first.click()
        if way == "小区页面":
            page.wait_for_url("**/places/compounds/**")
            page.go_back()
        expect(page.locator(f"#{stood} [data-c=committee_formed]")).to_be_focused()
        assert page.url.endswith("/table/"), way
        assert place(page) == here, way
        page.keyboard.press("ArrowLeft")
        expect(page.locator(f"#{stood} [data-c=party_covered]")).to_be_focused()


def empty_part(route: Route) -> None:
    if "x-requested-with" in route.request.headers:
        route.fulfill(body="", content_type="text/html")
    else:
        route.continue_()


def place(page: Page) -> list[float]:
    found: list[float] = page.locator(".aj-scroll").evaluate("box => [box.scrollTop, box.scrollLeft, scrollY]")
    return found


@phone_only
def test_phone_keeps_the_names_while_the_rest_moves(walk: Walk) -> None:
    walk.become("陈示例")
    walk.open("/table/")
    walk.fits()
    page: Page = walk.page
    page.locator(".aj-scroll").evaluate("box => { box.scrollLeft = 400; }")
    left = page.locator("tr[data-row] th").first.evaluate("cell => cell.getBoundingClientRect().left")
    assert left == 0
    assert page.locator("tr[data-row] td").first.evaluate("cell => cell.getBoundingClientRect().right") < 0


@desk_only
def test_table_prints_on_a3_across(walk: Walk) -> None:
    walk.become("陈示例")
    walk.open("/table/?totals=1")
    paper = walk.page.pdf(prefer_css_page_size=True)
    boxes = [part.split(b"]")[0] for part in paper.split(b"/MediaBox [")[1:]]
    assert boxes
    assert {tuple(round(float(number)) for number in box.split()) for box in boxes} == {(0, 0, 1191, 842)}


def test_table_works_without_scripts(plain_context: BrowserContext, live_server: object) -> None:
    page = plain_context.new_page()
    page.goto(f"{live_server.url}/personas/")  # type: ignore[attr-defined]
    page.get_by_role("button", name="陈示例").first.click()
    page.goto(f"{live_server.url}/table/")  # type: ignore[attr-defined]
    page.get_by_role("link", name="显示合计").click()
    expect(page.locator("tfoot .aj-total small")).to_contain_text("个小区")
    page.get_by_text("更多条件").click()
    page.get_by_label("列", exact=True).select_option(label="是否组建业委会")
    page.get_by_label("条件").select_option("unknown")
    page.get_by_role("button", name="查看").click()
    expect(page.locator(".aj-chips")).to_contain_text("业委会 未知")
    page.locator("tr[data-row] input").first.check()
    page.get_by_role("button", name="修改选中的小区").click()
    expect(page.get_by_role("heading", name="修改选中的小区")).to_be_visible()
