"""A citizen on a phone of 390 and of 360 px, without scripts, in standard and in large type."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browsing import CHINESE, PATIENCE

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("demo")]
TAP = 44  # css px that a thumb meets
WIDE, NARROW, TALL = 390, 360, 800
BOXES = "nodes => nodes.map(node => [node.getBoundingClientRect(), node.innerText]).map(([box, text]) => [box.right, box.height, text])"


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    size = {"width": WIDE, "height": TALL}
    context = browser.new_context(java_script_enabled=False, viewport=size, **CHINESE)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    yield page
    context.close()


def fits(page: Page) -> None:
    """Nothing sticks out sideways, and what is tapped alone in its line is met by a thumb; at both widths, each box asked for at once."""
    for width in (NARROW, WIDE):
        page.set_viewport_size({"width": width, "height": TALL})
        boxes = page.locator("main *:visible").evaluate_all(BOXES)
        assert boxes
        assert [text for right, _, text in boxes if right > width + 1] == []
        targets = page.locator("main .aj-btn:visible, main .aj-rows a:visible, main fieldset label:visible")
        assert [text for _, height, text in targets.evaluate_all(BOXES) if height < TAP] == []


def test_citizen_finds_reads_and_corrects_a_card(phone: Page, live_server: Any) -> None:
    phone.goto(f"{live_server.url}/c/")
    fits(phone)
    phone.get_by_label("小区名称").fill("bshy")
    phone.get_by_role("button", name="找小区").click()
    fits(phone)
    phone.locator(".aj-rows a").first.click()
    expect(phone.get_by_role("heading", name="小区公开")).to_be_visible()
    expect(phone.get_by_text("1,086户")).to_be_visible()
    expect(phone.get_by_text("待核实").first).to_be_visible()
    fits(phone)
    phone.get_by_role("button", name="大字版").click()
    expect(phone.get_by_text("1,086户")).to_be_visible()
    fits(phone)
    phone.get_by_role("link", name="这里写错了，我要纠错").click()
    fits(phone)
    phone.get_by_role("button", name="发送").click()
    expect(phone.get_by_role("alert")).to_contain_text("请选择哪一项写错了")
    phone.get_by_label("户数：").check()
    phone.get_by_label("数字不对").check()
    phone.get_by_role("button", name="发送").click()
    expect(phone.get_by_role("heading", name="已收到，谢谢您")).to_be_visible()
    fits(phone)
    code = phone.locator("output").inner_text()
    phone.goto(f"{live_server.url}/c/reply/")
    phone.get_by_label("纠错编号").fill(code)
    phone.get_by_role("button", name="查看").click()
    expect(phone.get_by_role("heading", name="正在核实")).to_be_visible()
