"""The one table in a real browser: the keyboard walks it, its totals come by themselves, on a phone its names stay while the rest moves."""

import pytest
from playwright.sync_api import BrowserContext, Page, expect

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
    page.wait_for_url("**/table/cells/**")
    page.locator("main").get_by_label("幢数").fill("12")
    page.get_by_role("button", name="登记").click()
    page.wait_for_url("**/table/?state=company")
    walk.see("已登记")
    expect(page.locator("tr[data-row]").first).to_contain_text("12")


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
