"""Slips of a satisfaction survey: four a page, each with its number and code."""

from datetime import date

from anju.papers.rounds import Asked, slips_pdf
from tests.papers.pdf_text import pages_of


def test_slips_pdf_has_four_a_page_each_with_its_code() -> None:
    asked = Asked("示例小区", "满意度调查", "您满意吗？", "survey", date(2026, 12, 10), "https://anju.example/r/a/")
    pages = pages_of(slips_pdf(asked, [(number, f"1234567{number:03d}") for number in range(1, 6)], trial=False))
    assert [page.count("12345-67") for page in pages] == [4, 1]
    assert "12345-67005" in pages[1]
    assert "12月10日（星期四）" in pages[0]
