"""Choosing persons and companies: each stands alone against both majorities (民法典 278 第一款第三、四项, 第二款)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from anju.rules.voting.counting import Tally
from anju.rules.voting.decision import Decision, Procedure, Verdict, decide
from anju.rules.voting.profiles import Matter, Profile


class Outcome(StrEnum):
    """How an election ended."""

    COMPLETE = "complete"  # every seat is filled
    INCOMPLETE = "incomplete"  # some seats stay empty, but enough for the body to exist
    TIED = "tied"  # candidates stand equal for the last seats: a run-off among `tied`
    FAILED = "failed"  # nobody, or fewer than the body needs
    UNDETERMINED = "undetermined"  # a figure is missing that could change who is chosen


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person or company and who agreed to it; None is a figure that nobody knows. Area in the tally's unit."""

    key: str
    agree_heads: int | None
    agree_area: int | None


@dataclass(frozen=True, slots=True)
class Candidacy:
    """One candidate with the decision on it."""

    candidate: Candidate
    decision: Decision


@dataclass(frozen=True, slots=True)
class Election:
    """Everybody with their decision, the best first; who is chosen; who stand equal; how it ended."""

    candidacies: tuple[Candidacy, ...]
    chosen: tuple[str, ...]
    tied: tuple[str, ...]
    outcome: Outcome


def elect(
    tally: Tally,
    candidates: Sequence[Candidate],
    profile: Profile,
    *,
    seats: int,
    fewest: int = 1,
    invalid_participates: bool = False,
) -> Election:
    """Return who is elected: each candidate needs both majorities; seats go by heads, then by area.

    Only the totals and participation of `tally` are used. Candidates equal in both for the last seats are declared tied and
    none of them is seated: the law knows no lot. With fewer than `fewest` chosen and no tie to run off, the election fails.
    Raises `ValueError` where the figures contradict each other.
    """
    _check(candidates, seats)
    procedure = Procedure(invalid_participates=invalid_participates)
    candidacies = tuple(sorted((_stand(tally, candidate, profile, procedure) for candidate in candidates), key=_rank))
    if any(candidacy.decision.verdict is Verdict.UNDETERMINED for candidacy in candidacies):
        return Election(candidacies, (), (), Outcome.UNDETERMINED)
    able = [candidacy for candidacy in candidacies if candidacy.decision.verdict is Verdict.PASSED]
    chosen, tied = _seat(able, seats)
    return Election(candidacies, chosen, tied, _outcome(len(chosen), bool(tied), seats, fewest))


def choose_company(tally: Tally, candidates: Sequence[Candidate], profile: Profile) -> Election:
    """Return which of several companies is chosen: where none has both majorities, none is (not even the foremost)."""
    return elect(tally, candidates, profile, seats=1)


def _check(candidates: Sequence[Candidate], seats: int) -> None:
    if seats < 1 or not candidates:
        raise ValueError("an election needs a seat and a candidate")
    if len({candidate.key for candidate in candidates}) != len(candidates):
        raise ValueError("a candidate stands twice")


def _stand(tally: Tally, candidate: Candidate, profile: Profile, procedure: Procedure) -> Candidacy:
    """An election is an ordinary matter (民法典 278 第一款第三项). Silent owners never follow a majority for a person."""
    own = replace(
        tally,
        area=replace(tally.area, agree=candidate.agree_area),
        heads=replace(tally.heads, agree=candidate.agree_heads),
    )
    return Candidacy(candidate, decide(own, profile, Matter.ORDINARY, procedure))


def _rank(candidacy: Candidacy) -> tuple[int, int, str]:
    candidate = candidacy.candidate
    return -(candidate.agree_heads or 0), -(candidate.agree_area or 0), candidate.key


def _votes(candidacy: Candidacy) -> tuple[int | None, int | None]:
    return candidacy.candidate.agree_heads, candidacy.candidate.agree_area


def _seat(able: Sequence[Candidacy], seats: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    if len(able) <= seats:
        return tuple(candidacy.candidate.key for candidacy in able), ()
    last, next_one = _votes(able[seats - 1]), _votes(able[seats])
    level = last if last == next_one else None
    chosen = tuple(one.candidate.key for one in able[:seats] if _votes(one) != level)
    tied = tuple(one.candidate.key for one in able if _votes(one) == level)
    return chosen, tied


def _outcome(chosen: int, tied: bool, seats: int, fewest: int) -> Outcome:
    if tied:
        return Outcome.TIED
    if chosen < fewest:
        return Outcome.FAILED
    return Outcome.COMPLETE if chosen == seats else Outcome.INCOMPLETE
