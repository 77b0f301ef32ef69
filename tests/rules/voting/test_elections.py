"""Elections beyond the hand-worked table."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anju.rules.voting.counting import Figures, Tally
from anju.rules.voting.decision import Verdict
from anju.rules.voting.elections import Candidate, Outcome, elect
from anju.rules.voting.profiles import CIVIL_CODE_278, REGULATION_2018

TALLY = Tally(Figures(1000, 800, None), Figures(100, 80, None))
FIELD = st.lists(st.tuples(st.integers(0, 80), st.integers(0, 800)), min_size=1, max_size=9)


def _stand(figures: list[tuple[int, int]]) -> list[Candidate]:
    return [Candidate(f"c{number}", *one) for number, one in enumerate(figures)]


@given(FIELD, st.integers(1, 5))
def test_elect_seats_only_those_with_both_majorities_and_the_best_of_them(
    figures: list[tuple[int, int]], seats: int
) -> None:
    candidates = {candidate.key: candidate for candidate in _stand(figures)}
    found = elect(TALLY, list(candidates.values()), CIVIL_CODE_278, seats=seats)
    able = {
        key for key, one in candidates.items() if 2 * (one.agree_heads or 0) > 80 and 2 * (one.agree_area or 0) > 800
    }
    assert set(found.chosen) | set(found.tied) <= able
    assert not set(found.chosen) & set(found.tied)
    assert len(found.chosen) <= seats
    if len(able) <= seats:
        assert set(found.chosen) == able
    else:
        assert len(found.chosen) + len(found.tied) >= seats
        assert bool(found.tied) is (len(found.chosen) < seats)
    votes = {key: (one.agree_heads or 0, one.agree_area or 0) for key, one in candidates.items()}
    assert all(votes[chosen] > votes[other] for chosen in found.chosen for other in found.tied)
    beaten = able - set(found.chosen) - set(found.tied)
    assert all(votes[chosen] >= votes[other] for chosen in found.chosen for other in beaten)
    assert len({votes[key] for key in found.tied}) <= 1


@given(FIELD, st.randoms(use_true_random=False))
def test_elect_does_not_see_the_order(figures: list[tuple[int, int]], rng: object) -> None:
    candidates = _stand(figures)
    shuffled = list(candidates)
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    assert elect(TALLY, candidates, CIVIL_CODE_278, seats=2) == elect(TALLY, shuffled, CIVIL_CODE_278, seats=2)


def test_elect_lists_everybody_the_best_first_with_their_decision() -> None:
    found = elect(TALLY, [Candidate("乙", 40, 500), Candidate("甲", 60, 600)], CIVIL_CODE_278, seats=1)
    assert [one.candidate.key for one in found.candidacies] == ["甲", "乙"]
    assert [one.decision.verdict for one in found.candidacies] == [Verdict.PASSED, Verdict.NOT_PASSED]
    assert found.candidacies[1].decision.tests[3].short_by == 1


def test_elect_lists_everybody_although_a_figure_is_missing() -> None:
    candidates = [Candidate("甲", None, 600), Candidate("乙", 1, 1), Candidate("丙", 0, 0)]
    found = elect(TALLY, candidates, CIVIL_CODE_278, seats=1)
    assert [one.candidate.key for one in found.candidacies] == ["乙", "甲", "丙"]
    assert found.outcome is Outcome.UNDETERMINED


def test_elect_by_the_rule_before_2021_needs_half_of_all() -> None:
    candidates = [Candidate("甲", 50, 600), Candidate("乙", 51, 501)]
    found = elect(TALLY, candidates, REGULATION_2018, seats=2)
    assert found.chosen == ("乙",)


def test_elect_counts_invalid_ballots_as_the_rules_say() -> None:
    tally = Tally(Figures(90, 55, None, invalid=5), Figures(90, 55, None, invalid=5))
    candidates = [Candidate("甲", 50, 50)]
    assert elect(tally, candidates, CIVIL_CODE_278, seats=1).outcome is Outcome.FAILED
    assert elect(tally, candidates, CIVIL_CODE_278, seats=1, invalid_participates=True).outcome is Outcome.COMPLETE


def test_elect_fails_only_below_the_fewest() -> None:
    candidates = _stand([(60, 600), (50, 500)])
    assert elect(TALLY, candidates, CIVIL_CODE_278, seats=3, fewest=2).outcome is Outcome.INCOMPLETE
    assert elect(TALLY, candidates, CIVIL_CODE_278, seats=3, fewest=3).outcome is Outcome.FAILED


@pytest.mark.parametrize(
    ("candidates", "seats"),
    [
        ([], 1),
        ([Candidate("甲", 1, 1)], 0),
        ([Candidate("甲", 1, 1), Candidate("甲", 2, 2)], 1),
        ([Candidate("甲", 81, 1)], 1),
    ],
)
def test_elect_refuses_what_is_no_election(candidates: list[Candidate], seats: int) -> None:
    with pytest.raises(ValueError, match=r"election|twice|contradict"):
        elect(TALLY, candidates, CIVIL_CODE_278, seats=seats)
