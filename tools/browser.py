"""Debian's Chromium, headless, driven by Playwright."""

from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Playwright

# The shell is the same engine without a window: it takes a quarter less of the processor.
_PLACES: Final = (Path("/usr/bin/chromium-headless-shell"), Path("/usr/bin/chromium"))
CHROMIUM: Final = next((place for place in _PLACES if place.exists()), _PLACES[0])
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def launch(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
