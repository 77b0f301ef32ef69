"""Terms of companies folded from what held."""

from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from anju.rules.service_terms import Held, Term, service_terms

SPRING, SUMMER, AUTUMN = date(2024, 3, 1), date(2024, 6, 1), date(2024, 9, 1)


def test_new_company_closes_the_earlier_term() -> None:
    assert service_terms([Held(1, SPRING), Held(1, SUMMER), Held(2, AUTUMN)]) == [
        Term(1, SPRING, ends_on=AUTUMN),
        Term(2, AUTUMN),
    ]


def test_no_company_closes_the_term_and_opens_none() -> None:
    assert service_terms([Held(1, SPRING), Held(None, SUMMER)]) == [Term(1, SPRING, ends_on=SUMMER)]
    assert service_terms([Held(None, SPRING)]) == []


def test_company_that_comes_back_has_a_second_term() -> None:
    terms = service_terms([Held(1, SPRING), Held(None, SUMMER), Held(1, AUTUMN)])
    assert terms == [Term(1, SPRING, ends_on=SUMMER), Term(1, AUTUMN)]


def test_telling_of_an_earlier_day_that_holds_now_shows_that_the_later_was_wrong() -> None:
    assert service_terms([Held(1, SPRING), Held(2, AUTUMN), Held(1, SUMMER)]) == [Term(1, SPRING)]
    assert service_terms([Held(2, AUTUMN), Held(1, AUTUMN)]) == [Term(1, AUTUMN)]


def test_taking_over_begins_the_term_of_today() -> None:
    assert service_terms([Held(1, SUMMER)], taken_over_on=SPRING) == [Term(1, SUMMER, starts_on=SPRING)]
    assert service_terms([Held(1, SPRING), Held(2, AUTUMN)], taken_over_on=SUMMER) == [
        Term(1, SPRING, ends_on=SUMMER),
        Term(2, AUTUMN, starts_on=SUMMER),
    ]


def test_taking_over_that_fits_no_term_is_left_aside() -> None:
    after = [Held(1, SUMMER), Held(2, AUTUMN)]
    assert service_terms(after, taken_over_on=SPRING) == service_terms(after)
    ended = [Held(1, SPRING), Held(None, SUMMER)]
    assert service_terms(ended, taken_over_on=SPRING) == service_terms(ended)
    assert service_terms([], taken_over_on=SPRING) == []


DAYS = st.sampled_from([date(2020 + year, month, 1) for year in range(5) for month in (1, 6)])
HELD = st.builds(Held, st.none() | st.integers(1, 3), DAYS)


@given(st.lists(HELD, max_size=8), st.none() | DAYS)
def test_terms_never_overlap_and_one_at_most_is_open(held: list[Held], taken_over_on: date | None) -> None:
    terms = service_terms(held, taken_over_on=taken_over_on)
    assert sum(term.ends_on is None for term in terms) <= 1
    for before, after in pairwise(terms):
        assert before.ends_on is not None
        assert before.known_on <= before.ends_on <= (after.starts_on or after.known_on)
