"""What a tally decides: four tests, each with its numbers, and the verdict that follows from them (民法典 278 第二款)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from anju.rules.voting.counting import Figures, Tally
from anju.rules.voting.profiles import Matter, Profile, Threshold, Whole


class Verdict(StrEnum):
    PASSED = "passed"
    NOT_PASSED = "not_passed"
    UNDETERMINED = "undetermined"


class Measure(StrEnum):
    AREA = "area"
    HEADS = "heads"


class Step(StrEnum):
    PARTICIPATION = "participation"
    CONSENT = "consent"


@dataclass(frozen=True, slots=True)
class Procedure:
    """What the assembly's own rules of procedure say where the law leaves room. The defaults follow the letter of 278."""

    silent_counts_with_majority: bool = False
    invalid_participates: bool = False


@dataclass(frozen=True, slots=True)
class Check:
    """One comparison: `have` of `of` against the threshold; `need` is the least that is enough; None is not known."""

    step: Step
    measure: Measure
    threshold: Threshold
    article: str
    have: int | None
    of: int | None
    need: int | None
    passed: bool | None

    @property
    def name(self) -> str:
        return f"{self.step}_{self.measure}"

    @property
    def short_by(self) -> int | None:
        """What was lacking: 0 where the test is passed."""
        if self.passed is None or self.have is None or self.need is None:
            return None
        return max(0, self.need - self.have)


@dataclass(frozen=True, slots=True)
class Reading:
    """The verdict under one set of rules of procedure."""

    procedure: Procedure
    verdict: Verdict
    tests: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict with everything it rests on. `without_silent` and `other_invalid` are the readings to be shown beside it."""

    profile: Profile
    matter: Matter
    tally: Tally
    reading: Reading
    missing: tuple[str, ...]
    silent_followed: bool | None
    without_silent: Reading | None
    other_invalid: Reading | None

    @property
    def verdict(self) -> Verdict:
        return self.reading.verdict

    @property
    def tests(self) -> tuple[Check, ...]:
        return self.reading.tests


def decide(tally: Tally, profile: Profile, matter: Matter, procedure: Procedure) -> Decision:
    """Return what the owners decided: participation first, then consent, each by area and by heads (民法典 278 第二款).

    A missing figure leaves its tests open; one failed test decides all the same (全部通过才算通过). A total of zero decides
    nothing. Silent owners are added to an agreeing majority only where the rules of procedure say so, and then both
    readings are kept; the other reading of invalid ballots is kept where it would change the verdict.
    """
    reading = _read(tally, profile, matter, procedure)
    return Decision(
        profile=profile,
        matter=matter,
        tally=tally,
        reading=reading,
        missing=tuple(_missing(tally)),
        silent_followed=_follows(tally, procedure),
        without_silent=_without_silent(tally, profile, matter, procedure),
        other_invalid=_other_invalid(tally, profile, matter, reading),
    )


def _without_silent(tally: Tally, profile: Profile, matter: Matter, procedure: Procedure) -> Reading | None:
    if not procedure.silent_counts_with_majority:
        return None
    return _read(tally, profile, matter, replace(procedure, silent_counts_with_majority=False))


def _other_invalid(tally: Tally, profile: Profile, matter: Matter, reading: Reading) -> Reading | None:
    procedure = replace(reading.procedure, invalid_participates=not reading.procedure.invalid_participates)
    other = _read(tally, profile, matter, procedure)
    return other if other.verdict is not reading.verdict else None


def _read(tally: Tally, profile: Profile, matter: Matter, procedure: Procedure) -> Reading:
    follows = _follows(tally, procedure)
    if follows is None:
        plain = _tests(tally, profile, matter, procedure, add_silent=False)
        added = _tests(tally, profile, matter, procedure, add_silent=True)
        tests = tuple(_where_both_agree(one, other) for one, other in zip(plain, added, strict=True))
    else:
        tests = _tests(tally, profile, matter, procedure, add_silent=follows)
    if 0 in (tally.area.total, tally.heads.total):
        tests = tuple(replace(test, need=None, passed=None) for test in tests)
    return Reading(procedure, verdict_of(tests), tests)


def _where_both_agree(plain: Check, added: Check) -> Check:
    return plain if plain.passed is added.passed else replace(plain, passed=None)


def verdict_of(tests: tuple[Check, ...]) -> Verdict:
    """Return what the tests say together: one failure is enough, and only all passed is passed."""
    if any(test.passed is False for test in tests):
        return Verdict.NOT_PASSED
    if all(test.passed for test in tests):
        return Verdict.PASSED
    return Verdict.UNDETERMINED


def _follows(tally: Tally, procedure: Procedure) -> bool | None:
    """Say whether the silent are added to the agreeing; None where the figures do not tell.

    They can follow a majority, never make one: those who agree must already be more than half of those who took part, by
    area and by heads. Where they are not, the motion has failed on the votes given, and nobody is added to anything.
    """
    if not procedure.silent_counts_with_majority:
        return False
    majorities = [_agreeing_majority(figures, procedure) for figures in (tally.area, tally.heads)]
    if False in majorities:
        return False
    return None if None in majorities else True


def _agreeing_majority(figures: Figures, procedure: Procedure) -> bool | None:
    took_part = _took_part(figures, procedure)
    if took_part is None or figures.agree is None:
        return None
    return 2 * figures.agree > took_part


def _took_part(figures: Figures, procedure: Procedure) -> int | None:
    if figures.participating is None or not procedure.invalid_participates:
        return figures.participating
    return figures.participating + figures.invalid


def _tests(
    tally: Tally, profile: Profile, matter: Matter, procedure: Procedure, *, add_silent: bool
) -> tuple[Check, ...]:
    measures = (Measure.AREA, tally.area), (Measure.HEADS, tally.heads)
    tests = []
    for step in Step:
        for measure, figures in measures:
            have, of = _have_and_of(step, figures, profile, procedure, add_silent=add_silent)
            tests.append(_test(step, measure, profile, matter, have, of))
    return tuple(tests)


def _have_and_of(
    step: Step, figures: Figures, profile: Profile, procedure: Procedure, *, add_silent: bool
) -> tuple[int | None, int | None]:
    added = figures.silent if add_silent else 0
    took_part = _plus(_took_part(figures, procedure), added)
    if step is Step.PARTICIPATION:
        return took_part, figures.total
    whole = took_part if profile.consent_of is Whole.PARTICIPANTS else figures.total
    return _plus(figures.agree, added), whole


def _plus(figure: int | None, added: int | None) -> int | None:
    return None if figure is None or added is None else figure + added


def _test(step: Step, measure: Measure, profile: Profile, matter: Matter, have: int | None, of: int | None) -> Check:
    participation = step is Step.PARTICIPATION
    threshold = profile.participation if participation else profile.consent[matter]
    article = profile.participation_article if participation else profile.consent_article[matter]
    need = threshold.least(of) if of else None  # of nothing, no share can be taken
    passed = threshold.is_met(have, of) if of and have is not None else None
    return Check(step, measure, threshold, article, have, of, need, passed)


def _missing(tally: Tally) -> Iterator[str]:
    """Yield the names of the figures that are not known, and of totals that are zero and so cannot be meant."""
    for prefix, part in (("", "total"), ("participating_", "participating"), ("agree_", "agree")):
        for measure, figures in (("heads", tally.heads), ("area", tally.area)):
            figure = getattr(figures, part)
            if figure is None or (part == "total" and figure == 0):
                yield f"{prefix}{measure}"
