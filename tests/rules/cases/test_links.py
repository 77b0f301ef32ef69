"""The short link of a message: reads back, ends, and nothing near it opens anything."""

from datetime import date, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from anju.rules.cases.links import LENGTH, Link, read_link, sealed_link

KEY = b"a key outside the database"
DAYS = some.dates(date(2020, 1, 1), date(2199, 6, 5))
LINKS = some.builds(Link, case=some.integers(0, 2**32 - 1), until=DAYS)


@given(LINKS)
def test_link_reads_back_under_its_key_only(link: Link) -> None:
    text = sealed_link(link, KEY)
    assert (len(text), read_link(text, KEY)) == (LENGTH, link)
    assert read_link(text, b"another key") is None


@given(LINKS, some.integers(0, LENGTH - 1), some.sampled_from("ABYZabyz0189-_+/="))
@example(Link(0xF8000000, date(2020, 1, 1)), 0, "+")  # the other alphabet of base64
def test_link_with_one_character_changed_is_none(link: Link, place: int, sign: str) -> None:
    text = sealed_link(link, KEY)
    changed = text[:place] + sign + text[place + 1 :]
    assert changed == text or read_link(changed, KEY) is None


@pytest.mark.parametrize("text", ["", "none", "A" * LENGTH, "A" * 400, "案" * LENGTH, "+" * LENGTH, "=" * LENGTH])
def test_link_that_is_none_of_ours(text: str) -> None:
    assert read_link(text, KEY) is None


def test_link_opens_up_to_its_last_day() -> None:
    link = Link(7, date(2026, 12, 11))
    assert link.opens(link.until)
    assert not link.opens(link.until + timedelta(days=1))


@pytest.mark.parametrize(
    "link", [Link(2**32, date(2026, 1, 1)), Link(1, date(2019, 12, 31)), Link(1, date(2300, 1, 1))]
)
def test_link_that_does_not_fit_is_not_made(link: Link) -> None:
    with pytest.raises(OverflowError):
        sealed_link(link, KEY)
