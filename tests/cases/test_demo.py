"""The demo county's cases: one in nearly every state, made by the real services."""

from importlib import import_module

from django.db import connection

from anju.accounts.services.setup import load_demo
from anju.base.actor import SYSTEM
from anju.cases.models import Case, MatterCatalogue
from tests.people import NOW


def test_load_demo_makes_cases_in_many_states(db: None) -> None:
    load_demo(actor=SYSTEM, at=NOW)
    states = set(Case.objects.values_list("state", flat=True))
    assert states >= {
        "submitted", "accepted", "dispatched", "handling", "verifying", "feedback", "closed", "suspended", "info_needed",
        "mediating", "rejected",
    }  # fmt: skip
    assert Case.objects.get(joined=3).level > 1
    assert all("示例" in text for text in Case.objects.values_list("text", flat=True))


def test_lists_of_the_plan_come_to_an_older_county(demo: None) -> None:
    """What the migration writes from the rows is what the files say: the same codes, the same units of each item."""
    catalogue = MatterCatalogue.objects.get()
    units, items = set(catalogue.units), {code: set(units) for code, units in catalogue.items.items()}
    MatterCatalogue.objects.update(units={}, items={})
    with connection.cursor() as cursor:
        cursor.execute(import_module("anju.cases.migrations.0008_lists_of_the_plan").LISTS)
    catalogue.refresh_from_db()
    assert set(catalogue.units) == units
    assert {code: set(units) for code, units in catalogue.items.items()} == items
