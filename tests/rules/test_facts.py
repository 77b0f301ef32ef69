"""What holds among several sources: worked by hand."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anju.rules.facts import Decided, Settled, Told, differ, settle
from anju.rules.lists.stored import Stored

FILING, SURVEY, SITE = (1, 1), (2, 3), (3, 8)  # source and rank


def told(pk: int, source: tuple[int, int], figure: int, day: date = date(2026, 6, 1)) -> Told:
    return Told(pk, source[0], source[1], day, Stored(figure, figure))


def settled(
    *facts: Told, decided: Decided | None = None, tolerance: int = 20, period: int = 365, type_: str = "households"
) -> Settled:
    return settle(facts, decided, type_=type_, tolerance=tolerance, period=period)


def holds(found: Settled) -> int:
    assert found.current is not None
    return found.current.pk


def test_settle_nothing_is_no_cell() -> None:
    assert settled().current is None


def test_settle_newer_word_of_the_same_source_supersedes() -> None:
    found = settled(told(1, SITE, 500), told(2, SITE, 520, date(2026, 7, 1)))
    assert (holds(found), found.conflict, len(found.live)) == (2, False, 1)


def test_settle_older_day_told_later_does_not_supersede() -> None:
    assert holds(settled(told(1, SITE, 500), told(2, SITE, 480, date(2020, 1, 1)))) == 1


def test_settle_correction_of_the_same_day_supersedes() -> None:
    assert holds(settled(told(1, SITE, 500), told(2, SITE, 505))) == 2


def test_settle_better_source_is_proposed_though_older() -> None:
    found = settled(told(1, FILING, 500, date(2026, 5, 1)), told(2, SITE, 900))
    assert (holds(found), found.conflict, found.confirmed) == (1, True, False)


@pytest.mark.parametrize(("other", "conflict"), [(510, False), (511, True), (490, False), (489, True)])
def test_settle_conflict_begins_above_the_tolerance(other: int, conflict: bool) -> None:
    """20 thousandths of the larger: 510 against 500 is 19.6, 511 is 21.5; 490 against 500 is 20.0, 489 is 22."""
    assert settled(told(1, FILING, 500), told(2, SITE, other)).conflict is conflict


def test_settle_sources_of_other_periods_do_not_contradict() -> None:
    found = settled(told(1, FILING, 500), told(2, SITE, 900, date(2024, 1, 1)))
    assert not found.conflict


def test_settle_decision_sets_the_others_aside() -> None:
    found = settled(told(1, FILING, 500), told(2, SITE, 900), decided=Decided(2, 2))
    assert (holds(found), found.conflict, found.confirmed, len(found.live)) == (2, False, True, 1)


def test_settle_later_word_of_another_source_opens_it_again() -> None:
    found = settled(told(1, FILING, 500), told(2, SITE, 900), told(3, SURVEY, 500), decided=Decided(2, 2))
    assert (holds(found), found.conflict, found.confirmed) == (2, True, False)


def test_settle_later_word_that_agrees_leaves_it_confirmed() -> None:
    found = settled(told(2, SITE, 900), told(3, SURVEY, 905), decided=Decided(2, 2))
    assert (holds(found), found.confirmed) == (2, True)


def test_settle_newer_word_of_the_decided_source_is_shown_unconfirmed() -> None:
    found = settled(
        told(1, FILING, 500), told(2, SITE, 900), told(3, SITE, 950, date(2026, 9, 1)), decided=Decided(2, 2)
    )
    assert (holds(found), found.confirmed, found.conflict) == (3, False, False)


def test_settle_decision_about_a_withdrawn_fact_counts_for_nothing() -> None:
    found = settled(told(1, FILING, 500), decided=Decided(2, 2))
    assert (holds(found), found.confirmed) == (1, False)


def test_settle_not_knowing_never_stands_before_knowing() -> None:
    unknown = Told(1, 1, 1, date(2026, 6, 1), Stored(form="unknown"))
    known = Told(2, 3, 8, date(2026, 6, 1), Stored(form="yes"))
    found = settle([unknown, known], None, type_="answer", tolerance=0, period=365)
    assert (holds(found), found.conflict) == (2, False)


@pytest.mark.parametrize(
    ("type_", "one", "other", "differs"),
    [
        ("answer", Stored(form="yes"), Stored(form="no"), True),
        ("answer", Stored(form="no"), Stored(form="not_applicable"), True),
        ("service", Stored(form="company", text="示例物业有限公司"), Stored(form="company", text="示例物业 有限公司"), False),
        ("service", Stored(form="company", text="示例物业公司"), Stored(form="company", text="示例嘉安物业公司"), True),
        ("service", Stored(form="company", text="示例物业公司"), Stored(form="company"), False),
        ("service", Stored(form="company"), Stored(form="unmanaged"), True),
        ("service", Stored(form="company"), Stored(form="unknown"), False),
        ("text", Stored(text="二级"), Stored(text="三级"), True),
        ("text", Stored(text="二级"), Stored(text=""), False),
        ("address", Stored(text="城北路 1 号"), Stored(text="城北路旁"), False),
        ("phone", Stored(text="13500000000"), Stored(text="13500000001"), False),
        ("year", Stored(20140101, 20141231, form="year"), Stored(20140601, 20140630, form="month"), False),
        ("year", Stored(20140101, 20141231, form="year"), Stored(20150101, 20151231, form="year"), True),
        ("point", Stored(1115581000, 244011000, form="wgs84"), Stored(1115581000, 244055000, form="wgs84"), False),
        ("point", Stored(1115581000, 244011000, form="wgs84"), Stored(1115581000, 244057000, form="wgs84"), True),
        ("fee", Stored(100, 150), Stored(100, 200), True),
        ("fee", Stored(0, 0), Stored(0, 0), False),
        ("households", Stored(1000, 1000, approximate=True), Stored(1040, 1040), False),
        ("households", Stored(1000, 1000, approximate=True), Stored(1060, 1060), True),
        ("households", Stored(1000, None), Stored(None, None), False),
        ("households", Stored(1000, None), Stored(1000, 1200), False),
    ],
)  # fmt: skip
def test_differ(type_: str, one: Stored, other: Stored, differs: bool) -> None:
    assert differ(one, other, type_=type_, tolerance=20) is differs
    assert differ(other, one, type_=type_, tolerance=20) is differs


facts = st.lists(
    st.builds(
        told,
        st.integers(1, 50),
        st.sampled_from([FILING, SURVEY, SITE]),
        st.integers(1, 3000),
        st.dates(date(2020, 1, 1), date(2026, 1, 1)),
    ),
    unique_by=lambda fact: fact.pk,
    min_size=1,
)


@given(facts)
def test_settle_does_not_depend_on_the_order_of_telling(many: list[Told]) -> None:
    assert settled(*many) == settled(*reversed(many))


@given(facts, st.data())
def test_settle_decision_on_the_newest_of_its_source_is_confirmed(many: list[Told], data: st.DataObject) -> None:
    chosen = data.draw(st.sampled_from(settled(*many).live))
    found = settled(*many, decided=Decided(chosen.pk, max(fact.pk for fact in many)))
    assert (found.current, found.live, found.confirmed) == (chosen, (chosen,), True)
