"""In the app: whoever has something to do by an act hears of it, nobody else, and nobody who must keep out."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

from django.urls import reverse

from anju.accounts.models import Recusal
from anju.base.models import Notice
from anju.cases.models import Case
from anju.cases.services.filing import Receipt
from anju.rules.cases.workflow import Urgency
from tests.cases.conftest import Do
from tests.people import NOW, make_person

FileCase = Callable[..., Receipt]


def told(people: SimpleNamespace, case: Case) -> set[tuple[str, str]]:
    """Who was told what of a case in the app: the notice and the name of the fixture's person."""
    names = {person.user.pk: name for name, person in vars(people).items() if person.user}
    rows = Notice.objects.filter(channel=Notice.Channel.IN_APP, about=f"case:{case.pk}")
    return {(row.template.removeprefix("work."), names.get(row.user_id, "?")) for row in rows}


def test_act_tells_those_whose_task_it_makes(
    people: SimpleNamespace, file_case: FileCase, handled: Callable[..., Case]
) -> None:
    case = handled(file_case().case)
    assert told(people, case) == {
        ("task", "department_officer"),
        ("check", "town_officer"),
        ("check", "community_worker"),
    }


def test_notice_opens_its_case_and_is_read_once(
    people: SimpleNamespace, file_case: FileCase, handled: Callable[..., Case]
) -> None:
    case = handled(file_case().case, to="dispatch")
    client, address = people.department_officer.client, reverse("notices:notices")
    page = client.get(address).content.decode()
    assert f"{case.number}：交您单位主办" in page
    link = reverse("cases:case", args=[case.pk])
    assert f'href="{link}"' in page
    assert client.get(link).status_code == 200
    assert "1 条未读通知" in client.get(reverse("home:today")).content.decode()
    pk = Notice.objects.get(template="work.task").pk
    client.post(address, {"notice": pk})
    assert case.number not in client.get(address).content.decode()


def test_notice_holds_nothing_of_anybody(
    people: SimpleNamespace, file_case: FileCase, handled: Callable[..., Case]
) -> None:
    case = handled(file_case(text="住3栋501，电话13800000000").case)
    rows = Notice.objects.filter(about=f"case:{case.pk}", channel=Notice.Channel.IN_APP)
    assert {tuple(row.values) for row in rows} == {("number",)}
    assert {row.phone for row in rows} == {""}


def test_who_must_keep_out_is_not_told(
    people: SimpleNamespace, place: SimpleNamespace, file_case: FileCase, handled: Callable[..., Case]
) -> None:
    colleague = make_person("mo2", "莫同事", "department_officer", place.department)
    Recusal.objects.create(
        user=people.department_officer.user, compound=place.compound, reason="亲属住在这里", starts_on=NOW.date(),
        recorded_at=NOW,
    )  # fmt: skip
    handled(file_case().case, to="dispatch")
    assert colleague.user
    assert list(Notice.objects.filter(template="work.task").values_list("user_id", flat=True)) == [colleague.user.pk]


def test_unit_that_a_case_is_about_is_told_nothing_of_it(
    people: SimpleNamespace, place: SimpleNamespace, file_case: FileCase, do: Do
) -> None:
    """Where those who grant a longer time are of the unit itself, the county's supervisor hears of the request."""
    case = file_case(respondents=frozenset({place.bureau.pk})).case
    accepted = {"note": {"duplicates": "查过"}, "matter": case.matter.code, "urgency": Urgency.B}
    do(people.town_officer, case, "accept", **accepted)
    do(people.supervisor, case, "adjudicate", lead=str(place.department.pk), note={"ruling": "由市场监管局办"})
    do(people.department_officer, case, "sign", at=NOW + timedelta(hours=1))
    do(
        people.department_officer,
        case,
        "ask_extension",
        at=NOW + timedelta(hours=2),
        days=2,
        until=NOW + timedelta(days=14),
        note={"reason": "要检测"},
    )
    assert told(people, case) == {("task", "department_officer"), ("ask", "supervisor")}


def test_company_hears_of_a_case_only_when_it_is_addressed(
    people: SimpleNamespace, file_case: FileCase, handled: Callable[..., Case]
) -> None:
    case = handled(file_case().case)
    assert not {name for _, name in told(people, case)} & {"company_admin", "manager", "other_manager", "chair"}


def test_who_has_not_read_it_yet_is_not_told_again(
    people: SimpleNamespace, file_case: FileCase, handled: Callable[..., Case], do: Do
) -> None:
    case = handled(file_case().case, to="dispatch")
    for hour, level in ((2, 1), (3, 2)):
        do(people.supervisor, case, "oversee", at=NOW + timedelta(hours=hour), level=level, note={"reason": "催办"})
    assert Notice.objects.filter(template="work.oversight").count() == 1
    assert ("oversight", "department_officer") in told(people, case)
    keys = list(Notice.objects.values_list("key", flat=True))
    assert len(keys) == len(set(keys))
