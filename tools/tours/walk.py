"""What a person on the tour can do: open a page, press what they see, look for words, take a picture."""

from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, TimeoutError

DESK, PHONE = (1440, 900), (390, 844)
LARGEST = 300_000  # bytes of a picture
PATIENCE = 5_000  # milliseconds until a page must show what was asked for
_ALL_THERE = "words => words.every(word => document.body.innerText.includes(word))"


class Missing(Exception):
    """Something that the tour names is not there."""


@dataclass
class Walk:
    """One browser window at the product. `pictures` is the folder they are kept in, `remembered` an address to come back to."""

    page: Page
    address: str
    pictures: Path
    remembered: str = ""

    def open(self, path: str) -> None:
        answer = self.page.goto(self.address + path)
        if answer is None or answer.status != 200:
            raise Missing(f"{path} answers {answer.status if answer else 'nothing'}")

    def press(self, words: str) -> None:
        """Press the link or button that says so; where several do, the first that can be seen, outside the sidebar if possible."""
        wanted = self.page.locator("a, button, summary").filter(has_text=words).filter(visible=True)
        try:
            wanted.first.wait_for(timeout=PATIENCE)
        except TimeoutError as waited:
            raise Missing(f"nothing to press says {words} on {self.page.url}") from waited
        inside = self.page.locator("main").locator("a, button, summary").filter(has_text=words).filter(visible=True)
        (inside if inside.count() else wanted).first.click()
        self.page.wait_for_load_state()

    def turn_to(self, entry: str) -> None:
        """Press an entry of the sidebar."""
        self.page.get_by_role("navigation", name="主菜单").get_by_role("link", name=entry, exact=True).click()
        self.page.wait_for_load_state()

    def see(self, *words: str) -> None:
        try:
            self.page.wait_for_function(_ALL_THERE, arg=list(words), timeout=PATIENCE)
        except TimeoutError as waited:
            text = self.page.locator("body").inner_text()
            missing = [word for word in words if word not in text]
            raise Missing(f"{', '.join(missing)} on {self.page.url}") from waited

    def see_nothing_of(self, *words: str) -> None:
        text = self.page.locator("body").inner_text()
        if shown := [word for word in words if word in text]:
            raise Missing(f"{', '.join(shown)} should not stand on {self.page.url}")

    def count(self, selector: str) -> int:
        return self.page.locator(selector).count()

    def become(self, name: str) -> None:
        """Sign in as a person of the demo county, with one click."""
        self.open("/personas/")
        self.press(name)
        self.see(name)

    def file(self, words: str) -> bytes:
        """Fetch what a link leads to, as the same person."""
        link = self.page.get_by_role("link", name=words).get_attribute("href") or ""
        answer = self.page.request.get(self.address + link if link.startswith("/") else self.page.url + link)
        if not answer.ok:
            raise Missing(f"{words} answers {answer.status}")
        return answer.body()

    def picture(self, name: str, size: tuple[int, int] = DESK) -> None:
        """Keep what is on the screen, with nothing focused and everything loaded."""
        self.page.set_viewport_size({"width": size[0], "height": size[1]})
        self.page.evaluate(
            "async () => { document.activeElement?.blur(); scrollTo(0, 0); await document.fonts.ready; }"
        )
        target = self.pictures / f"{name}.png"
        self.page.screenshot(path=target, animations="disabled", caret="hide")
        self.page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
        if target.stat().st_size > LARGEST:
            raise Missing(f"{target.name} has {target.stat().st_size} bytes, more than {LARGEST}")

    def fits(self) -> None:
        """Nothing sticks out of a phone's screen."""
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            raise Missing(f"{self.page.url} is {wide} px wider than the screen")
