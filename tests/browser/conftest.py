"""A real browser on a real server with a database of its own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.browsing import CHINESE, PATIENCE
from tools.tours.walk import Walk


@pytest.fixture(params=[1440, 390], ids=["desk", "phone"])
def width(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def page(browser: Browser, width: int) -> Iterator[Page]:
    """A page as wide as a desk screen and then as a phone; whatever it complains of on the console fails the test."""
    context = browser.new_context(viewport={"width": width, "height": 900}, **CHINESE)  # type: ignore[arg-type]
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE)
    complaints: list[str] = []
    opened.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    yield opened
    context.close()
    assert not complaints


@pytest.fixture
def walk(page: Page, live_server: Any, tmp_path: Path) -> Walk:
    return Walk(page, live_server.url, tmp_path)


@pytest.fixture
def plain_context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that runs no scripts."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1440, "height": 900}, **CHINESE)  # type: ignore[arg-type]
    yield context
    context.close()
