"""axe over the pages of every role and of a citizen, as wide as a desk screen and as a phone: nothing serious, nothing critical.

Nothing sticks out of the phone's screen either.
"""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page

from anju.accounts.models import Post, User
from anju.accounts.queries.acting import actor_of
from anju.base.actor import SYSTEM
from anju.cases.models import Case, CaseEvent
from anju.cases.queries.photos import may_review
from anju.cases.services.beginning import code_of
from anju.cases.services.papers import Paper, keep_papers, link_papers
from anju.disclosure.models import Card
from anju.inspections.models import RoundPlace
from anju.web.citizen.passes import seal_pass
from anju.web.navigation import navigation
from tests.base.pictures import picture
from tests.browsing import CHINESE, PATIENCE

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("demo")]
AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
DESK, PHONE = 1440, 390
# No `preload`: it fetches every style sheet and sound once more, for two rules: one is experimental and off, the other is of sounds.
RUN = """async () => {
  const found = await axe.run(document, {
    resultTypes: ['violations'], elementRef: false, preload: false, iframes: false,
    runOnly: {type: 'tag', values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']},
  });
  return found.violations.filter(one => ['serious', 'critical'].includes(one.impact))
    .map(one => `${one.id}: ${one.nodes.slice(0, 3).map(node => node.html.slice(0, 160)).join(' | ')}`);
}"""
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
RECORD = "main tbody th a[href], main tbody td:first-child a[href]"


class Eye:
    """One page that looks at addresses and notes what axe says of each, wide and narrow."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address = page, address
        self.axe = AXE.read_text()
        self.faults: list[str] = []

    def look(self, path: str) -> None:
        answer = self.page.goto(self.address + path)
        assert answer is not None
        assert answer.status == 200, (path, answer.status)
        self.judge(path)

    def press(self, name: str) -> None:
        """Press what leads to another page; a script may send the form only after it has made the photos small."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name).click()

    def judge(self, path: str) -> None:
        """Judge what is shown now. Evaluated, not added as a script: the page's own rules would refuse it."""
        self.page.evaluate(self.axe)
        for width in (DESK, PHONE):
            self.page.set_viewport_size({"width": width, "height": 900})
            self._note(path, width, self.page.evaluate(RUN))
        self.fits(path)

    def fits(self, path: str) -> None:
        wider = self.page.evaluate(WIDER)
        self._note(path, PHONE, [f"{wider} px wider than the screen"] if wider > 0 else [])

    def glance(self, path: str) -> None:
        """Open a page as a phone shows it."""
        self.page.goto(self.address + path)
        self.fits(path)

    def follow(self, path: str, seen: set[str]) -> None:
        """Open the first record that the list shown leads to, as a phone shows it."""
        record = self.page.locator(RECORD).first
        leads = str(record.get_attribute("href")) if record.count() else path
        if leads not in seen:
            seen.add(leads)
            self.glance(leads)

    def _note(self, path: str, width: int, found: list[str]) -> None:
        self.faults += [f"{path} at {width}: {one}" for one in found]

    def become(self, user: User) -> None:
        client = Client()
        client.force_login(user)
        value = client.cookies[settings.SESSION_COOKIE_NAME].value
        self.page.context.clear_cookies()
        self.page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": value, "url": self.address}])


@pytest.fixture
def eye(browser: Browser, live_server: Any) -> Iterator[Eye]:
    context: BrowserContext = browser.new_context(**CHINESE)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    yield Eye(page, live_server.url)
    context.close()


def one_of_each_role() -> list[User]:
    posts = Post.objects.order_by("role", "pk").distinct("role").select_related("user")
    return [post.user for post in posts]


def of_the_bureau() -> Iterator[str]:
    """One of each kind of page that a list leads to."""
    compound = Card.objects.order_by("pk").first()
    place = RoundPlace.objects.order_by("pk").first()
    assert compound is not None
    assert place is not None
    yield reverse("places:compound", args=[compound.compound_id])
    yield reverse("registry:record", args=[compound.compound_id])
    yield reverse("inspections:place", args=[place.pk])
    yield reverse("inspections:enter", args=[place.pk])
    for state, act in (("submitted", "accept"), ("accepted", "dispatch")):
        case = Case.objects.filter(state=state).order_by("pk").first()
        assert case is not None
        yield reverse("cases:act", args=[case.pk, act])
    yield reverse("cases:case", args=[Case.objects.filter(kind="final").order_by("pk").first().pk])  # type: ignore[union-attr]


@pytest.fixture
def photographed() -> tuple[User, int, str]:
    """Whoever may release the picture of a case that is over, the case, and the picture's name."""
    case = Case.objects.filter(kind="final", type="complaint").order_by("pk")[0]
    with transaction.atomic():
        kept = keep_papers(SYSTEM, [Paper("photo", "a.jpg", BytesIO(picture()), images_only=True)], timezone.now())
        link_papers(case.events.get(seq=1), kept)
    on = timezone.localdate()
    reviewers = [
        one for one in one_of_each_role() if may_review(actor_of(one, chosen_post=None, on=on), case, timezone.now())
    ]
    return reviewers[0], case.pk, kept[0][1].public_name


def test_photos_before_they_are_public_are_accessible(eye: Eye, photographed: tuple[User, int, str]) -> None:
    """As whoever may release them sees them: the list of pictures, and the grid that blackens one."""
    reviewer, case, name = photographed
    eye.become(reviewer)
    for path in (reverse("cases:photos", args=[case]), reverse("cases:blacken", args=[case, name])):
        eye.look(path)
        assert eye.page.locator("main img").count()
    assert not eye.faults


@pytest.mark.parametrize("scripts", [True, False])
def test_field_of_a_photo_is_blackened_with_a_finger(
    browser: Browser, live_server: Any, photographed: tuple[User, int, str], scripts: bool
) -> None:
    """On the smallest phone: a field is as large as a finger, a tap ticks it alone, the picture moves under the page."""
    reviewer, case, name = photographed
    phone = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "java_script_enabled": scripts}
    context = browser.new_context(**phone, **CHINESE)  # type: ignore[arg-type]
    eye = Eye(context.new_page(), live_server.url)
    eye.become(reviewer)
    eye.page.goto(live_server.url + reverse("cases:blacken", args=[case, name]))
    field = eye.page.locator('[name="cell"][value="9-20"]')
    field.scroll_into_view_if_needed()
    box = field.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 35
    eye.page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    assert [one.get_attribute("value") for one in eye.page.locator('[name="cell"]:checked').all()] == ["9-20"]
    eye.fits("blacken")
    assert not eye.faults
    with eye.page.expect_navigation():
        eye.page.get_by_role("button", name="存成涂黑的一张").click()
    assert "已另存一张涂黑的" in eye.page.locator("body").inner_text()
    context.close()


def test_desk_of_every_role_is_accessible(eye: Eye) -> None:
    seen: set[str] = set()
    for user in one_of_each_role():
        eye.become(user)
        actor = actor_of(user, chosen_post=None, on=timezone.localdate())
        pages = [item.url for group in navigation(actor, "/") for item in group.items]
        if actor.role == "bureau_officer":
            pages += list(of_the_bureau())
        for path in pages:
            if path in seen:  # by another role, to whom it may show more or less
                eye.glance(path)
            else:
                seen.add(path)
                eye.look(path)
            eye.follow(path, seen)
        seen.discard("/desk/")  # 今日 shows each role its own
    assert len(seen) > 30
    assert not eye.faults


def test_citizens_pages_are_accessible(eye: Eye) -> None:
    place = RoundPlace.objects.select_related("compound__card").order_by("pk")[0]
    code = place.compound.card.code
    for path in ("/", "/personas/", reverse("recount:page"), reverse("ledger:public"), reverse("card:find")):
        eye.look(path)
    for path in (reverse("card:card", args=[code]), reverse("citizen:ask", args=[code, place.round_id])):
        eye.look(path)
    for case in Case.objects.filter(state__in=("feedback", "handling")).exclude(lookup_digest="").order_by("pk")[:3]:
        key = CaseEvent.objects.values_list("key", flat=True).get(case=case, seq=1)
        eye.look(reverse("citizen:case", args=[seal_pass(case.number, code_of(str(key)), timezone.now())]))
    eye.look(reverse("citizen:look"))
    eye.look(reverse("citizen:report", args=[code]))
    eye.press("有危险")
    eye.judge("report of a danger")
    eye.page.go_back()
    eye.press("灯不亮")
    eye.judge("report to be checked")
    eye.page.locator("main form button.is-primary").click()
    eye.page.get_by_role("heading", name="已收到，谢谢您").wait_for()
    eye.judge("receipt")
    assert not eye.faults
