"""A citizen with a telephone, with and without scripts: how often he presses, how much he types, whether it fits."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route

from anju.cases.models import Case, CaseFile
from anju.disclosure.models import Card
from tests.base.pictures import picture, travelled
from tests.browsing import CHINESE, PATIENCE

pytestmark = pytest.mark.browser
COMPOUND = "示例·碧水花园"
WAYS = [(360, True), (360, False), (390, True), (390, False)]


class Hand:
    """A person's hand: counts presses and typed signs; the camera's own are not counted."""

    def __init__(self, page: Page, address: str, pictures: Path, *, width: int, scripts: bool) -> None:
        self.page, self.address, self.pictures = page, address, pictures
        self.width, self.scripts = width, scripts
        self.presses = self.typed = 0

    def open(self, path: str) -> None:
        self.page.goto(self.address + path)

    def press(self, name: str, role: str = "button") -> None:
        self.presses += 1
        with self.page.expect_navigation():
            self.page.get_by_role(role, name=name).first.click()  # type: ignore[arg-type]

    def take_photo(self, content: bytes) -> None:
        self.presses += 1
        self.page.set_input_files(
            "input[type=file]", {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": content}
        )

    def type(self, label: str, text: str) -> None:
        self.typed += len(text)
        self.page.get_by_label(label).fill(text)

    def see(self, *words: str) -> None:
        shown = self.page.locator("body").inner_text()
        assert not [word for word in words if word not in shown], shown

    def fits(self, name: str) -> None:
        wide = self.page.evaluate("document.documentElement.scrollWidth") if self.scripts else 0
        assert wide <= self.width
        self.page.screenshot(path=self.pictures / f"{name}.png", full_page=True)


@pytest.fixture(params=WAYS, ids=[f"{width}{'' if scripts else '-plain'}" for width, scripts in WAYS])
def hand(
    request: pytest.FixtureRequest, browser: Browser, live_server: Any, demo: None, tmp_path: Path
) -> Iterator[Hand]:
    width, scripts = request.param
    context = browser.new_context(viewport={"width": width, "height": 780}, java_script_enabled=scripts, **CHINESE)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    yield Hand(page, live_server.url, tmp_path, width=width, scripts=scripts)
    context.close()
    assert not complaints


# Says once that 正在发送 is shown, and what a press on a button does by then; presses one as the keyboard does.
WITNESS = """new MutationObserver((_, watch) => {
  if (!document.body || !document.body.innerText.includes("正在发送")) return;
  watch.disconnect();
  const button = document.querySelector("main button[name=tile]");
  button.click();
  fetch("?witness=" + getComputedStyle(button).pointerEvents);
}).observe(document, { childList: true, subtree: true })"""


def card() -> str:
    return Card.objects.get(compound__name=COMPOUND).code


def test_report_takes_four_presses_and_no_typing(hand: Hand) -> None:
    hand.open(f"/c/{card()}/")
    hand.press("反映问题", "link")
    hand.fits("1-begin")
    hand.take_photo(picture(size=(3000, 2000), exif=travelled(), quality=95))
    hand.press("灯不亮")
    hand.see("看一眼，没错就发送", COMPOUND)
    hand.fits("2-check")
    hand.press("发送")
    hand.see("已收到，谢谢您", "编号", "查询码")
    hand.fits("3-receipt")
    assert hand.presses <= 5
    assert hand.typed == 0
    case = Case.objects.latest("pk")
    hand.see(case.number)
    file = CaseFile.objects.get(case=case).attachment
    assert (file.taken_at, file.latitude) == (None, None)
    hand.press("看办到哪了", "link")
    hand.see("已收到", "走到哪一步")
    hand.fits("4-case")


def test_report_of_a_danger_shows_the_number_first_and_lets_it_be_sent(hand: Hand) -> None:
    hand.open(f"/c/{card()}/report/")
    hand.press("有危险")
    text = hand.page.locator("main").inner_text()
    assert text.index("119") < text.index("再报给我们")
    hand.fits("5-danger")
    hand.presses += 1
    hand.page.get_by_text("井盖没了").click()
    hand.press("发送（加急）")
    hand.see("已收到")
    case = Case.objects.latest("pk")
    assert (case.matter.code, case.urgency, case.circumstances) == ("SS04", "a", ["missing_cover"])
    assert hand.presses + 1 <= 5


@pytest.mark.parametrize("hand", [way for way in WAYS if way[1]], indirect=True, ids=str)
def test_report_without_a_network_stays_as_it_is_until_there_is_one(hand: Hand) -> None:
    """Without scripts the browser says so itself and sends again what it kept."""
    hand.open(f"/c/{card()}/report/")
    hand.take_photo(picture())
    hand.page.context.set_offline(True)
    hand.page.get_by_role("button", name="漏水").click()
    hand.page.get_by_text("现在没有网").wait_for()
    hand.fits("9-offline-begin")
    hand.page.context.set_offline(False)
    hand.press("漏水")
    hand.see("照片 1 张")
    hand.page.get_by_text("加上几号楼").click()
    hand.type("补充一句", "地下室也进水了")
    hand.page.context.set_offline(True)
    hand.page.get_by_role("button", name="发送").last.click()
    hand.page.get_by_text("现在没有网").wait_for()
    hand.page.context.set_offline(False)
    hand.press("发送")
    hand.see("已收到")
    assert Case.objects.latest("pk").text.endswith("地下室也进水了")


@pytest.mark.parametrize("hand", [way for way in WAYS if way[1]], indirect=True, ids=str)
def test_report_over_a_slow_network_says_that_it_is_being_sent_and_takes_one_press(hand: Hand) -> None:
    """A browser that is on its way to another page answers no questions: the page itself says what it shows meanwhile."""
    hand.page.add_init_script(WITNESS)
    hand.open(f"/c/{card()}/report/")
    hand.take_photo(picture())
    held: list[Route] = []
    hand.page.route("**/report/", lambda route: held.append(route))
    with hand.page.expect_request("**/?witness=*") as seen:
        hand.page.get_by_role("button", name="漏水").click(no_wait_after=True)
    assert seen.value.url.endswith("?witness=none"), "no second press reaches a button"
    held[0].continue_()
    hand.see("照片 1 张", "漏水")
    assert len(held) == 1, "nor does one of the keyboard"


def test_look_up_by_number_and_code_and_join_a_neighbour(hand: Hand) -> None:
    hand.open(f"/c/{card()}/report/")
    hand.press("乱收费")
    hand.press("发送")
    number = Case.objects.latest("pk").number
    code = re.findall(r"\d\d \d\d \d\d", hand.page.locator(".aj-keep").inner_text())[-1]
    hand.open("/c/case/")
    hand.fits("6-look")
    hand.type("编号", number)
    hand.type("查询码", code)
    hand.press("看办到哪了")
    hand.see(number, "已收到")
    hand.open(f"/c/{card()}/report/")
    hand.press("乱收费")
    hand.see("您报的")
    hand.page.context.clear_cookies()  # a neighbour's telephone
    hand.open(f"/c/{card()}/report/")
    hand.press("乱收费")
    hand.see("邻居报过差不多的", "我也遇到了")
    hand.fits("7-similar")
    hand.press("我也遇到了")
    hand.see("您也遇到了", number)
    hand.fits("8-joined")
    assert Case.objects.get(number=number).joined == 1
