"""What people do in a story: the citizen presses and reads on a telephone, an officer on a desk, and time passes."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from playwright.sync_api import Page

from anju.cases.models import Case, CaseClock
from anju.config.duties import act_when_time_is_out, count_ends_again
from tests.base.pictures import picture
from tests.people import Person

CHINA = ZoneInfo("Asia/Shanghai")
# A picture still on its way when the clock strikes is answered "your sign-in is over", which ends that of who sits there by then.
DRAWN = """() => Promise.all([...document.images].map(one => {
  one.loading = "eager";
  return one.decode().then(() => "", () => one.src);
})).then(all => all.filter(src => src))"""
PHOTO: Any = {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": picture()}


@dataclass
class Clock:
    """What time it is in the story."""

    at: datetime

    def strike(self, month_day_time: str, year: int = 2026) -> None:
        """Let it become that moment, `10-08 09:30`, and let the ticker do what is due."""
        at = datetime.strptime(f"{year}-{month_day_time}", "%Y-%m-%d %H:%M").replace(tzinfo=CHINA)
        assert at >= self.at, "time does not run back"
        self.at = at
        act_when_time_is_out(at)
        count_ends_again(at)


@dataclass
class Stage:
    """The two screens, where the server listens, and the folder that pictures go to (`STORY_PICTURES`)."""

    address: str
    phone: Page
    desk: Page
    clock: Clock
    pictures: Path | None

    def open(self, page: Page, path: str) -> None:
        answer = page.goto(self.address + path)
        assert answer is not None
        assert answer.status == 200, (path, answer.status)
        see_pictures(page)

    def sit_down(self, who: Person, path: str = "") -> None:
        """Somebody signs in at the desk; days may have passed, so each time anew."""
        assert who.user is not None
        who.client.force_login(who.user)
        value = who.client.cookies[settings.SESSION_COOKIE_NAME].value
        self.desk.goto("about:blank")
        self.desk.context.clear_cookies()
        self.desk.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": self.address}])
        if path:
            self.open(self.desk, path)

    def act(self, who: Person, case: Case, code: str, for_: Any = "", **told: Any) -> None:
        """Open the case, press the act, fill in its form, send it, and read that it was done."""
        self.sit_down(who, reverse("cases:case", args=[case.pk]))
        way = reverse("cases:act", args=[case.pk, code])
        link = self.desk.locator(f'a[href="{way}{f"?for={for_}" if for_ else ""}"]')
        assert link.count(), (
            code,
            case.state,
            self.desk.url,
            self.desk.locator("main").inner_text(),
        )
        self.open(self.desk, str(link.first.get_attribute("href")))
        for name, value in told.items():
            assert self.desk.locator(f'main form [name="{name}"]').count(), self.desk.locator("main").inner_text()
            fill(self.desk, name, value)
        self.picture(self.desk, f"act-{code}")
        self.send("已办")
        case.refresh_from_db()

    def send(self, answer: str) -> None:
        """Send the form on the desk, and read the answer on the page it leads to."""
        with self.desk.expect_navigation():
            self.desk.locator("main form button.is-primary").click()
        see(self.desk, answer)
        see_pictures(self.desk)

    def press(self, page: Page, words: str) -> None:
        with page.expect_navigation():
            page.locator("main a, main button").filter(has_text=words).filter(visible=True).first.click()

    def picture(self, page: Page, name: str) -> None:
        """Nothing may stick out of the page; where somebody wants to look, keep the whole of it."""
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, (name, wide)
        if self.pictures:
            page.screenshot(path=self.pictures / f"{name}.png", full_page=True)


def fill(page: Page, name: str, value: Any) -> None:
    """Give a field of any kind what belongs there: a file, a tick, a choice, several ticks, words."""
    field = page.locator(f'main form [name="{name}"]')
    kind = field.first.evaluate("one => one.type")
    match kind:
        case "file":
            field.set_input_files(value or PHOTO)
        case "select-one":
            field.select_option(str(value))
        case "radio":
            page.locator(f'main form [name="{name}"][value="{value}"]').check()
        case "checkbox":
            wanted = [str(one) for one in (value if isinstance(value, list) else [value])]
            for box in field.all():
                box.set_checked(value is True or box.get_attribute("value") in wanted)
        case _:
            field.fill(str(value))


def see(page: Page, *words: str) -> None:
    shown = page.locator("body").inner_text()
    assert not [word for word in words if word not in shown], shown


def see_pictures(page: Page) -> None:
    """Wait until every picture of the page is drawn, also those that wait for somebody to scroll there."""
    assert page.evaluate(DRAWN) == []


def see_nothing_of(page: Page, *words: str) -> None:
    shown = page.locator("body").inner_text()
    assert not [word for word in words if word in shown], shown


def ends(case: Case) -> dict[str, str]:
    """Return the end of each clock of a case that has one, as people write it."""
    rows = CaseClock.objects.filter(case=case).order_by("position")
    return {row.code: f"{row.due_at.astimezone(CHINA):%m-%d %H:%M}" for row in rows}
