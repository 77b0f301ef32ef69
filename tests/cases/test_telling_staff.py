"""In the app: whoever has something to do by an act hears of it, nobody else, and nobody who must keep out."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from anju.accounts.models import Recusal
from anju.base.actor import STRANGER
from anju.base.models import Notice
from anju.cases.models import Case
from anju.cases.services.filing import Receipt, nudge_case
from anju.papers.notices import TEXTS
from anju.rules.cases.workflow import Urgency
from tests.cases.conftest import Do
from tests.people import NOW, make_person
from tests.rules.cases.sample import DEMO

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
    rows = Notice.objects.filter(template="work.oversight", user_id=people.department_officer.user.pk)
    assert rows.count() == 1
    assert {("oversight", "department_officer"), ("oversight", "bureau_officer")} <= told(people, case)
    keys = list(Notice.objects.values_list("key", flat=True))
    assert len(keys) == len(set(keys))


def test_nudge_urges_the_lead_and_before_there_is_one_the_dispatcher(
    people: SimpleNamespace, file_case: FileCase, handled: Callable[..., Case]
) -> None:
    early, late = file_case(), file_case()
    handled(late.case, to="sign")
    for receipt in (early, late):
        case = Case.objects.get(pk=receipt.case.pk)
        nudge_case(actor=STRANGER, case=case, code=receipt.code, at=NOW + timedelta(hours=2))
    assert told(people, early.case) == {("nudged", "bureau_officer")}
    assert ("nudged", "department_officer") in told(people, late.case)
    assert ("nudged", "bureau_officer") not in told(people, late.case)


def test_session_is_told_to_the_units_called_but_not_to_who_called_nor_to_who_must_keep_out(
    people: SimpleNamespace, place: SimpleNamespace, file_case: FileCase, handled: Callable[..., Case], do: Do
) -> None:
    """The bureau's officer calls the bureau too; of two in the town's office one has relatives in the compound."""
    kept_out = make_person("mo3", "覃同事", "town_officer", place.town_office, division=place.town)
    assert kept_out.user
    Recusal.objects.create(
        user=kept_out.user, compound=place.compound, reason="亲属住在这里", starts_on=NOW.date(), recorded_at=NOW
    )
    case = handled(file_case().case, to="sign")
    note = {"meeting_place": "南门", "division": "各查各的"}
    helpers = (str(place.town_office.pk), str(place.bureau.pk))
    at = NOW + timedelta(hours=2)
    do(
        people.bureau_officer,
        case,
        "convene_joint",
        at=at,
        note=note,
        helpers=helpers,
        meets_at=NOW + timedelta(days=2),
    )
    users = set(Notice.objects.filter(template="work.session").values_list("user_id", flat=True))
    assert {people.department_officer.user.pk, people.town_officer.user.pk} <= users
    assert not users & {people.bureau_officer.user.pk, kept_out.user.pk}


def test_answer_to_a_request_is_told_to_who_asked(
    people: SimpleNamespace, place: SimpleNamespace, file_case: FileCase, handled: Callable[..., Case], do: Do
) -> None:
    make_person("mo4", "莫同事", "department_officer", place.department)
    case = handled(file_case().case, to="sign")
    told_so = {"until": NOW + timedelta(days=14), "note": {"reason": "要检测"}}
    do(people.department_officer, case, "ask_extension", at=NOW + timedelta(hours=2), **told_so)
    do(people.bureau_officer, case, "refuse_request", at=NOW + timedelta(hours=3), note={"reason": "来得及"})
    answered = Notice.objects.filter(template="work.answered").values_list("user_id", flat=True)
    assert list(answered) == [people.department_officer.user.pk]


def test_company_that_is_to_dissuade_is_told(
    people: SimpleNamespace, place: SimpleNamespace, file_case: FileCase, do: Do
) -> None:
    case = file_case(matter="WL03").case
    do(people.town_officer, case, "accept", note={"duplicates": "查过"}, matter="WL03", urgency=Urgency.B)
    note = {"dissuasion_order": "请先劝阻"}
    do(people.bureau_officer, case, "order_dissuade", note=note, unit=str(place.company.pk))
    assert ("dissuade", "manager") in told(people, case)
    assert "other_manager" not in {name for _, name in told(people, case)}


def test_telling_costs_as_many_queries_whoever_there_is_to_tell(
    people: SimpleNamespace, place: SimpleNamespace, file_case: FileCase, handled: Callable[..., Case], do: Do
) -> None:
    def asked(hour: int) -> int:
        case = handled(file_case().case, to="sign")
        with CaptureQueriesContext(connection) as queries:
            at = NOW + timedelta(hours=hour)
            do(people.supervisor, case, "oversee", at=at, level=4, note={"reason": "没有办"})
        assert Notice.objects.filter(about=f"case:{case.pk}", template="work.oversight").exists()
        return len(queries)

    before = asked(2)
    for number in range(5):
        make_person(f"many{number}", f"莫第{number}", "department_officer", place.department)
        make_person(f"more{number}", f"陈第{number}", "bureau_officer", place.bureau)
    assert asked(3) == before


def test_every_notice_has_its_words() -> None:
    codes = {f"{'case' if one.to == 'reporter' else 'work'}.{one.code}" for one in DEMO.notices}
    assert codes <= TEXTS.keys()
