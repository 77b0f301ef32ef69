"""Names that would run, calculate or break, already stored everywhere: every page and file shows them as the text they are."""

import csv
import io
from types import SimpleNamespace

import pytest
from django.db.models import F, Value
from django.db.models.functions import Concat
from django.utils import timezone
from pypdf import PdfReader

from anju.accounts.models import Post, Proposal, Recusal, User
from anju.base import audit
from anju.base.actor import SYSTEM
from anju.places.models import Compound, CompoundAlias, Division, Organisation, OrganisationAlias
from anju.places.services.policy import load_policy, read_policy
from tests.web.hostile import MARKUP, Walk, open_routes
from tests.web.page_forms import Page

FORMULA, RARE = "=1+1", "𠮷䶮"
TYPST = '#panic("x") *b* $x$ @y <z> \\ `raw`'
REASONS = f"{MARKUP}{RARE}"


@pytest.fixture
def spoiled(place: SimpleNamespace, people: SimpleNamespace) -> Walk:
    """The county with a hostile name in front of everything that has a name, and in every reason."""
    walk = Walk(place, people)
    for model in (Division, Organisation, Compound, CompoundAlias, OrganisationAlias):
        model._default_manager.update(name=Concat(Value(f"{FORMULA}{MARKUP}{RARE}"), F("name")))
    User.objects.update(name=Concat(Value(f"{FORMULA}{MARKUP}"), F("name")), phone=MARKUP[:20])
    Post.objects.update(reason=REASONS)
    Recusal.objects.update(reason=REASONS)
    facts = {"compound": REASONS}
    Proposal.objects.update(reason=REASONS, payload={"args": {"compound": place.compound.pk}, "facts": facts})
    change = {"name": (MARKUP, FORMULA), MARKUP: (None, MARKUP)}
    for row in (place.compound, place.company, place.town, people.manager.user):
        audit.record(
            actor=people.bureau_officer.actor,
            action="compound.renamed",
            subject=row,
            change=change,
            note={"reason": REASONS, MARKUP: MARKUP},
            at=timezone.now(),
        )
    return walk


def test_hostile_names_are_text_on_every_page(spoiled: Walk) -> None:
    shown, active = set(), {}
    for route in open_routes(""):
        for address in spoiled.addresses(route):
            for person in spoiled.who_may(route)[:2]:
                answer = person.client.get(address)
                if answer.status_code != 200 or not answer["Content-Type"].startswith("text/html"):
                    continue
                markup = answer.content.decode()
                if found := Page(markup).active:
                    active[address] = found
                if "&lt;img src=x onerror=alert(1)&gt;" in markup:
                    shown.add(route.name)
    assert not active
    assert len(shown) > 40, shown


def test_hostile_names_are_no_formulas_in_the_exported_trail(spoiled: Walk, people: SimpleNamespace) -> None:
    answer = people.audit_admin.client.get("/audit/export.csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    cells = [cell for row in rows for cell in row]
    assert any(FORMULA in cell and RARE in cell for cell in cells)
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert len({len(row) for row in rows}) == 1


def test_hostile_names_are_text_on_paper(people: SimpleNamespace) -> None:
    load_policy(actor=SYSTEM, policy=read_policy("demo"), at=timezone.now())
    unit = Organisation.objects.filter(responsibilities__isnull=False).order_by("id")[0]
    Organisation.objects.filter(pk=unit.pk).update(name=f"{RARE}{TYPST}{MARKUP}局")
    answer = people.bureau_officer.client.get("/places/policy/pdf/", {"unit": unit.pk})
    assert answer["Content-Type"] == "application/pdf"
    printed = "".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
    flat = printed.replace("\n", "").replace(" ", "")
    for text in (RARE, TYPST, MARKUP):
        assert text.replace(" ", "") in flat, printed
