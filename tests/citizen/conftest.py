"""The demo county's catalogue in the small county town, and a telephone that has opened the report's first page."""

from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from anju.base.actor import SYSTEM
from anju.cases.services.loading import load_cases
from tests.people import NOW


@pytest.fixture
def policy(place: SimpleNamespace) -> None:
    load_cases(actor=SYSTEM, policy="demo", at=NOW)


@pytest.fixture
def code(place: SimpleNamespace, policy: None) -> str:
    place.compound.refresh_from_db()
    return str(place.compound.card.code)


@pytest.fixture
def phone(code: str) -> Client:
    client = Client()
    client.get(reverse("citizen:report", args=[code]))
    return client
