"""Setting a paper with typst: a template of ours, data as JSON, one PDF out."""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst

HERE = Path(__file__).resolve().parent
STANDARD: Final = "a-2b"  # PDF/A: fonts inside, nothing fetched, readable in thirty years


def pdf(template: str, data: Mapping[str, Any], *, trial: bool) -> bytes:
    """Set `template` (a file beside this one). The data is text to be printed, never markup; a trial is stamped on every page."""
    inputs = {"data": json.dumps(data, ensure_ascii=False), "trial": "yes" if trial else "no"}
    return typst.compile(HERE / template, root=HERE, font_paths=fonts(), sys_inputs=inputs, pdf_standards=STANDARD)


@cache
def fonts() -> typst.Fonts:
    """Found once a process. The system's fonts stand behind ours for the rare signs."""
    return typst.Fonts(include_system_fonts=True, font_paths=[str(HERE / "fonts")])
