"""A story's stage: the small county with a confirmed calendar and a clock of its own, a citizen's telephone, an officer's desk."""

import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from playwright.sync_api import Browser

from anju.accounts.services.calendar import confirm_year
from anju.base.actor import SYSTEM
from anju.base.models import CalendarYear
from anju.base.services.calendar import load_calendar
from anju.cases.services.loading import load_cases
from anju.places.services.policy import read_calendar
from tests.browsing import CHINESE, PATIENCE
from tests.people import make_organisation, make_person
from tests.stories.stage import CHINA, Clock, Stage

BEGUN = datetime(2026, 9, 21, 9, 0, tzinfo=CHINA)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock(BEGUN)
    monkeypatch.setattr("django.utils.timezone.now", lambda: found.at)
    return found


def newest(year: int) -> int:
    return CalendarYear.objects.filter(year=year).latest("version").version


@pytest.fixture
def county(clock: Clock, place: SimpleNamespace, people: SimpleNamespace) -> SimpleNamespace:
    """Departments of a story, those of them who have a login, and the catalogue with its units."""
    named = {
        "law_enforcement": "县综合行政执法局",
        "natural_resources": "县自然资源局",
        "fire": "县消防救援大队",
        "police": "县公安局",
    }
    for code, name in named.items():
        setattr(place, code, make_organisation(name, "department", place.county))
    people.surveyor = make_person("pan", "潘自然", "department_officer", place.natural_resources)
    people.firefighter = make_person("tang", "唐消防", "department_officer", place.fire)
    people.constable = make_person("tan", "谭公安", "department_officer", place.police)
    load_cases(actor=SYSTEM, policy="demo", at=BEGUN)
    load_calendar(actor=SYSTEM, calendar=read_calendar("demo"), at=BEGUN)
    confirm_year(actor=people.bureau_reviewer.actor, year=2026, based_on=newest(2026), at=BEGUN)
    place.compound.refresh_from_db()
    return SimpleNamespace(place=place, people=people)


@pytest.fixture
def stage(browser: Browser, live_server: Any, county: SimpleNamespace, clock: Clock) -> Iterator[Stage]:
    contexts = [
        browser.new_context(viewport={"width": width, "height": height}, **CHINESE)  # type: ignore[arg-type]
        for width, height in ((390, 844), (1440, 900))
    ]
    phone, desk = (one.new_page() for one in contexts)
    complaints: list[str] = []
    for page in (phone, desk):
        page.set_default_timeout(PATIENCE)
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
    wanted = os.environ.get("STORY_PICTURES")
    yield Stage(live_server.url, phone, desk, clock, Path(wanted) if wanted else None)
    for one in contexts:
        one.close()
    assert not complaints
