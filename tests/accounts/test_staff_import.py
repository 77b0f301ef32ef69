"""A staff list: what each line is judged to be, and that writing does exactly that, once."""

import json
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import pytest

from anju.accounts.models import Post, User
from anju.accounts.queries.staff_verdicts import State, Verdict, digest_of_verdicts, judge_staff
from anju.accounts.services.staff_import import Imported, import_staff
from anju.base.actor import Actor, Denied, Refused
from anju.base.models import AuditEntry
from anju.places.models import OrganisationAlias
from anju.rules.staff_list import Header, StaffRow, read_staff
from tests.people import NOW, TODAY, Person, make_organisation, make_user

COLUMNS = ("name", "username", "phone", "unit", "role", "place", "starts_on")
HEADER = Header(1, {key: number for number, key in enumerate(COLUMNS)}, ())


def lines(*said: tuple[Any, ...]) -> list[StaffRow]:
    return read_staff([list(COLUMNS), *(list(line) for line in said)], HEADER)


def judge(person: Person, *said: tuple[Any, ...], choices: Mapping[int, str] | None = None) -> list[Verdict]:
    return judge_staff(person.actor, lines(*said), choices or {}, on=TODAY)


def one(person: Person, *said: Any, choices: Mapping[int, str] | None = None) -> Verdict:
    return judge(person, said, choices=choices)[0]


def write(actor: Actor, *said: tuple[Any, ...], choices: Mapping[int, str] | None = None) -> Imported:
    rows = lines(*said)
    digest = digest_of_verdicts(judge_staff(actor, rows, choices or {}, on=TODAY))
    return import_staff(actor=actor, rows=rows, choices=choices or {}, digest=digest, reason="名册", at=NOW)


@pytest.fixture
def admin(people: SimpleNamespace) -> Person:
    """The only administrator of a new county: makes accounts, and appoints in the missing one's place."""
    Post.objects.filter(role="security_admin").update(ends_on=TODAY)
    return people.system_admin  # type: ignore[no-any-return]


def test_import_people_and_posts(place: SimpleNamespace, admin: Person) -> None:
    done = write(
        admin.actor,
        ("梁新人", "", "13500000001", "县住建局", "房管所经办", "", "2026-11-01"),
        ("覃新人", "qinxin", "", "城关镇人民政府", "乡镇经办", "", ""),
        ("蒙新人", "", "", "示例物业公司", "项目负责人", "示例·碧水花园", ""),
        ("甘新人", "", "", "", "", "", ""),
    )
    assert (len(done.enrolments), done.appointed, done.unchanged, done.left_out) == (4, 3, 0, 0)
    liang = User.objects.get(name="梁新人")
    assert (liang.username, liang.phone, str(liang.posts.get().starts_on)) == (
        "liangxinren",
        "13500000001",
        "2026-11-01",
    )
    assert User.objects.get(username="qinxin").posts.get().division == place.town
    assert User.objects.get(name="蒙新人").posts.get().compound == place.compound
    assert all(enrolment.person.check_password(enrolment.password) for _, enrolment in done.enrolments)


def test_import_again_changes_nothing(admin: Person) -> None:
    said = (
        ("梁新人", "", "13500000001", "县住建局", "房管所经办", "", "2026-11-01"),
        ("覃新人", "qinxin", "", "城关镇人民政府", "乡镇经办", "", ""),
        ("甘新人", "", "", "", "", "", ""),
    )
    write(admin.actor, *said)
    before = (list(User.objects.order_by("id").values()), list(Post.objects.order_by("id").values()))
    assert {verdict.state for verdict in judge(admin, *said)} == {State.SAME}
    done = write(admin.actor, *said)
    assert (done.enrolments, done.appointed, done.unchanged) == ((), 0, 3)
    assert (list(User.objects.order_by("id").values()), list(Post.objects.order_by("id").values())) == before


def test_import_writes_one_entry_about_the_whole(admin: Person) -> None:
    write(admin.actor, ("梁新人", "", "13500000001", "县住建局", "房管所经办", "", ""))
    body = AuditEntry.objects.get(action="staff.imported").body
    note = json.loads(body)["note"]
    assert (note["people"], note["posts"], note["lines"], len(note["digest"])) == (1, 1, 1, 64)
    assert "梁新人" not in body


def test_import_in_two_steps_by_the_two_who_may(people: SimpleNamespace) -> None:
    said = ("梁新人", "", "", "县住建局", "房管所经办", "", "")
    refused = one(people.security_admin, *said)
    assert (refused.state, refused.remarks[0].code) == (State.REFUSED, "person_unknown")
    first = write(people.system_admin.actor, said)
    assert (len(first.enrolments), first.appointed) == (1, 0)
    assert one(people.system_admin, *said).remarks[0].code == "post_later"
    second = write(people.security_admin.actor, said)
    assert (len(second.enrolments), second.appointed) == (0, 1)
    assert one(people.system_admin, *said).state is State.SAME


@pytest.mark.parametrize("who", ["bureau_officer", "town_officer", "audit_admin", "nobody"])
def test_import_by_others_is_denied(people: SimpleNamespace, who: str) -> None:
    with pytest.raises(Denied):
        judge(getattr(people, who), ("梁新人",))
    with pytest.raises(Denied):
        import_staff(actor=getattr(people, who).actor, rows=[], choices={}, digest="", reason="", at=NOW)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        (("梁新人", "", "", "县住建局", ""), "role_missing"),
        (("梁新人", "", "", "", "房管所经办"), "unit_missing"),
        (("梁新人", "", "", "县住建局", "系统管理员"), "administrator"),
        (("梁新人", "", "", "火星基地", "房管所经办"), "unit_unknown"),
        (("梁新人", "", "", "示例物业公司", "房管所经办"), "objection_kind"),
        (("梁新人", "", "", "示例物业公司", "项目负责人", "火星"), "place_unknown"),
        (("梁新人", "", "", "示例物业公司", "项目负责人", ""), "objection_compound_missing"),
        (("梁新人", "", "", "县住建局", "房管所经办", "示例·碧水花园"), "place_needless"),
        (("梁新人", "", "", "城关镇人民政府", "乡镇经办", "东江社区"), "objection_area_outside"),
        (("梁新人", "", "", "县住建局", "房管所经办", "", "1970-01-01"), "objection_too_early"),
        (("梁新人", "", "", "县住建局", "房管所经办", "", "2099-01-01"), "objection_too_far_ahead"),
        (("梁新人", "chen"), "username_of_another"),
        (("系统员", "xitong", "", "县住建局", "房管所经办"), "objection_self"),
        (("梁新人", "", "1.38E+10"), "phone_spoiled"),
    ],
)
def test_judge_line_that_is_refused(admin: Person, said: tuple[str, ...], code: str) -> None:
    verdict = one(admin, *said)
    assert (verdict.state, verdict.remarks[0].code, verdict.plan) == (State.REFUSED, code, None)


def test_judge_disabled_person(people: SimpleNamespace, admin: Person) -> None:
    User.objects.filter(username="wugang").update(is_active=False)
    assert one(admin, "无岗位", "wugang", "", "县住建局", "房管所经办").remarks[0].code == "objection_inactive"


def test_judge_existing_person_by_username_phone_or_unit(place: SimpleNamespace, admin: Person) -> None:
    make_user("liang", "梁新人", phone="13500000001")
    make_user("liang2", "梁新人")
    by_username = one(admin, "梁新人", "liang2", "", "县住建局", "房管所经办").plan
    by_phone = one(admin, "梁新人", "", "13500000001", "县住建局", "房管所经办").plan
    by_unit = one(admin, "陈经办", "", "", "县住建局", "房管所复核").plan
    assert by_username
    assert by_phone
    assert by_unit
    found = [User.objects.get(pk=plan.person or 0).username for plan in (by_username, by_phone, by_unit)]
    assert found == ["liang2", "liang", "chen"]


def test_judge_existing_person_with_another_phone(admin: Person) -> None:
    User.objects.filter(username="chen").update(phone="13500000001")
    verdict = one(admin, "陈经办", "chen", "13500000002", "县住建局", "房管所经办")
    assert (verdict.state, verdict.remarks[0].code) == (State.SAME, "phone_differs")
    write(admin.actor, ("陈经办", "chen", "13500000002", "县住建局", "房管所经办"))
    assert User.objects.get(username="chen").phone == "13500000001"


def test_judge_unit_by_its_alias(place: SimpleNamespace, admin: Person) -> None:
    OrganisationAlias.objects.create(organisation=place.bureau, name="县住房和城乡建设局")
    verdict = one(admin, "梁新人", "", "", "县住房和城乡建设局", "房管所经办")
    assert (verdict.state, verdict.remarks[0].code) == (State.NEW, "unit_by_alias")


def test_judge_unit_that_is_only_similar(place: SimpleNamespace, admin: Person) -> None:
    said = ("梁新人", "", "", "住建局", "房管所经办")
    verdict = one(admin, *said)
    choice = f"unit:{place.bureau.pk}"
    assert (verdict.state, [option.value for option in verdict.options]) == (State.DOUBTFUL, ["skip", choice])
    chosen = one(admin, *said, choices={2: choice})
    assert chosen.plan
    assert chosen.plan.organisation == place.bureau.pk
    assert one(admin, *said, choices={2: "unit:999999"}).state is State.DOUBTFUL
    assert write(admin.actor, said).left_out == 1


def test_judge_unit_of_which_there_are_two(place: SimpleNamespace, admin: Person) -> None:
    make_organisation("示例物业公司", "company", place.other_town)
    verdict = one(admin, "梁新人", "", "", "示例物业公司", "物业企业管理员")
    assert (verdict.state, verdict.remarks[0].code) == (State.DOUBTFUL, "unit_several")
    assert [option.label for option in verdict.options[1:]] == ["示例物业公司（城关镇）", "示例物业公司（东江镇）"]


def test_judge_same_name_elsewhere_is_doubtful(people: SimpleNamespace, admin: Person) -> None:
    said = ("李经理", "", "", "县住建局", "房管所经办")
    verdict = one(admin, *said)
    same = f"user:{people.manager.user.pk}"
    assert (verdict.state, [option.value for option in verdict.options]) == (State.DOUBTFUL, ["skip", same, "new"])
    chosen, new = one(admin, *said, choices={2: same}).plan, one(admin, *said, choices={2: "new"}).plan
    assert chosen
    assert chosen.person == people.manager.user.pk
    assert new
    assert new.creates


def test_judge_same_name_twice_in_one_unit_is_doubtful(admin: Person) -> None:
    said = ("梁新人", "", "", "县住建局", "房管所经办"), ("梁新人", "", "", "县住建局", "房管所复核")
    first, second = judge(admin, *said)
    assert first.state is State.NEW
    assert [option.value for option in second.options] == ["skip", "line:2", "new"]
    done = write(admin.actor, *said, choices={3: "line:2"})
    assert (len(done.enrolments), done.appointed) == (1, 2)
    assert Post.objects.filter(user__name="梁新人").count() == 2


def test_judge_one_person_with_two_posts_by_phone(admin: Person) -> None:
    said = (
        ("梁新人", "", "13500000001", "县住建局", "房管所经办"),
        ("梁新人", "", "13500000001", "县住建局", "房管所复核"),
    )
    done = write(admin.actor, *said)
    assert (len(done.enrolments), done.appointed) == (1, 2)


def test_judge_two_doubts_one_after_the_other(place: SimpleNamespace, people: SimpleNamespace, admin: Person) -> None:
    said = ("李经理", "", "", "住建局", "房管所经办")
    unit = f"unit:{place.bureau.pk}"
    verdict = one(admin, *said, choices={2: unit})
    assert [option.value for option in verdict.options] == [
        "skip",
        f"{unit}+user:{people.manager.user.pk}",
        f"{unit}+new",
    ]
    assert one(admin, *said, choices={2: f"{unit}+new"}).state is State.NEW


def test_judge_line_repeated(admin: Person) -> None:
    said = ("梁新人", "liang", "", "县住建局", "房管所经办")
    assert [verdict.state for verdict in judge(admin, said, said)] == [State.NEW, State.REFUSED]
    other = ("覃新人", "liang")
    assert judge(admin, said, other)[1].remarks[0].code == "username_repeated"


def test_import_something_else_than_was_shown(people: SimpleNamespace, admin: Person) -> None:
    rows = lines(("梁新人", "", "", "县住建局", "房管所经办"))
    digest = digest_of_verdicts(judge_staff(admin.actor, rows, {}, on=TODAY))
    make_user("liang", "梁新人")
    with pytest.raises(Refused, match=r"staff\.changed"):
        import_staff(actor=admin.actor, rows=rows, choices={}, digest=digest, reason="", at=NOW)
    assert User.objects.filter(name="梁新人").count() == 1


def test_judge_list_in_a_constant_number_of_queries(admin: Person, django_assert_max_num_queries: Any) -> None:
    actor = admin.actor
    rows = lines(*((f"新人{number}", "", "", "县住建局", "房管所经办") for number in range(40)))
    with django_assert_max_num_queries(6):
        judge_staff(actor, rows, {}, on=TODAY)
