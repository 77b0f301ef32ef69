"""The workflow that ships, and files that are refused with line and reason."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from anju.rules.cases.roles import CASE_ROLES, ENTERED_BY, PLAYED_BY, played_by_post
from anju.rules.cases.workflow import Amount, Kind, Urgency
from anju.rules.cases.workflow_checks import reachable
from anju.rules.cases.workflow_file import parse_workflow
from anju.rules.cases.workflow_references import CAUSES
from anju.rules.cases.workflow_shapes import PUBLIC
from anju.rules.policy_faults import PolicyFaults, sentence
from anju.rules.roles import ROLES
from tests.rules.cases.sample import BOOK, DEMO, Walk, text_of

UNITS = frozenset({"bureau"})
EDITIONS = Path(__file__).parents[2] / "cases" / "editions"


def faults_of(text: str | bytes) -> list[tuple[int, str, str]]:
    with pytest.raises(PolicyFaults) as caught:
        parse_workflow(text, units=UNITS)
    assert all(sentence(fault) for fault in caught.value.faults)
    return [(fault.line, fault.code, fault.values.get("value", "")) for fault in caught.value.faults]


def changed(old: str, new: str) -> tuple[str, int]:
    """The file with one place changed, and the line of that place."""
    text = text_of()
    assert text.count(old) >= 1, old
    at = text.index(old)
    return text[:at] + new + text[at + len(old) :], text.count("\n", 0, at) + 1


def test_workflow_is_the_same_for_the_demo_county() -> None:
    assert text_of() == text_of("zhongshan-2024")


def test_workflow_tells_a_citizen_five_words() -> None:
    assert {state.public for state in DEMO.states.values()} == set(PUBLIC)


def test_workflow_reaches_the_end_in_every_type() -> None:
    for case_type in DEMO.types.values():
        states = reachable(DEMO, case_type)
        assert {"closed", "archived"} <= states
        for state in states:
            assert "archived" in reachable(DEMO, case_type, state)


def test_hazard_is_never_turned_away_or_withdrawn() -> None:
    assert not {"rejected", "withdrawn"} & reachable(DEMO, DEMO.types["hazard"])


def test_reasons_are_asked_of_who_was_not_content() -> None:
    assert [one.name for one in DEMO.reasons_after(1)] == ["没解决", "太慢", "态度不好", "没人回复", "又出现了"]
    assert (DEMO.reasons_after(4), DEMO.reasons_after(0)) == ((), ())
    text, line = changed('code = "slow"', 'code = "undone"')
    assert faults_of(text) == [(line, "repeated_code", "undone")]


def test_edition_without_reasons_is_read_as_before() -> None:
    old = re.sub(r'\[\[reason\]\]\ncode = "\w+"\nname = ".*"\nupto = 3\n', "", text_of())
    assert parse_workflow(old, units=UNITS).reasons_after(1) == ()


def test_limit_is_of_the_type_and_urgency() -> None:
    assert DEMO.limit("handle", "complaint", Urgency.B) == Amount.of("7 wd")
    assert DEMO.limit("review", "complaint", Urgency.A) is None
    assert DEMO.limit("dissuade", "complaint", Urgency.B) is None
    assert [row.cite for row in DEMO.limit_rows if row.source == "statute"] == ["行政处罚法 60"]


def test_half_of_a_limit_is_at_least_one() -> None:
    assert [str(Amount.of(text).half()) for text in ("7 wd", "1 wd", "24 ch")] == ["4 wd", "1 wd", "12 ch"]


def test_role_of_a_case_is_played_by_posts_that_exist() -> None:
    assert set(PLAYED_BY) == set(CASE_ROLES)
    assert frozenset().union(*PLAYED_BY.values()) <= set(ROLES)
    assert {role for role, posts in PLAYED_BY.items() if not posts} == {"reporter", "system"}
    assert set(ENTERED_BY) | frozenset().union(*ENTERED_BY.values()) <= set(CASE_ROLES)
    assert played_by_post("community_worker") == {"intake", "community", "mediator"}
    assert played_by_post("audit_admin") == frozenset()


def test_every_role_of_a_case_has_something_to_do() -> None:
    assert {role for move in DEMO.transitions.values() for role in move.roles} == set(CASE_ROLES)


def test_level_of_oversight_is_data() -> None:
    assert [level.level for level in DEMO.levels] == [1, 2, 3, 4, 5]
    assert {cause for level in DEMO.levels for cause in level.also} == CAUSES
    assert [measure.name for measure in DEMO.measures] == ["约谈", "通报"]


def test_notice_to_a_citizen_comes_from_states_he_understands() -> None:
    assert all(DEMO.states[state].kind in Kind for state in DEMO.states)
    told = {move for notice in DEMO.notices if notice.to == "reporter" for move in notice.on}
    assert {"accept", "ask_info", "reject", "extend", "verify_pass"} <= told


@pytest.mark.parametrize(
    ("old", "new", "code", "value"),
    [
        ('to = "accepted"', 'to = "acepted"', "unknown_name", "acepted"),
        ('from = ["info_needed"]', 'from = ["nowhere"]', "unknown_name", "nowhere"),
        ('roles = ["intake", "dispatcher"]', 'roles = ["mayor"]', "unknown_name", "mayor"),
        ('guards = ["emergency_told"]', 'guards = ["emergency_tod"]', "unknown_name", "emergency_tod"),
        ('marks = ["classified"]', 'marks = ["forgotten"]', "unknown_name", "forgotten"),
        ('needs = ["supplement"]', 'needs = ["oath"]', "unknown_name", "oath"),
        ('fires = "lapse"', 'fires = "laps"', "unknown_name", "laps"),
        ('stop = ["provide_info", "lapse", "withdraw"]', 'stop = ["milestone:nothing"]', "unknown_name", "milestone:nothing"),
        ('[[limit]]\nclock = "accept"', '[[limit]]\nclock = "acept"', "unknown_name", "acept"),
        ('types = ["complaint", "dispute"]\na = "2 ch"', 'types = ["complain"]\na = "2 ch"', "unknown_name", "complain"),
        ('on = ["accept"]', 'on = ["acept"]', "unknown_name", "acept"),
        ('to = ["handler"]', 'to = ["handle"]', "unknown_name", "handle"),
        ('also = ["not_on_scene"]', 'also = ["rain"]', "unknown_name", "rain"),
        ('verifiers = ["town", "supervisor"]', 'verifiers = ["mayor"]', "unknown_name", "mayor"),
        ('bureau = "bureau"', 'bureau = "buro"', "unknown_unit", "buro"),
        ('prefix = "WT"', 'prefix = "TS"', "repeated_code", "TS"),
        ("level = 2", "level = 1", "repeated_code", "1"),
        ('code = "text"', 'code = "photo"', "repeated_code", "photo"),
        ('code = "info_needed"', 'code = "submitted"', "repeated_code", "submitted"),
        ('public = "已收到"', 'public = "收到了"', "unknown_choice", "收到了"),
        ('a = "30 cm"', 'a = "30 minutes"', "bad_shape", "30 minutes"),
        ("returns_per_unit = 1 ", 'returns_per_unit = "1"', "wrong_type", ""),
        ("info_requests = 1 ", "", "missing_key", ""),
        ("[recusal]", "[recusals]", "unknown_key", ""),
        ("version = 5", "version = ", "syntax", ""),
        ('reported_as = "complaint"', 'reported_as = "complain"', "unknown_name", "complain"),
    ],
)  # fmt: skip
def test_refuse_workflow_with_a_fault(old: str, new: str, code: str, value: str) -> None:
    text, line = changed(old, new)
    found = faults_of(text)
    assert (code, value) in [(fault_code, told) for _, fault_code, told in found]
    where = next(at for at, fault_code, told in found if (fault_code, told) == (code, value))
    assert where - line in (0, 1) or code in ("missing_key", "repeated_code")


def without(transition: str, *types: str) -> str:
    """The file in which these types do not have the act."""
    text = text_of()
    for code in types:
        head, rest = text.split(f'[[type]]\ncode = "{code}"', 1)
        text = f'{head}[[type]]\ncode = "{code}"{rest.replace(f"{chr(34)}{transition}{chr(34)}, ", "", 1)}'
    return text


ALL = ("complaint", "survey_problem", "enforcement_lead", "hazard", "dispute")


@pytest.mark.parametrize("edition", [1, 2, 3, 4])
def test_kept_edition_is_read_as_it_was_and_a_case_of_it_comes_to_its_end(edition: int) -> None:
    old = parse_workflow((EDITIONS / f"workflow-{edition}.toml").read_text(), units=UNITS)
    assert (old.version, old.types["survey_problem"].reported_as) == (edition, "")
    assert "ask_privacy" not in old.types["survey_problem"].transitions
    walk = Walk(book=replace(BOOK, workflow=old)).handling().report().verify()
    walk.do("rate_ok", "reporter", score=5)
    assert walk.facts.state == "closed"


def test_refuse_dead_end() -> None:
    text = without("resume", "complaint")
    assert ("dead_end", "suspended") in [(code, value) for _, code, value in faults_of(text)]


def test_refuse_state_that_only_a_citizen_leaves() -> None:
    text = re.sub(r'"rate_timeout", |"uphold", |"order_redo", ', "", text_of())
    assert ("citizen_only", "feedback") in [(code, value) for _, code, value in faults_of(text)]


def test_refuse_act_that_never_happens() -> None:
    cut = without("step_back", "hazard", "enforcement_lead")
    assert ("never_fires", "mediation_ok") in [
        (code, value) for _, code, value in faults_of(without("start_mediation", "dispute"))
    ]
    assert ("never_fires", "step_back") in [(code, value) for _, code, value in faults_of(cut)]


def test_refuse_clock_that_never_starts_or_stops() -> None:
    found = [(code, value) for _, code, value in faults_of(re.sub(r'"ask_info", ', "", text_of()))]
    assert ("clock_never_starts", "complaint") in found
    text, _ = changed('stop = ["uphold", "order_redo"]', 'stop = ["milestone:filed"]')
    assert ("clock_never_stops", "complaint") in [(code, value) for _, code, value in faults_of(text)]


def test_refuse_clock_without_a_limit() -> None:
    text, _ = changed('clock = "contact"', 'clock = "arrive"')
    assert ("clock_without_limit", "contact") in [(code, value) for _, code, value in faults_of(text)]
    amounts = '\na = "30 cd"\nb = "30 cd"\nc = "30 cd"'
    head = 'clock = "mediate"\ntypes = ["complaint", "dispute"]'
    text, _ = changed(head + amounts, head)
    assert ("limit_empty", "mediate") in [(code, value) for _, code, value in faults_of(text)]


def test_refuse_clock_that_fires_what_the_system_may_not() -> None:
    text, _ = changed('fires = "lapse"', 'fires = "provide_info"')
    assert ("not_by_system", "provide_info") in [(code, value) for _, code, value in faults_of(text)]


def test_refuse_workflow_in_another_encoding() -> None:
    text = text_of().split("\n")[0]
    assert faults_of(b"\n" + text.encode("gb18030")) == [(2, "not_utf8", "")]


def test_read_workflow_from_bytes_with_a_mark() -> None:
    assert parse_workflow(b"\xef\xbb\xbf" + text_of().encode(), units=UNITS) == DEMO
