"""Facts kept: who may say what, what holds, and that nothing said is ever lost."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from anju.base.actor import SYSTEM, Denied, Refused
from anju.base.models import AuditEntry
from anju.registry.models import Cell, Decision, Fact, Indicator, Statement
from anju.registry.queries.facts import cells_for, cells_of, facts_for, history_of_cell, proposed_facts
from anju.registry.services.cells import refresh_cells
from anju.registry.services.decisions import decide_fact, decide_facts
from anju.registry.services.indicators import load_indicators
from anju.registry.services.statements import record_each, record_for_many, record_statement, withdraw_statement
from anju.rules.lists.readings import Answer, Number
from tests.people import NOW, TODAY, make_compound
from tests.registry.conftest import Tell, cell, saying, source


def test_load_indicators_twice_changes_nothing(indicators: dict[str, Indicator]) -> None:
    before = AuditEntry.objects.count()
    assert load_indicators(actor=SYSTEM, policy="demo", at=NOW) == 0
    assert AuditEntry.objects.count() == before
    assert {"address", "point", "households", "service"} <= indicators.keys()


def test_record_statement_makes_the_cell(place: SimpleNamespace, people: SimpleNamespace, tell: Tell) -> None:
    fact = tell(people.town_officer.actor, place.compound, "households", "约 1,086 户")
    found = cell(place.compound, "households")
    assert (found.fact_id, found.low, found.approximate, found.conflict) == (fact.pk, 1086, True, False)
    assert (found.observed_on, found.stale_on) == (TODAY, TODAY + timedelta(days=365))
    assert fact.raw == "约 1,086 户"


def test_record_statement_by_one_who_may_not(place: SimpleNamespace, people: SimpleNamespace, tell: Tell) -> None:
    for person in (people.manager, people.department_officer, people.supervisor, people.bureau_reviewer):
        with pytest.raises(Denied):
            tell(person.actor, place.compound, "households", "100")


def test_record_statement_outside_the_town(place: SimpleNamespace, people: SimpleNamespace, tell: Tell) -> None:
    with pytest.raises(Denied):
        tell(people.other_town_officer.actor, place.compound, "households", "100")
    assert not Statement.objects.exists()


def test_record_statement_of_tomorrow(place: SimpleNamespace, people: SimpleNamespace, tell: Tell) -> None:
    with pytest.raises(Refused, match=r"fact\.observed_later"):
        tell(people.town_officer.actor, place.compound, "households", "100", on=TODAY + timedelta(days=1))


def test_record_statement_that_says_nothing(
    place: SimpleNamespace, people: SimpleNamespace, indicators: dict[str, Indicator]
) -> None:
    actor = people.town_officer.actor
    with pytest.raises(Refused, match=r"fact\.nothing_said"):
        record_statement(actor=actor, compound=place.compound, source=source(), observed_on=TODAY, sayings={}, at=NOW)


def test_record_for_many_is_one_entry_and_all_or_none(
    place: SimpleNamespace, people: SimpleNamespace, indicators: dict[str, Indicator]
) -> None:
    said = {indicators["party_covered"]: saying("有", "answer")}
    asked: dict[str, Any] = {"source": source(), "observed_on": TODAY, "sayings": said, "at": NOW}
    compounds = [place.compound, place.other_compound]
    with pytest.raises(Denied):
        record_for_many(actor=people.town_officer.actor, compounds=compounds, **asked)
    assert not Statement.objects.exists()
    record_for_many(actor=people.bureau_officer.actor, compounds=compounds, **asked)
    assert Cell.objects.filter(form="yes").count() == 2
    assert AuditEntry.objects.filter(action="fact.recorded_for_many").count() == 1


def test_record_each_asks_no_more_for_ten_compounds_than_for_one(
    place: SimpleNamespace, people: SimpleNamespace, indicators: dict[str, Indicator]
) -> None:
    asked: dict[str, Any] = {"source": source(), "observed_on": TODAY, "at": NOW}
    counted = []
    for group in ("甲", "乙丙丁戊己庚辛壬癸子"):
        rows = [make_compound(f"示例·{letter}苑", place.community) for letter in group]
        said = {row.pk: {indicators["households"]: saying(f"{row.pk + 10}", "households")} for row in rows}
        with CaptureQueriesContext(connection) as queries:
            record_each(actor=people.town_officer.actor, said=said, **asked)
        counted.append(len(queries))
        assert [cell(row, "households").low for row in rows] == [row.pk + 10 for row in rows]
        entries = AuditEntry.objects.filter(action="fact.recorded", subject_id__in=said)
        assert [entry.subject_id for entry in entries.order_by("id")] == [row.pk for row in rows]
    assert counted[0] == counted[1]


def test_trail_does_not_repeat_a_phone(place: SimpleNamespace, people: SimpleNamespace, tell: Tell) -> None:
    tell(people.town_officer.actor, place.compound, "manager_phone", "13500001234")
    assert "13500001234" not in AuditEntry.objects.get(action="fact.recorded").body


def test_two_sources_that_disagree_are_a_conflict_until_decided(
    place: SimpleNamespace, people: SimpleNamespace, tell: Tell
) -> None:
    surveyed = tell(people.town_officer.actor, place.compound, "households", "1086", "survey")
    tell(people.bureau_officer.actor, place.compound, "households", "1102", "company")
    tell(people.bureau_officer.actor, place.compound, "households", "1200", "website")
    found = cell(place.compound, "households")
    assert (found.fact_id, found.conflict, found.sources, found.confirmed_at) == (surveyed.pk, True, 3, None)
    decide_fact(actor=people.bureau_reviewer.actor, fact=surveyed, reason="已到现场核对", at=NOW)
    found = cell(place.compound, "households")
    assert (found.conflict, found.confirmed_by, found.confirmed_at) == (False, people.bureau_reviewer.user, NOW)


def test_decide_fact_of_ones_own_where_another_could(
    place: SimpleNamespace, people: SimpleNamespace, tell: Tell
) -> None:
    fact = tell(people.town_officer.actor, place.compound, "households", "1086")
    with pytest.raises(Refused, match=r"fact\.confirm_own"):
        decide_fact(actor=people.town_officer.actor, fact=fact, reason="核对过", at=NOW)


def test_decide_fact_of_ones_own_where_nobody_else_can(
    place: SimpleNamespace, people: SimpleNamespace, tell: Tell
) -> None:
    fact = tell(people.town_officer.actor, place.compound, "households", "1086")
    for other in (people.bureau_officer, people.bureau_reviewer):
        other.user.is_active = False
        other.user.save()
    assert decide_fact(actor=people.town_officer.actor, fact=fact, reason="只有一人", at=NOW).alone


def test_decide_fact_without_a_reason_or_outside(place: SimpleNamespace, people: SimpleNamespace, tell: Tell) -> None:
    fact = tell(people.bureau_officer.actor, place.other_compound, "households", "1086")
    with pytest.raises(Refused, match=r"fact\.reason_missing"):
        decide_fact(actor=people.bureau_reviewer.actor, fact=fact, reason=" ", at=NOW)
    with pytest.raises(Refused, match=r"fact\.gone"):
        decide_fact(actor=people.town_officer.actor, fact=fact, reason="不是我的", at=NOW)
    with pytest.raises(Denied):
        decide_fact(actor=people.manager.actor, fact=fact, reason="我说的", at=NOW)


def test_decide_a_whole_column_in_one_act(place: SimpleNamespace, people: SimpleNamespace, tell: Tell) -> None:
    for compound in (place.compound, place.other_compound):
        tell(people.bureau_officer.actor, compound, "households", "500", "survey")
        tell(people.bureau_officer.actor, compound, "households", "900", "website")
    actor = people.bureau_reviewer.actor
    column = Indicator.objects.get(code="households")
    facts = list(proposed_facts(actor, column, [place.compound.pk, place.other_compound.pk]))
    made = decide_facts(actor=actor, facts=facts, reason="以摸底排查为准", at=NOW)
    assert len({row.group for row in made}) == 1
    assert not Cell.objects.filter(conflict=True).exists()
    assert {row.low for row in Cell.objects.all()} == {500}


def test_withdraw_statement_leaves_what_was_before(place: SimpleNamespace, people: SimpleNamespace, tell: Tell) -> None:
    actor = people.town_officer.actor
    tell(actor, place.compound, "households", "500", on=TODAY - timedelta(days=9))
    slip = tell(actor, place.compound, "households", "5000")
    withdraw_statement(actor=actor, statement=slip.statement, reason="多写了一个零", at=NOW)
    assert cell(place.compound, "households").low == 500
    assert [line.withdrawn for line in history_of_cell(actor, place.compound, slip.indicator)] == [True, False]
    with pytest.raises(Refused, match=r"fact\.already_withdrawn"):
        withdraw_statement(actor=actor, statement=slip.statement, reason="再撤一次", at=NOW)


def test_withdraw_statement_that_alone_spoke_empties_the_cell(
    place: SimpleNamespace, people: SimpleNamespace, tell: Tell
) -> None:
    slip = tell(people.town_officer.actor, place.compound, "households", "5000")
    withdraw_statement(actor=people.bureau_officer.actor, statement=slip.statement, reason="写错小区", at=NOW)
    assert not Cell.objects.exists()


def test_service_state_of_the_compound_follows_the_settled_cell(
    place: SimpleNamespace, people: SimpleNamespace, tell: Tell
) -> None:
    tell(people.town_officer.actor, place.compound, "service", "业主自管")
    place.compound.refresh_from_db()
    assert place.compound.service_state == "owners"
    tell(people.bureau_officer.actor, place.compound, "service", "示例物业公司", "company")
    place.compound.refresh_from_db()
    assert place.compound.service_state == "owners"  # a conflict changes nothing until somebody decides


def test_scope_of_cells_and_facts(place: SimpleNamespace, people: SimpleNamespace, tell: Tell) -> None:
    tell(people.bureau_officer.actor, place.compound, "households", "1")
    tell(people.bureau_officer.actor, place.other_compound, "households", "2")
    seen = {
        who: (cells_for(person.actor).count(), facts_for(person.actor).count())
        for who, person in vars(people).items()
        if person.user
    }
    for who in ("bureau_officer", "bureau_reviewer", "supervisor"):
        assert seen[who] == (2, 2)
    for who in ("town_officer", "other_town_officer", "community_worker", "manager", "other_manager", "chair"):
        assert seen[who] == (1, 1)
    for who in ("department_officer", "system_admin", "audit_admin", "nobody"):
        assert seen[who] == (0, 0)


def test_cells_of_a_compound_ask_once(
    place: SimpleNamespace, people: SimpleNamespace, tell: Tell, django_assert_num_queries: object
) -> None:
    for code, raw in (("households", "1"), ("fee", "1.2元/㎡·月"), ("committee_formed", "有")):
        tell(people.bureau_officer.actor, place.compound, code, raw)
    actor = people.manager.actor
    with django_assert_num_queries(1):  # type: ignore[operator]
        names = [f"{row.indicator.name}{row.source}" for row in cells_of(actor, place.compound)]
    assert len(names) == 3


def test_history_gives_the_values_back(place: SimpleNamespace, people: SimpleNamespace, tell: Tell) -> None:
    actor = people.bureau_officer.actor
    fee = tell(actor, place.compound, "fee", "1.65至6元/平米/月")
    answer = tell(actor, place.compound, "committee_formed", "正在筹备")
    [line] = history_of_cell(actor, place.compound, fee.indicator)
    assert isinstance(line.value, Number)
    assert (line.value.low, line.value.high, line.recorder) == (165, 600, "陈经办")
    [line] = history_of_cell(actor, place.compound, answer.indicator)
    assert line.value == Answer("no")


def test_refresh_cells_again_changes_nothing(place: SimpleNamespace, people: SimpleNamespace, tell: Tell) -> None:
    fact = tell(people.town_officer.actor, place.compound, "households", "500")
    tell(people.bureau_officer.actor, place.compound, "households", "800", "website")
    decide_fact(actor=people.bureau_reviewer.actor, fact=fact, reason="核对", at=NOW)
    before = list(Cell.objects.values())
    refresh_cells([(row.compound_id, row.indicator_id) for row in Cell.objects.all()])
    assert list(Cell.objects.values()) == before


def test_history_cannot_be_changed_by_the_runtime_role(
    place: SimpleNamespace, people: SimpleNamespace, tell: Tell
) -> None:
    fact = tell(people.town_officer.actor, place.compound, "households", "500")
    decide_fact(actor=people.bureau_reviewer.actor, fact=fact, reason="核对", at=NOW)
    for act in (
        lambda: Fact.objects.update(low=1),
        lambda: Fact.objects.all()._raw_delete("default"),
        lambda: Statement.objects.update(reason="x"),
        lambda: Decision.objects.update(reason="x"),
        lambda: connection.cursor().execute("truncate registry_withdrawal cascade"),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()
