"""What hostile or merely careless people send, and every form of the product to send it to."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse

from anju.places.models import CompoundAlias, OrganisationAlias
from anju.rules.permissions import Permission
from tests.house.routes import Route, all_routes
from tests.house.samples import KINDS, ROWS, make_samples
from tests.people import Person
from tests.web.page_forms import Form, Page

MARKUP = "<img src=x onerror=alert(1)>"
RUNS = "alert(1)"  # in everything of these that would run
EACH = (f"碧水{MARKUP}苑", "碧\0水", "苑\u202egnp.exe", "碧" * 10_000, "９９９９-99-99")  # in each line by itself
TOGETHER = (
    "</textarea><script>alert(1)</script>",
    '" autofocus onfocus=alert(1) x="',
    "𠮷祥䶮",
    "' OR 1=1 --\\ % {{ 7|add:7 }}{% debug %}",
    '=HYPERLINK("http://evil.example","x")',
    "\r\nSet-Cookie: evil=1",
    "",
)
IDS = ("x", "-1", "1" + "0" * 30, "１２３", "碧\0水", "1 OR 1=1", "", "999999999999999999")
OUR_FRAME = ("/type/", "/desk/post/", "/desk/search/", "/account/sign-out/")  # forms that stand on every page
CALM = {200, 302, 400, 404, 405, 422}

Offer = tuple[Person, Form]
_SECONDS = ("bureau_reviewer", "system_admin", "security_admin")  # they see buttons that others do not


class Walk:
    """The addresses behind the door, the people who may open each, and the forms they find there."""

    def __init__(self, place: SimpleNamespace, people: SimpleNamespace) -> None:
        self.samples = make_samples(place, people)
        known = {name: person for name, person in vars(people).items() if person.user is not None}
        self._rights = [(name, person, person.actor.permissions) for name, person in known.items()]
        CompoundAlias.objects.create(compound=place.compound, name="旧称")
        OrganisationAlias.objects.create(organisation=place.company, name="旧称")

    def who_may(self, route: Route, among: tuple[str, ...] = ()) -> list[Person]:
        able = [(name, person) for name, person, rights in self._rights if route.door in {*rights, "signed-in"}]
        return [person for name, person in able if not among or name in among]

    def someone(self, route: Route) -> Person:
        return self.who_may(route)[0]

    def addresses(self, route: Route) -> list[str]:
        if not route.keys:
            return [reverse(route.name)]
        return [reverse(route.name, kwargs=self.samples[kind]) for kind in KINDS[ROWS[route.name]]]

    def offers(self, prefix: str) -> list[Offer]:
        """Return each form that the pages below `prefix` offer, once, with somebody who may send it."""
        found: dict[tuple[str, tuple[str, ...]], Offer] = {}
        for route in open_routes(prefix):
            for person, page in self._pages(route):
                for form in page.forms:
                    if form.action not in OUR_FRAME:
                        found.setdefault((form.action, tuple(sorted(form.values))), (person, form))
        return list(found.values())

    def _pages(self, route: Route) -> Iterator[tuple[Person, Page]]:
        """Look with the first who sees something, and with those who are asked to be the second person."""
        address = self.addresses(route)[0]
        seconds = self.who_may(route, _SECONDS) if route.pattern.startswith("people/") else []
        for person in [*self.who_may(route), *seconds]:
            page = _read(person, address)
            if page is None:
                continue
            yield person, page
            yield from ((person, after) for form in page.forms if (after := _after(person, form)))
            if person in seconds or not seconds:
                return


def _after(person: Person, form: Form) -> Page | None:
    """A question asked by GET may lead to a second page with a form of its own."""
    asks = form.method == "get" and form.action not in OUR_FRAME and "on" in form.typed
    return _read(person, form.action, form.values) if asks else None


def _read(person: Person, address: str, asked: dict[str, str] | None = None) -> Page | None:
    answer = person.client.get(address, asked or {})
    readable = answer.status_code == 200 and answer["Content-Type"].startswith("text/html")
    return Page(answer.content.decode(), address) if readable else None


def open_routes(prefix: str) -> list[Route]:
    """Return the routes below an address that somebody signed in can open."""
    doors = {"signed-in", *Permission}
    return [route for route in all_routes() if route.pattern.startswith(prefix) and route.door in doors]


@contextmanager
def undone() -> Iterator[None]:
    """Try something and leave no trace of it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def send(person: Person, form: Form, changed: dict[str, str]) -> Any:
    """Send a form as it stands, with some fields changed, and a file that is none where it asks for one."""
    values: dict[str, Any] = form.values | changed
    if form.method == "get":
        return person.client.get(form.action, values)
    files = {name: SimpleUploadedFile(f"..\\{MARKUP}.xlsx", b"PK\x03\x04\0\0not a workbook") for name in form.files}
    return person.client.post(form.action, values | files)


def variants(form: Form) -> Iterator[dict[str, str]]:
    """Yield what to change in a form: some texts in each line alone, others in all at once, ids in every choice."""
    for name in form.typed:
        yield from ({name: text} for text in EACH)
    for text in TOGETHER if form.typed else ():
        yield dict.fromkeys(form.typed, text)
    picked = [*form.chosen, *form.hidden]
    for pk in IDS if picked else ():
        yield dict.fromkeys(picked, pk)


def fault(answer: Any) -> str:
    """Return what is wrong with an answer to hostile input; empty where nothing is."""
    if answer.status_code not in CALM:
        return f"status {answer.status_code}"
    if "evil" in answer.cookies:
        return "a cookie was set"
    target = answer.headers.get("Location", "")
    if answer.status_code == 302 and (not target.startswith(("/", "?")) or target.startswith("//")):
        return f"sent to {target}"
    if answer.streaming or not answer.headers.get("Content-Type", "").startswith("text/html"):
        return ""
    text = answer.content.decode()
    return " ".join(Page(text).active) if RUNS in text else ""  # to read a page takes as long as to make it
