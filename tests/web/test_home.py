"""今日 of each role, the search, and changing posts."""

import re
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from anju.accounts.models import Post, User
from anju.accounts.queries.search import MOST, search
from anju.accounts.queries.today import DORMANT, EACH, Kind, Task
from anju.accounts.services.proposals import propose
from anju.base.installation import installation
from anju.places.models import Compound, CompoundAlias
from anju.rules.roles import ROLES
from anju.web.home.desk import groups_of, headline, quiet_numbers
from anju.web.home.sections import LINES, NUMBERS, SECTIONS, numbers_for, tasks_for
from anju.web.home.words import EMPTY
from tests.people import NOW, TODAY, Person, make_compound, make_post, make_user

TODAY_URL, SEARCH, ACT_AS = (reverse(f"home:{name}") for name in ("today", "search", "act_as"))
MOST_QUERIES = 12


def text(response: Any) -> str:
    return str(response.content.decode())


def desk(person: Person) -> list[Task]:
    return tasks_for(person.actor, at=NOW)


def kinds(person: Person) -> list[str]:
    return [task.kind for task in desk(person)]


def in_days(days: int) -> date:
    return TODAY + timedelta(days=days)


@pytest.mark.parametrize("role", ROLES)
def test_open_today_in_each_role_of_the_demo(demo: None, role: str) -> None:
    client, post = Client(), Post.objects.filter(role=role, user__persona=True).order_by("id")[0]
    client.force_login(post.user)
    page = text(client.get(TODAY_URL))
    assert "今日" in page
    for address in set(re.findall(r'href="(/[^"#]*)"', page)):
        if not address.startswith("/static/"):
            assert client.get(address.replace("&amp;", "&")).status_code == 200, address


@pytest.mark.parametrize("username", ["chen", "lin", "xu", "he", "deng", "wei", "li", "huang"])
def test_open_today_asks_little_whatever_the_rows(demo: None, username: str) -> None:
    client, person = Client(), User.objects.get(username=username)
    client.force_login(person)
    assert asked(client) <= MOST_QUERIES
    division = Compound.objects.get(name="示例·清泉苑").division
    for number in range(40):
        make_compound(f"示例·新{number}", division)
        make_user(f"new{number}", f"新{number}", created_at=timezone.now() - 2 * DORMANT)
    assert asked(client) <= MOST_QUERIES


def asked(client: Client) -> int:
    """What one page asks; which installation this is a process asks once in its life."""
    installation()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(TODAY_URL).status_code == 200
    return len(queries)


def test_open_today_as_nobody_and_as_a_stranger(people: SimpleNamespace) -> None:
    assert people.nobody.client.get(TODAY_URL).status_code == 404
    assert people.stranger.client.get(TODAY_URL).status_code == 302


def test_compound_not_settled_is_due_to_those_who_tend_it(people: SimpleNamespace, place: SimpleNamespace) -> None:
    awaited = make_compound("示例·不知镇", place.awaiting)
    unknown = make_compound("示例·待查", place.community)
    found = {(task.kind, task.pk) for task in desk(people.bureau_officer)}
    assert {
        (Kind.AWAITING, awaited.pk),
        (Kind.UNKNOWN, unknown.pk),
        (Kind.UNMANAGED, place.other_compound.pk),
    } <= found
    assert kinds(people.town_officer) == [Kind.UNKNOWN]
    assert kinds(people.other_town_officer) == [Kind.UNMANAGED]
    assert kinds(people.manager) == kinds(people.company_admin) == kinds(people.chair) == []


def test_compound_with_somebody_to_answer_for_it_is_not_due(people: SimpleNamespace, place: SimpleNamespace) -> None:
    Compound.objects.filter(pk=place.other_compound.pk).update(
        supervising_unit=place.department, kind="old", service_state="unmanaged"
    )
    assert Kind.UNMANAGED not in kinds(people.bureau_officer)


def test_compound_ended_is_not_due(people: SimpleNamespace, place: SimpleNamespace) -> None:
    Compound.objects.filter(pk=place.other_compound.pk).update(ended_on=TODAY)
    assert Kind.UNMANAGED not in kinds(people.bureau_officer)


def test_compounds_too_many_end_in_one_line_that_opens_them(people: SimpleNamespace, place: SimpleNamespace) -> None:
    for number in range(EACH + 3):
        make_compound(f"示例·待查{number}", place.community)
    found = [task for task in desk(people.bureau_officer) if task.kind == Kind.UNKNOWN]
    assert (len(found), found[-1].left) == (EACH + 1, 3)
    page = text(people.bureau_officer.client.get(TODAY_URL))
    assert "另有 3 个小区待核实" in page
    assert f"{reverse('places:compounds')}?unsettled=unknown" in page


ENDS = {
    "today is the last day": (1, 0),
    "in a month": (30, 29),
    "over since yesterday": (0, -1),
    "long over": (-29, -30),
}


@pytest.mark.parametrize(("ends", "left"), ENDS.values(), ids=list(ENDS))
def test_post_that_ends_is_due_on_its_last_day(
    people: SimpleNamespace, place: SimpleNamespace, ends: int, left: int
) -> None:
    Post.objects.filter(user=people.other_manager.user).update(ends_on=in_days(ends))
    found = next(task for task in desk(people.security_admin) if task.pk is not None and task.person)
    assert found.due == in_days(left)
    assert found.kind == (Kind.POST if left >= 0 else Kind.LAPSED)


@pytest.mark.parametrize("ends", [31, -30, None])
def test_post_that_ends_far_away_is_not_due(people: SimpleNamespace, ends: int | None) -> None:
    Post.objects.filter(user=people.other_manager.user).update(ends_on=None if ends is None else in_days(ends))
    assert not [task for task in desk(people.security_admin) if task.person]


def test_post_that_somebody_took_up_has_not_lapsed(people: SimpleNamespace, place: SimpleNamespace) -> None:
    Post.objects.filter(user=people.other_manager.user).update(ends_on=in_days(-2))
    assert Kind.LAPSED in kinds(people.security_admin)
    make_post(make_user("xin", "新经理"), "project_manager", place.other_company, compound=place.other_compound)
    assert Kind.LAPSED not in kinds(people.security_admin)


def test_post_taken_up_for_another_compound_has_still_lapsed(people: SimpleNamespace, place: SimpleNamespace) -> None:
    Post.objects.filter(user=people.other_manager.user).update(ends_on=in_days(-2))
    make_post(make_user("xin", "新经理"), "project_manager", place.other_company, compound=place.compound)
    assert Kind.LAPSED in kinds(people.security_admin)


def test_post_that_ends_is_due_within_the_scope_and_to_its_holder(people: SimpleNamespace) -> None:
    Post.objects.filter(user=people.other_manager.user).update(ends_on=in_days(9))
    assert [task.kind for task in desk(people.other_town_officer) if task.person] == [Kind.POST]
    assert not [task for task in desk(people.town_officer) if task.person]
    assert [task.own for task in desk(people.other_manager)] == [True]
    assert "您的岗位将到期" in text(people.other_manager.client.get(TODAY_URL))


def test_proposal_waits_for_its_second_person_only(people: SimpleNamespace, place: SimpleNamespace) -> None:
    twin = make_compound("示例·碧水花园二期", place.community, kind="commercial", service_state="company")
    payload = {"compound": twin.pk, "into": place.compound.pk}
    row = propose(actor=people.bureau_officer.actor, act="compound.merge", payload=payload, reason="同一个", at=NOW)
    waiting = [task for task in desk(people.bureau_reviewer) if task.kind == Kind.PROPOSAL]
    assert [(task.pk, task.other) for task in waiting] == [(row.pk, "陈经办")]
    for other in (people.bureau_officer, people.security_admin, people.supervisor, people.town_officer):
        assert Kind.PROPOSAL not in kinds(other)
    page = text(people.bureau_reviewer.client.get(TODAY_URL))
    assert "复核：合并小区" in page
    assert reverse("people:proposal", args=[row.pk]) in page


def test_gap_in_the_administrators_is_due_to_the_county(people: SimpleNamespace) -> None:
    Post.objects.filter(user=people.audit_admin.user).update(ends_on=in_days(-60))
    assert "no_audit_admin" in [task.what for task in desk(people.security_admin)]
    assert "没有审计管理员" in text(people.security_admin.client.get(TODAY_URL))
    assert Kind.GAP not in kinds(people.town_officer)


def test_person_who_never_signed_in_is_due_after_two_weeks(people: SimpleNamespace) -> None:
    User.objects.update(last_login=NOW)
    make_user("yi", "一新", created_at=NOW - DORMANT)
    make_user("er", "二新", created_at=NOW - DORMANT + timedelta(days=1))
    make_user("san", "三新", created_at=NOW - DORMANT, is_active=False)
    assert [task.what for task in desk(people.system_admin) if task.kind == Kind.DORMANT] == ["一新"]
    assert Kind.DORMANT not in kinds(people.supervisor)


def test_tasks_stand_in_the_order_of_their_last_day(people: SimpleNamespace, place: SimpleNamespace) -> None:
    Post.objects.filter(user=people.other_manager.user).update(ends_on=in_days(5))
    Post.objects.filter(user=people.manager.user).update(ends_on=in_days(-3))
    make_compound("示例·待查", place.community)
    found = desk(people.bureau_officer)
    due = [task.due for task in found]
    assert due == sorted(due, key=lambda day: day or date.max)
    labels = [group["label"] for group in groups_of(people.bureau_officer.actor, found, TODAY)]
    assert labels == ["已超期", "七日内", "没有定期限"]
    assert "1 项已超期" in headline(found, TODAY)


@pytest.mark.parametrize(
    ("left", "label", "words", "state"),
    [
        (-5, "已超期", "超期5日", "late"),
        (0, "今天", "今天", "today"),
        (7, "七日内", "剩7日", ""),
        (8, "三十日内", "剩8日", "far"),
    ],
)
def test_deadline_is_said_in_calendar_days(
    people: SimpleNamespace, left: int, label: str, words: str, state: str
) -> None:
    task = Task(Kind.DELEGATION, pk=1, due=in_days(left), what="某人")
    (group,) = groups_of(people.bureau_officer.actor, [task], TODAY)
    assert (group["label"], group["rows"][0].due, group["rows"][0].due_state) == (label, words, state)


def test_row_offers_the_act_only_to_those_who_may(people: SimpleNamespace) -> None:
    task = Task(Kind.UNMANAGED, pk=7, what="某区")
    rows = {
        who: groups_of(getattr(people, who).actor, [task], TODAY)[0]["rows"][0]
        for who in ("bureau_officer", "supervisor")
    }
    assert (rows["bureau_officer"].act, rows["bureau_officer"].act_url) == (
        "确定",
        reverse("places:compound_edit", args=[7]),
    )
    assert (rows["supervisor"].act, rows["supervisor"].act_url) == ("查看", reverse("places:compound", args=[7]))


def test_numbers_count_within_the_scope(people: SimpleNamespace, place: SimpleNamespace) -> None:
    for person in (people.bureau_officer, people.town_officer, people.system_admin, people.audit_admin):
        assert 3 <= len(quiet_numbers(person.actor, numbers_for(person.actor, on=TODAY))) <= 6
    county = numbers_for(people.bureau_officer.actor, on=TODAY)
    assert (county["compounds"], county["towns"], county["unmanaged"], county["companies"]) == (2, 2, 1, 2)
    town = numbers_for(people.town_officer.actor, on=TODAY)
    assert (town["compounds"], town["towns"], town["unmanaged"], town["companies"]) == (1, 1, 0, 1)


def test_number_of_a_role_that_sees_none_is_not_asked(people: SimpleNamespace) -> None:
    actor = people.nobody.actor
    with CaptureQueriesContext(connection) as queries:
        assert numbers_for(actor, on=TODAY) == {}
    assert len(queries) == 0


def test_table_of_words_covers_every_kind_and_role() -> None:
    assert set(LINES) >= set(Kind)
    assert sum(len(section.lines) for section in SECTIONS) == len(LINES)
    assert sum(len(section.numbers) for section in SECTIONS) == len(NUMBERS)
    assert {code for section in SECTIONS for codes in section.shown.values() for code in codes} <= set(NUMBERS)
    assert {role for section in SECTIONS for role in section.shown} - {""} <= set(ROLES)
    assert set(EMPTY) - {""} == set(ROLES)


def test_number_has_rows_in_its_section(people: SimpleNamespace) -> None:
    for section in SECTIONS:
        beside = {number.beside for number in section.numbers.values()} - {""}
        assert set(section.rows(people.bureau_officer.actor, TODAY)) >= set(section.numbers) | beside


def test_empty_desk_says_what_to_do_next(people: SimpleNamespace) -> None:
    page = text(people.department_officer.client.get(TODAY_URL))
    assert "眼下没有要办的事" in page
    assert reverse("places:policy") in page


FOUND = {"name": "碧水", "alias": "老碧水", "pinyin": "bishui", "initials": "bshy", "capitals": "BSHY"}


@pytest.mark.parametrize("typed", FOUND.values(), ids=list(FOUND))
def test_search_finds_a_compound_by_any_name(people: SimpleNamespace, place: SimpleNamespace, typed: str) -> None:
    CompoundAlias.objects.create(compound=place.compound, name="老碧水苑")
    hits = {hit.kind: [row.pk for row in hit.rows] for hit in search(people.town_officer.actor, typed, on=TODAY)}
    assert hits["compound"] == [place.compound.pk]


def test_search_stays_within_the_scope(people: SimpleNamespace, place: SimpleNamespace) -> None:
    assert not search(people.other_town_officer.actor, "碧水", on=TODAY)
    assert [hits.kind for hits in search(people.other_town_officer.actor, "嘉安", on=TODAY)] == ["organisation"]
    assert not search(people.chair.actor, "江畔", on=TODAY)
    assert not search(people.nobody.actor, "碧水", on=TODAY)


def test_search_finds_people_only_for_those_who_may(people: SimpleNamespace) -> None:
    assert [hits.kind for hits in search(people.system_admin.actor, "韦城关", on=TODAY)] == ["person"]
    assert not search(people.supervisor.actor, "韦城关", on=TODAY)
    assert not search(people.chair.actor, "韦城关", on=TODAY)


@pytest.mark.parametrize(
    "typed", ["", "   ", "%", "_", "a\x00b", "\u202e", "x" * 10_000, "<img onerror>", "\\", "𠮷䶮"]
)
def test_search_for_nonsense_finds_nothing(people: SimpleNamespace, typed: str) -> None:
    page = people.bureau_officer.client.get(SEARCH, {"q": typed})
    assert page.status_code == 200
    assert "<img onerror>" not in text(page)
    assert not re.search(r'href="/places/(compounds|organisations)/\d', text(page))


def test_search_shows_twenty_and_leads_to_the_rest(people: SimpleNamespace, place: SimpleNamespace) -> None:
    for number in range(MOST + 1):
        make_compound(f"示例·同名{number}", place.community)
    (hits,) = search(people.bureau_officer.actor, "同名", on=TODAY)
    assert (len(hits.rows), hits.more) == (MOST, True)
    page = text(people.bureau_officer.client.get(SEARCH, {"q": "同名"}))
    assert f"前 {MOST} 条" in page
    assert "/places/compounds/?q=%E5%90%8C%E5%90%8D" in page


def test_change_post_acts_in_the_other_from_then_on(people: SimpleNamespace, place: SimpleNamespace) -> None:
    person = people.bureau_officer
    other = make_post(person.user, "audit_admin", place.bureau)
    answer = person.client.post(ACT_AS, {"post": other.pk, "next": "/audit/"})
    assert answer.headers["Location"] == "/audit/"
    assert person.client.get("/audit/").status_code == 200
    assert "切换岗位" in text(person.client.get(TODAY_URL))


@pytest.mark.parametrize("which", ["another's", "ended", "0", "-3", "x", "９"])
def test_change_to_a_post_not_held_is_not_there(people: SimpleNamespace, place: SimpleNamespace, which: str) -> None:
    person = people.bureau_officer
    ended = make_post(person.user, "audit_admin", place.bureau, ends_on=TODAY)
    theirs = Post.objects.get(user=people.system_admin.user)
    named = {"another's": str(theirs.pk), "ended": str(ended.pk)}
    assert person.client.post(ACT_AS, {"post": named.get(which, which)}).status_code == 404
    assert person.client.get("/audit/").status_code == 404


def test_change_post_never_leads_elsewhere(people: SimpleNamespace) -> None:
    person = people.bureau_officer
    post = Post.objects.get(user=person.user)
    answer = person.client.post(ACT_AS, {"post": post.pk, "next": "//evil.example/"})
    assert answer.headers["Location"] == "/"
