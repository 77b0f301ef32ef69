"""What must hold for every assembly, not only for those worked by hand."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anju.rules.voting.counting import Choice, Figures, Tally, count
from anju.rules.voting.decision import Check, Decision, Procedure, Verdict, decide
from anju.rules.voting.profiles import CIVIL_CODE_278, PROFILES, REGULATION_2018, Matter, Profile, profile_on

AREAS = st.integers(0, 50_000)
PROCEDURES = st.builds(Procedure, st.booleans(), st.booleans())
RULES = st.sampled_from([(profile, matter) for profile in PROFILES.values() for matter in Matter])
ASSEMBLIES = st.lists(st.tuples(AREAS, st.sampled_from(Choice)), max_size=12)
PARTS = ("total", "participating", "agree")
Rule = tuple[Profile, Matter]


def _count(assembly: list[tuple[int, Choice]]) -> Tally:
    """Each voter with one unit; who is silent has no ballot in every second place."""
    voters = [f"v{number}" for number in range(len(assembly))]
    choices = {
        voter: choice
        for number, (voter, (_, choice)) in enumerate(zip(voters, assembly, strict=True))
        if choice is not Choice.SILENT or number % 2
    }
    return count({voter: area for voter, (area, _) in zip(voters, assembly, strict=True)}, choices, 2)


def _checks(decision: Decision, step: str) -> list[Check]:
    return [check for check in decision.tests if check.step == step]


@given(ASSEMBLIES, RULES, AREAS, st.booleans())
def test_decide_keeps_consent_when_an_agreeing_ballot_is_added(
    assembly: list[tuple[int, Choice]], rule: Rule, area: int, invalid_participates: bool
) -> None:
    """Somebody silent agrees after all: no consent that was reached is lost by it."""
    procedure = Procedure(invalid_participates=invalid_participates)
    before = decide(_count([*assembly, (area, Choice.SILENT)]), *rule, procedure)
    after = decide(_count([*assembly, (area, Choice.AGREE)]), *rule, procedure)
    for one, other in zip(before.tests, after.tests, strict=True):
        assert not (one.passed and other.passed is False)


@given(ASSEMBLIES, RULES, PROCEDURES, st.randoms(use_true_random=False))
def test_decide_does_not_see_the_order(
    assembly: list[tuple[int, Choice]], rule: Rule, procedure: Procedure, rng: object
) -> None:
    shuffled = list(assembly)
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    assert decide(_count(assembly), *rule, procedure) == decide(_count(shuffled), *rule, procedure)


@given(ASSEMBLIES, RULES, PROCEDURES)
def test_decide_never_passes_below_the_threshold(
    assembly: list[tuple[int, Choice]], rule: Rule, procedure: Procedure
) -> None:
    decision = decide(_count(assembly), *rule, procedure)
    for check in decision.tests:
        if check.passed is not None:
            assert check.have is not None
            assert check.of is not None
            assert check.need is not None
            assert check.passed is (check.have >= check.need)
            assert check.threshold.is_met(check.need, check.of)
            assert not check.threshold.is_met(check.need - 1, check.of)
            assert check.short_by == max(0, check.need - check.have)
    passed = [check.passed for check in decision.tests]
    assert (decision.verdict is Verdict.PASSED) == all(passed)
    assert (decision.verdict is Verdict.NOT_PASSED) == (False in passed)


@given(ASSEMBLIES, RULES, st.booleans())
def test_decide_lets_the_silent_follow_an_agreeing_majority_only(
    assembly: list[tuple[int, Choice]], rule: Rule, invalid_participates: bool
) -> None:
    tally = _count(assembly)
    plain = decide(tally, *rule, Procedure(False, invalid_participates))
    followed = decide(tally, *rule, Procedure(True, invalid_participates))
    assert followed.without_silent is not None
    assert followed.without_silent == plain.reading
    if followed.verdict is not plain.verdict:
        assert followed.verdict is Verdict.PASSED
        assert followed.silent_followed is True
        for figures in (tally.area, tally.heads):
            took_part = (figures.participating or 0) + (figures.invalid if invalid_participates else 0)
            assert 2 * (figures.agree or 0) > took_part


@given(ASSEMBLIES, RULES, PROCEDURES, st.sets(st.sampled_from(PARTS)))
def test_decide_never_contradicts_what_the_missing_figure_would_tell(
    assembly: list[tuple[int, Choice]], rule: Rule, procedure: Procedure, hidden: set[str]
) -> None:
    """With a figure hidden, each test is open or the same, and the verdict is open or the same."""
    full = _count([one for one in assembly if one[1] is not Choice.INVALID])
    area = full.area
    kept = [
        None if name in hidden else part
        for name, part in zip(PARTS, (area.total, area.participating, area.agree), strict=True)
    ]
    veiled_area = Figures(kept[0], kept[1], kept[2])
    part = replace(full, area=veiled_area)
    whole, veiled = decide(full, *rule, procedure), decide(part, *rule, procedure)
    if 0 in (full.area.total, full.heads.total):
        return
    for one, other in zip(whole.tests, veiled.tests, strict=True):
        assert other.passed in (None, one.passed)
    assert veiled.verdict in (Verdict.UNDETERMINED, whole.verdict)


@pytest.mark.parametrize("zero", ["area", "heads"])
def test_decide_nothing_from_a_total_of_zero(zero: str) -> None:
    nothing, some = Figures(0, 0, 0), Figures(100, 10, 0)
    tally = Tally(nothing, some) if zero == "area" else Tally(some, nothing)
    decision = decide(tally, CIVIL_CODE_278, Matter.ORDINARY, Procedure())
    assert decision.verdict is Verdict.UNDETERMINED
    assert [check.passed for check in decision.tests] == [None] * 4
    assert [check.need for check in decision.tests] == [None] * 4
    assert decision.missing == (zero,)


def test_decide_keeps_both_readings_of_invalid_ballots_only_when_decisive() -> None:
    """5 of 9 take part and one ballot is invalid: with it 6 of 9 are two thirds. Where 7 take part it changes nothing."""
    heads = Figures(9, 5, 5, invalid=1)
    decisive = decide(Tally(heads, heads), CIVIL_CODE_278, Matter.ORDINARY, Procedure())
    assert decisive.verdict is Verdict.NOT_PASSED
    assert decisive.other_invalid is not None
    assert decisive.other_invalid.verdict is Verdict.PASSED
    assert decisive.other_invalid.procedure.invalid_participates
    harmless = Figures(9, 7, 7, invalid=1)
    assert decide(Tally(harmless, harmless), CIVIL_CODE_278, Matter.ORDINARY, Procedure()).other_invalid is None


def test_decide_leaves_open_what_depends_on_an_unknown_majority() -> None:
    """600 of 1000 took part and nobody says how many agreed: whether the silent follow, and so whether it is enough, is open."""
    tally = Tally(Figures(1000, 600, None), Figures(10, 6, None))
    decision = decide(tally, CIVIL_CODE_278, Matter.ORDINARY, Procedure(silent_counts_with_majority=True))
    assert decision.silent_followed is None
    assert [check.passed for check in decision.tests] == [None] * 4
    assert decision.verdict is Verdict.UNDETERMINED
    without = decide(tally, CIVIL_CODE_278, Matter.ORDINARY, Procedure())
    assert without.verdict is Verdict.NOT_PASSED


def test_decide_keeps_what_holds_whether_or_not_the_silent_follow() -> None:
    """700 of 1000 took part, enough with and without the silent; consent stays open."""
    tally = Tally(Figures(1000, 700, None), Figures(10, 7, None))
    decision = decide(tally, CIVIL_CODE_278, Matter.ORDINARY, Procedure(silent_counts_with_majority=True))
    assert [check.passed for check in decision.tests] == [True, True, None, None]
    assert [check.have for check in decision.tests] == [700, 7, None, None]


def test_decide_is_settled_where_one_measure_has_no_majority() -> None:
    tally = Tally(Figures(1000, 600, 300), Figures(10, 6, None))
    decision = decide(tally, CIVIL_CODE_278, Matter.ORDINARY, Procedure(silent_counts_with_majority=True))
    assert decision.silent_followed is False
    assert decision.verdict is Verdict.NOT_PASSED


def test_decide_names_missing_figures_in_the_order_of_the_format() -> None:
    nothing = Figures(None, None, None)
    decision = decide(Tally(nothing, nothing), CIVIL_CODE_278, Matter.ORDINARY, Procedure(True, True))
    assert decision.missing == (
        "heads",
        "area",
        "participating_heads",
        "participating_area",
        "agree_heads",
        "agree_area",
    )
    assert decision.verdict is Verdict.UNDETERMINED


def test_check_tells_its_name_article_and_nothing_short_when_open() -> None:
    decision = decide(Tally(Figures(9, 6, None), Figures(9, 6, 4)), CIVIL_CODE_278, Matter.SPECIAL, Procedure())
    names = ["participation_area", "participation_heads", "consent_area", "consent_heads"]
    assert [check.name for check in decision.tests] == names
    assert [check.short_by for check in decision.tests] == [0, 0, None, 1]
    assert "第一千二百五十九条" in decision.tests[2].article
    assert "第一千二百五十九条" not in _consent_article(CIVIL_CODE_278, Matter.ORDINARY)
    assert "第十二条第三款" in _consent_article(REGULATION_2018, Matter.SPECIAL)


def _consent_article(profile: Profile, matter: Matter) -> str:
    decision = decide(Tally(Figures(9, 6, 4), Figures(9, 6, 4)), profile, matter, Procedure())
    return _checks(decision, "consent")[0].article


@pytest.mark.parametrize(
    ("total", "participating", "agree", "invalid"),
    [
        (5, 6, 1, 0),
        (5, 3, 4, 0),
        (None, 3, 4, 0),
        (5, None, 6, 0),
        (5, 5, 1, 1),
        (5, 1, -1, 0),
        (-1, None, None, 0),
        (5, 3, 1, -1),
    ],
)
def test_figures_refuse_contradictions(
    total: int | None, participating: int | None, agree: int | None, invalid: int
) -> None:
    with pytest.raises(ValueError, match="contradict"):
        Figures(total, participating, agree, invalid)


def test_silent_is_unknown_where_a_figure_is() -> None:
    assert Figures(9, 5, 3, invalid=1).silent == 3
    assert Figures(None, 5, 3).silent is None
    assert Figures(9, None, 3).silent is None


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (date(2018, 3, 19), "regulation-2018"),
        (date(2020, 12, 31), "regulation-2018"),
        (date(2021, 1, 1), "civil-code-278"),
        (date(2026, 11, 24), "civil-code-278"),
    ],
)
def test_profile_is_that_of_the_day(day: date, code: str) -> None:
    assert profile_on(day).code == code


def test_profile_before_the_first_kept_is_refused() -> None:
    with pytest.raises(LookupError):
        profile_on(date(2018, 3, 18))


def test_items_six_to_eight_are_special_and_using_the_fund_is_not() -> None:
    special = [item.code for item in CIVIL_CODE_278.items if item.matter is Matter.SPECIAL]
    assert special == ["6", "7", "8"]
    assert CIVIL_CODE_278.matter_of("5") is Matter.ORDINARY
    assert REGULATION_2018.matter_of("5") is Matter.SPECIAL
    assert [item.code for item in REGULATION_2018.items if item.matter is Matter.SPECIAL] == ["5", "6"]
    with pytest.raises(KeyError):
        CIVIL_CODE_278.matter_of("10")


def test_count_adds_areas_and_heads_by_choice() -> None:
    choices = {"a": Choice.AGREE, "b": Choice.INVALID, "d": Choice.SILENT, "e": Choice.OPPOSE, "f": Choice.ABSTAIN}
    tally = count({"a": 25000, "b": 33333, "c": 5, "d": 2, "e": 100, "f": 10}, choices, 4)
    assert tally.decimals == 4
    assert tally.area == Figures(total=58450, participating=25110, agree=25000, invalid=33333)
    assert tally.heads == Figures(total=6, participating=3, agree=1, invalid=1)


def test_count_refuses_a_stranger() -> None:
    with pytest.raises(KeyError):
        count({"a": 1}, {"b": Choice.AGREE}, 2)


def test_count_of_nobody_has_zero_figures() -> None:
    assert count({}, {}, 2) == Tally(Figures(0, 0, 0), Figures(0, 0, 0), 2)
