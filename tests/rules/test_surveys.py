"""What may be shown of few answers, worked by hand."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from anju.rules.surveys import LEAST, Level, shown, tally

GOOD, FAIR, BAD, UNKNOWN = Level


def test_shown_of_four_answers_is_nothing() -> None:
    found = shown({GOOD: 4})
    assert (found.enough, found.counts, found.satisfied) == (False, {}, None)


def test_shown_of_large_counts_is_all_with_a_rate_of_those_who_know() -> None:
    found = shown({GOOD: 30, FAIR: 10, BAD: 10, UNKNOWN: 50})
    assert found.counts == {GOOD: 30, FAIR: 10, BAD: 10, UNKNOWN: 50}
    assert found.satisfied == 800


def test_shown_withholds_a_small_count_and_one_more_that_would_give_it_away() -> None:
    found = shown({GOOD: 30, FAIR: 8, BAD: 3, UNKNOWN: 20})
    assert found.counts == {GOOD: 30, UNKNOWN: 20}
    assert found.satisfied is None, "a rate would give it away"


def test_shown_with_two_small_counts_hides_both() -> None:
    assert shown({GOOD: 30, FAIR: 2, BAD: 2}).counts == {GOOD: 30, UNKNOWN: 0}


def test_shown_of_nobody_who_knows_has_no_rate() -> None:
    assert shown({UNKNOWN: 9}).satisfied is None


def test_tally_leaves_out_what_is_no_answer() -> None:
    counts = tally([{"0": "good", "1": "bad"}, {"0": "good", "7": "good", "x": "good", "1": "great"}], 2)
    assert [count[GOOD] for count in counts] == [2, 0]
    assert counts[1][BAD] == 1


def test_shown_withholds_the_other_of_two_satisfied_levels_and_keeps_the_rate() -> None:
    found = shown({GOOD: 3, FAIR: 10, BAD: 6, UNKNOWN: 2})
    assert found.counts == {BAD: 6, UNKNOWN: 2}
    assert found.satisfied == 684


def test_shown_of_what_everybody_could_work_out_is_nothing() -> None:
    assert shown({GOOD: 1, UNKNOWN: 9}).counts == {}
    assert shown({GOOD: 1, FAIR: 1, BAD: 30}).counts == {UNKNOWN: 0}
    assert shown({FAIR: 1, BAD: 1, UNKNOWN: 30}).counts == {}


@given(st.fixed_dictionaries({level: st.integers(0, 9) for level in Level}))
def test_shown_leaves_more_than_one_value_for_what_is_withheld(counts: dict[Level, int]) -> None:
    """Whoever reads it tries all answers that would look the same."""
    found = shown(counts)
    if not found.enough or not found.counts:
        return
    judged = [level for level in (GOOD, FAIR, BAD) if level not in found.counts]
    left = found.sample - sum(found.counts.values())
    possible = [
        dict(zip(judged, values, strict=True))
        for values in product(range(1, left + 1), repeat=len(judged))
        if sum(values) == left
        and shown({**found.counts, **dict(zip(judged, values, strict=True))}).satisfied == found.satisfied
    ]
    assert all(len({one[level] for one in possible}) > 1 for level in judged)


@given(st.fixed_dictionaries({level: st.integers(0, 30) for level in Level}))
def test_shown_never_shows_nor_gives_away_a_small_count(counts: dict[Level, int]) -> None:
    found = shown(counts)
    assert all(count == 0 or count >= LEAST for level, count in found.counts.items() if level is not UNKNOWN)
    hidden = [level for level in Level if level not in found.counts]
    if found.enough:
        assert len(hidden) != 1 or counts[hidden[0]] == 0 or found.sample < LEAST
