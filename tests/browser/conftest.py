"""A real browser on a real server with a database of its own."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tools.browser import launch
from tools.tours.walk import Walk

CHINESE = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
PATIENCE = 10_000  # milliseconds


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Playwright keeps an event loop waiting in this thread, which Django takes for asynchronous code; nothing here runs at once."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        opened = launch(playwright)
        yield opened
        opened.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


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
