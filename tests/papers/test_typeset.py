"""What every paper must be: text and never markup, its fonts inside, stamped while it is a trial."""

import io
from typing import Any

import pytest
from pypdf import PdfReader

from anju.papers.typeset import pdf

HOSTILE = '#pagebreak() *粗* $x^2$ #import "x" <label> @ref \\ `raw` [内] #sys.inputs.data'


def paper(*, trial: bool = False, **more: Any) -> PdfReader:
    task = {"cite": "二(一)1", "heading": "全面摸清小区底数", "text": "", "units": ["县住建局", "县公安局"]}
    data = {"title": "示例方案", "source": "示例〔2026〕1号", "county": "示例县", "printed": "2026-11-24", "unit": ""}
    given = data | {"tasks": [task], "demands": []} | more
    return PdfReader(io.BytesIO(pdf("responsibilities.typ", given, trial=trial)))


def text_of(found: PdfReader) -> str:
    return "".join(page.extract_text() for page in found.pages)


def test_typeset_prints_data_as_text_and_never_as_markup() -> None:
    found = paper(title=HOSTILE, tasks=[{"cite": HOSTILE, "heading": HOSTILE, "text": "", "units": [HOSTILE]}])
    text = text_of(found).replace("\n", "").replace(" ", "")
    for part in ("#pagebreak()", "*粗*", "$x^2$", "<label>", "@ref", "`raw`", "#sys.inputs.data"):
        assert part in text
    assert len(found.pages) == 1


def test_typeset_prints_rare_signs() -> None:
    assert "𠮷祥䶮府" in text_of(paper(county="𠮷祥䶮府"))


@pytest.mark.parametrize("trial", [True, False])
def test_typeset_stamps_every_page_of_a_trial_and_none_of_the_real(trial: bool) -> None:
    task = {"cite": "二(一)1", "heading": "一项任务", "text": "", "units": ["县住建局"]}
    found = paper(trial=trial, tasks=[task] * 90)
    assert len(found.pages) > 1
    assert {"试用" in page.extract_text() for page in found.pages} == {trial}


def test_typeset_keeps_its_fonts_inside() -> None:
    found = paper()
    fonts = [font.get_object() for page in found.pages for font in page["/Resources"]["/Font"].values()]  # type: ignore[index]
    assert fonts
    for font in fonts:
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert "/FontFile3" in descriptor or "/FontFile2" in descriptor
        assert "NotoSans" in font["/BaseFont"]


def test_typeset_makes_an_archival_file() -> None:
    raw = pdf("responsibilities.typ", empty(), trial=False)
    assert b"<pdfaid:part>2</pdfaid:part>" in raw


def test_typeset_numbers_its_pages() -> None:
    task = {"cite": "二(一)1", "heading": "一项任务", "text": "", "units": ["县住建局"]}
    found = paper(tasks=[task] * 90)
    last = found.pages[-1].extract_text().replace(" ", "")
    assert f"第{len(found.pages)}页，共{len(found.pages)}页" in last


def empty() -> dict[str, Any]:
    return {
        "title": "示例方案",
        "source": "",
        "county": "示例县",
        "printed": "2026-11-24",
        "unit": "县住建局",
        "tasks": [],
        "demands": [],
    }
