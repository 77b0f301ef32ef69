"""Setting a paper with typst: a template of ours, data as JSON, one PDF out.

Typst takes 7 MB of a process, so it is loaded with the first paper that a process sets, not with the program.
"""

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from typst import Fonts

HERE = Path(__file__).resolve().parent
STANDARD: Final = "a-2b"  # PDF/A: fonts inside, nothing fetched, readable in thirty years


def pdf(template: str, data: Mapping[str, Any], *, trial: bool) -> bytes:
    """Set `template` (a file beside this one). The data is text to be printed, never markup; a trial is stamped on every page."""
    import typst

    inputs = _inputs(data, trial)
    return typst.compile(HERE / template, root=HERE, font_paths=_fonts(), sys_inputs=inputs, pdf_standards=STANDARD)


def png(template: str, data: Mapping[str, Any], *, trial: bool, ppi: int) -> bytes:
    """Set a template of one page as a picture of `ppi` points an inch."""
    import typst

    picture: bytes = typst.compile(
        HERE / template, root=HERE, font_paths=_fonts(), sys_inputs=_inputs(data, trial), format="png", ppi=ppi
    )
    return picture


def _inputs(data: Mapping[str, Any], trial: bool) -> dict[str, str]:
    return {"data": json.dumps(data, ensure_ascii=False), "trial": "yes" if trial else "no"}


@cache
def _fonts() -> "Fonts":
    """Found once a process. The system's fonts stand behind ours for the rare signs."""
    from typst import Fonts

    return Fonts(include_system_fonts=True, font_paths=[str(HERE / "fonts")])
