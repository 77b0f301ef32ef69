"""Without a mouse, without scripts, with large type, on paper."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from anju.accounts.models import User
from tools.tours.walk import Walk

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("demo")]
desk_only = pytest.mark.parametrize("width", [1440], indirect=True, ids=["desk"])


def focused(page: Page) -> Locator:
    return page.locator(":focus")


@desk_only
def test_keyboard_alone_reaches_the_search_the_page_and_a_row(walk: Walk) -> None:
    walk.become("陈示例")
    walk.open("/places/compounds/")
    page = walk.page
    page.keyboard.press("Tab")
    expect(focused(page)).to_have_text("跳到正文")
    expect(focused(page)).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('#main').contains(document.activeElement)")

    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("碧/水")
    expect(page.get_by_role("searchbox")).to_have_value("碧/水")

    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    second = page.locator("main tbody tr").nth(1).locator("a").first
    expect(second).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/places/compounds/*/")


@desk_only
def test_keyboard_focus_can_always_be_seen(walk: Walk) -> None:
    """Forty presses of Tab through a full page: each stop is on the screen and has a ring around it."""
    walk.become("陈示例")
    walk.open("/places/compounds/")
    for _ in range(40):
        walk.page.keyboard.press("Tab")
        ring = walk.page.evaluate(
            "(() => { const s = getComputedStyle(document.activeElement);"
            " return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0 || s.boxShadow !== 'none'; })()"
        )
        assert ring, focused(walk.page).inner_text()
        expect(focused(walk.page)).to_be_in_viewport()


@desk_only
def test_menu_of_the_person_opens_and_closes_by_keyboard(walk: Walk) -> None:
    walk.become("陈示例")
    summary = walk.page.locator(".aj-who summary")
    summary.focus()
    walk.page.keyboard.press("Enter")
    expect(walk.page.get_by_role("button", name="退出登录")).to_be_visible()
    walk.page.keyboard.press("Escape")
    expect(walk.page.get_by_role("button", name="退出登录")).to_be_hidden()
    expect(summary).to_be_focused()


def test_large_type_is_larger_stays_and_still_fits(walk: Walk) -> None:
    walk.open("/personas/")
    before = size_of_type(walk)
    walk.press("大字版")
    assert walk.page.url.endswith("/personas/")
    assert size_of_type(walk) > before * 1.15
    walk.become("陈示例")
    for path in ("/desk/", "/places/compounds/", "/places/compounds/1/", "/places/policy/", "/people/posts/"):
        walk.open(path)
        assert walk.page.locator("html.big").count() == 1
        walk.fits()


def size_of_type(walk: Walk) -> float:
    return float(walk.page.locator("h1").evaluate("node => parseFloat(getComputedStyle(node).fontSize)"))


@desk_only
def test_paper_shows_the_page_without_the_frame(walk: Walk) -> None:
    walk.become("陈示例")
    walk.open("/places/policy/")
    page = walk.page
    expect(page.locator(".aj-side")).to_be_visible()
    page.emulate_media(media="print")
    for frame in (".aj-side", ".aj-top", ".aj-filter"):
        expect(page.locator(frame).first).to_be_hidden()
    expect(page.get_by_text("全面摸清小区底数").first).to_be_visible()
    expect(page.locator(".aj-stamp")).to_be_visible()
    assert page.pdf(format="A4").startswith(b"%PDF-")


def test_everything_needed_works_without_scripts(plain_context: BrowserContext, live_server: Any) -> None:
    page = plain_context.new_page()
    page.goto(f"{live_server.url}/")
    page.get_by_role("button", name="陈示例").click()
    expect(page.get_by_role("heading", name="今日")).to_be_visible()
    page.get_by_role("navigation", name="主菜单").get_by_role("link", name="小区", exact=True).click()
    page.get_by_label("名称").fill("碧水")
    page.get_by_role("button", name="筛选").click()
    page.get_by_role("link", name="碧水花园").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("碧水花园")
    page.get_by_role("link", name="更名").click()
    page.get_by_label("新名称").fill("示例·碧水新苑")
    page.get_by_role("button", name="更名").click()
    expect(page.get_by_text("已更名")).to_be_visible()
    page.locator(".aj-who summary").click()
    page.get_by_role("button", name="退出登录").click()
    expect(page.get_by_role("heading", name="工作人员登录")).to_be_visible()


@desk_only
def test_name_with_markup_in_it_stays_text(walk: Walk) -> None:
    """What the tests of hostile input prove of the markup, a browser proves of what would run."""
    walk.become("陈示例")
    walk.open("/places/compounds/new/")
    name = "<img src=x onerror=alert(1)>苑"
    walk.page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    walk.page.get_by_label("小区名称").fill(name)
    walk.page.get_by_label("所在社区（村）").select_option(label="城关镇 › 城北社区")
    walk.page.locator("main form.aj-form button.is-primary").click()
    walk.see(f"已登记{name}")
    walk.open("/places/compounds/?q=img")
    walk.see(name)
    assert walk.page.locator("img[src=x]").count() == 0


def test_page_that_was_open_too_long_says_so(plain_context: BrowserContext, live_server: Any) -> None:
    """The browser has forgotten who it was while the form stood open: nothing is written, and the page says what to do."""
    walk = Walk(plain_context.new_page(), live_server.url, Path())
    walk.become("许示例")
    walk.open("/people/new/")
    walk.page.get_by_label("姓名").fill("晚了")
    plain_context.clear_cookies()
    walk.page.locator("main form.aj-form button.is-primary").click()
    walk.see("页面放得太久了，没有提交成功")
    assert not User.objects.filter(name="晚了").exists()
