"""One real browser for a whole run, whichever folder of tests asks for it first."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tools.browser import launch

CHINESE = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
PATIENCE = 30_000  # milliseconds


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Playwright keeps an event loop waiting in this thread, which Django takes for asynchronous code; nothing here runs at once."""
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        opened = launch(playwright)
        yield opened
        opened.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
