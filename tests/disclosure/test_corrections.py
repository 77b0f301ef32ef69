"""纠错: anyone may say it, the right officer answers it, an accepted one becomes a fact, a rejected one says why."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import DatabaseError, connection, transaction

from anju.accounts.models import Post
from anju.accounts.queries.today import Task
from anju.base.actor import STRANGER, SYSTEM, Actor, Denied, Refused
from anju.base.installation import forget
from anju.base.models import AuditEntry, Installation
from anju.disclosure.models import Correction, CorrectionContact, CorrectionReply, KnockCounter
from anju.disclosure.queries.cards import public_card
from anju.disclosure.queries.corrections import handovers_of, reply_of, waiting_corrections
from anju.disclosure.queries.today import Kind, tasks_for
from anju.disclosure.services.corrections import (
    CONTACT_LIFE,
    SOURCE,
    Report,
    accept_correction,
    forget_contacts,
    hand_correction,
    reject_correction,
    report_error,
    reveal_contact,
)
from anju.disclosure.services.knocks import LIFE, Knock, forget_knocks, sum_needed
from anju.disclosure.services.releases import Place
from anju.registry.models import Statement
from anju.registry.services.decisions import decide_fact
from anju.rules.disclosure import ADDRESS, COMPOUND, DEVICE
from anju.rules.lists.readings import Number, Unit
from anju.rules.workdays.calendar import CHINA
from tests.disclosure.conftest import Release_, Tell, code_of
from tests.people import NOW, TODAY, Person
from tests.registry.conftest import saying

HERE = Knock("device-1", "10.0.0.1")
DUE = TODAY + timedelta(days=15)


@pytest.fixture
def opened(place: SimpleNamespace, tell: Tell, release: Release_) -> SimpleNamespace:
    tell(place.compound, "households", "612户")
    tell(place.other_compound, "households", "300户")
    release(Place(division=place.county), "households", "fee")
    return place


def report(place: SimpleNamespace, *, knock: Knock = HERE, other: bool = False, **more: str) -> Correction:
    card = public_card(STRANGER, code_of(place.other_compound if other else place.compound))
    assert card is not None
    line = next(line for line in card.lines if line.indicator.code == "households")
    told = {"wrong": "figure", "right_value": "620户", "phone": "13500001234"} | more
    return report_error(actor=STRANGER, card=card, report=Report(line, "612户", **told), knock=knock, at=NOW)


def test_report_goes_to_the_town_with_a_day_by_which_it_is_answered(opened: SimpleNamespace) -> None:
    row = report(opened)
    assert (row.town, row.due_on) == (opened.town, DUE)
    assert AuditEntry.objects.filter(action="correction.received", subject_id=row.pk, user_id=None).exists()


def test_report_where_the_town_has_nobody_in_post_goes_to_the_bureau(
    opened: SimpleNamespace, people: SimpleNamespace
) -> None:
    Post.objects.filter(user=people.town_officer.user).update(ends_on=TODAY)
    assert report(opened).town is None


def test_report_in_a_county_that_has_set_no_time_has_no_day(opened: SimpleNamespace) -> None:
    Installation.objects.update(policy_code="zhongshan-2024")
    forget()
    assert report(opened).due_on is None


def test_report_whose_last_day_is_a_day_off_is_due_on_the_next_working_day(opened: SimpleNamespace) -> None:
    """民法典 203: fifteen days from Friday, 20 November 2026 end on Saturday, 5 December; Monday the 7th is the last day."""
    card = public_card(STRANGER, code_of(opened.compound))
    assert card is not None
    line = next(line for line in card.lines if line.indicator.code == "households")
    friday = datetime(2026, 11, 20, 10, tzinfo=CHINA)
    row = report_error(actor=STRANGER, card=card, report=Report(line, "612户", "figure"), knock=HERE, at=friday)
    assert row.due_on == date(2026, 12, 7)


def test_report_is_handed_to_the_bureau_and_back(opened: SimpleNamespace, people: SimpleNamespace) -> None:
    town, bureau, row = people.town_officer.actor, people.bureau_officer.actor, report(opened)
    with pytest.raises(Refused, match=r"correction\.not_held"):
        hand_correction(actor=bureau, correction=row, reason="试试", at=NOW)
    with pytest.raises(Refused, match=r"correction\.reason_missing"):
        hand_correction(actor=town, correction=row, reason=" ", at=NOW)
    hand_correction(actor=town, correction=row, reason="户数以县里备案为准", at=NOW)
    assert (kinds(town), kinds(bureau)) == ([], [Kind.CORRECTION])
    assert unit_of(row) == ""
    hand_correction(actor=bureau, correction=row, reason="请到现场数", at=NOW)
    assert (kinds(town), kinds(bureau)) == ([Kind.CORRECTION], [])
    assert unit_of(row) == f"{opened.town.name}人民政府"
    assert [one.reason for one in handovers_of(row)] == ["户数以县里备案为准", "请到现场数"]
    assert AuditEntry.objects.filter(action="correction.handed", subject_id=row.pk).count() == 2
    with pytest.raises(DatabaseError), transaction.atomic():
        row.handovers.update(reason="改过")


def test_report_is_not_handed_by_strangers_nor_once_answered_nor_to_a_town_with_nobody(
    opened: SimpleNamespace, people: SimpleNamespace
) -> None:
    town, bureau, row = people.town_officer.actor, people.bureau_officer.actor, report(opened)
    with pytest.raises(Refused, match=r"correction\.answered"):
        hand_correction(actor=people.other_town_officer.actor, correction=row, reason="不是我的", at=NOW)
    with pytest.raises(Denied):
        hand_correction(actor=people.manager.actor, correction=row, reason="不是我的", at=NOW)
    hand_correction(actor=town, correction=row, reason="请县里答复", at=NOW)
    Post.objects.filter(user=people.town_officer.user).update(ends_on=TODAY)
    with pytest.raises(Refused, match=r"correction\.town_empty"):
        hand_correction(actor=bureau, correction=row, reason="请到现场数", at=NOW)
    reject_correction(actor=bureau, correction=row, words="没有错", at=NOW)
    with pytest.raises(Refused, match=r"correction\.answered"):
        hand_correction(actor=bureau, correction=row, reason="再转", at=NOW)


def kinds(actor: Actor) -> list[str]:
    return [task.kind for task in tasks_for(actor, NOW) if task.kind == Kind.CORRECTION]


def unit_of(row: Correction) -> str:
    told = reply_of(STRANGER, row.code)
    assert told is not None
    return told.unit


def test_report_is_seen_by_those_who_answer_for_the_place(opened: SimpleNamespace, people: SimpleNamespace) -> None:
    row = report(opened)
    seen = {who for who in vars(people) if who != "stranger" and row in waiting_corrections(getattr(people, who).actor)}
    assert seen == {"bureau_officer", "town_officer"}


def test_report_stands_on_the_desk_of_the_town_and_late_on_the_bureau_s(
    opened: SimpleNamespace, people: SimpleNamespace
) -> None:
    report(opened)

    def on_desk(who: str, days: int) -> bool:
        tasks = tasks_for(getattr(people, who).actor, NOW + timedelta(days=days))
        return any(task.kind == Kind.CORRECTION for task in tasks)

    assert [on_desk(who, 0) for who in ("town_officer", "other_town_officer", "bureau_officer")] == [True, False, False]
    assert on_desk("bureau_officer", 16)


def tasks_of(person: Person, kind: Kind) -> list[Task]:
    return [task for task in tasks_for(person.actor, NOW) if task.kind == kind]


def value_shown(place: SimpleNamespace) -> object:
    card = public_card(STRANGER, code_of(place.compound))
    assert card is not None
    return next(line.value for line in card.lines if line.indicator.code == "households")


def accepted(place: SimpleNamespace, people: SimpleNamespace, raw: str) -> Correction:
    row = report(place)
    told = saying(raw, "households")
    accept_correction(actor=people.town_officer.actor, correction=row, saying=told, words="已改", at=NOW)
    return row


def test_accepted_correction_becomes_a_fact_that_another_confirms(
    opened: SimpleNamespace, people: SimpleNamespace
) -> None:
    row = accepted(opened, people, "900户")
    statement = Statement.objects.get(source__name=SOURCE)
    assert (statement.source.kind, statement.observed_on) == ("public", TODAY)
    assert statement.recorder == people.town_officer.user
    assert value_shown(opened) is None, "待核实 until somebody confirms"
    told = reply_of(STRANGER, row.code)
    assert told is not None
    assert (told.accepted, told.words) == (True, "已改")
    decide_fact(actor=people.bureau_reviewer.actor, fact=statement.facts.get(), reason="已核对", at=NOW)
    assert value_shown(opened) == Number(900, 900, Unit.COUNT)


def test_accepted_correction_waits_on_another_s_desk_even_where_it_differs_little(
    opened: SimpleNamespace, people: SimpleNamespace
) -> None:
    accepted(opened, people, "620户")
    assert value_shown(opened) == Number(612, 612, Unit.COUNT)
    assert tasks_of(people.town_officer, Kind.CONFIRM) == []
    assert tasks_of(people.other_town_officer, Kind.CONFIRM) == []
    (task,) = tasks_of(people.bureau_officer, Kind.CONFIRM)
    fact = Statement.objects.get(source__name=SOURCE).facts.get()
    assert (task.pk, task.body) == (opened.compound.pk, fact.pk)
    decide_fact(actor=people.bureau_officer.actor, fact=fact, reason="已核对", at=NOW)
    assert tasks_of(people.bureau_officer, Kind.CONFIRM) == []
    assert value_shown(opened) == Number(620, 620, Unit.COUNT)


def test_rejected_correction_says_why_and_records_nothing(opened: SimpleNamespace, people: SimpleNamespace) -> None:
    row = report(opened)
    before = Statement.objects.count()
    with pytest.raises(Refused, match=r"correction\.words_missing"):
        reject_correction(actor=people.town_officer.actor, correction=row, words="  ", at=NOW)
    reject_correction(actor=people.town_officer.actor, correction=row, words="与登记一致，电话13500001234", at=NOW)
    told = reply_of(STRANGER, row.code)
    assert told is not None
    assert (told.accepted, told.words) == (False, "与登记一致，电话135****")
    assert Statement.objects.count() == before
    with pytest.raises(Refused, match=r"correction\.answered"):
        reject_correction(actor=people.bureau_officer.actor, correction=row, words="再答", at=NOW)


def test_correction_cannot_be_accepted_without_the_right_value(
    opened: SimpleNamespace, people: SimpleNamespace
) -> None:
    row = report(opened)
    with pytest.raises(Refused, match=r"correction\.value_missing"):
        accept_correction(actor=people.town_officer.actor, correction=row, saying=None, words="已改", at=NOW)
    assert not CorrectionReply.objects.exists()


def test_correction_is_answered_by_nobody_else(opened: SimpleNamespace, people: SimpleNamespace) -> None:
    row = report(opened)
    for who in ("bureau_reviewer", "supervisor", "manager", "community_worker"):
        with pytest.raises(Denied):
            reject_correction(actor=getattr(people, who).actor, correction=row, words="不", at=NOW)
    with pytest.raises(Refused, match=r"correction\.answered"):
        reject_correction(actor=people.other_town_officer.actor, correction=row, words="不", at=NOW)


def test_phone_is_shown_whole_only_for_a_reason_that_is_kept(opened: SimpleNamespace, people: SimpleNamespace) -> None:
    row = report(opened)
    with pytest.raises(Refused, match=r"correction\.reveal_reason"):
        reveal_contact(actor=people.town_officer.actor, correction=row, reason="", at=NOW)
    assert reveal_contact(actor=people.town_officer.actor, correction=row, reason="核对", at=NOW) == "13500001234"
    assert AuditEntry.objects.filter(action="correction.contact_revealed").count() == 1
    for outside in (people.other_town_officer, people.bureau_reviewer):
        with pytest.raises((Refused, Denied)):
            reveal_contact(actor=outside.actor, correction=row, reason="核对", at=NOW)
    assert not [body for body in AuditEntry.objects.values_list("body", flat=True) if "13500001234" in body]


def test_phone_is_forgotten_a_month_after_the_reply(opened: SimpleNamespace, people: SimpleNamespace) -> None:
    row, open_one = report(opened), report(opened, knock=Knock("device-2", "10.0.0.2"))
    reject_correction(actor=people.town_officer.actor, correction=row, words="一致", at=NOW)
    assert forget_contacts(actor=SYSTEM, at=NOW + CONTACT_LIFE) == 0
    assert forget_contacts(actor=SYSTEM, at=NOW + CONTACT_LIFE + timedelta(seconds=1)) == 1
    assert [contact.correction for contact in CorrectionContact.objects.all()] == [open_one]


def test_right_value_never_keeps_the_number_of_a_person(opened: SimpleNamespace) -> None:
    assert report(opened, right_value="问李四13500001234").right_value == "问李四135****"


def test_one_device_is_stopped_after_a_handful(opened: SimpleNamespace) -> None:
    for _ in range(DEVICE.attempts):
        report(opened)
    with pytest.raises(Refused, match=r"correction\.too_many"):
        report(opened)
    report(opened, knock=Knock("device-2", HERE.address))


def test_a_carrier_s_address_is_never_closed_only_asked_a_sum(opened: SimpleNamespace) -> None:
    for number in range(ADDRESS.attempts):
        report(opened, knock=Knock(f"phone-{number}", "10.9.9.9"), other=number % 2 == 0)
    assert sum_needed(actor=STRANGER, knock=Knock("", "10.9.9.9"), at=NOW)
    with pytest.raises(Refused, match=r"correction\.sum_needed"):
        report(opened, knock=Knock("phone-new", "10.9.9.9"))
    report(opened, knock=Knock("phone-new", "10.9.9.9", sum_solved=True))
    report(opened, knock=Knock("phone-new", "10.8.8.8"))
    assert not sum_needed(actor=STRANGER, knock=Knock("", "10.9.9.9"), at=NOW + ADDRESS.pause)


def test_a_flood_about_one_compound_is_asked_to_telephone_and_leaves_others_open(opened: SimpleNamespace) -> None:
    for number in range(COMPOUND.attempts):
        report(opened, knock=Knock(f"phone-{number}", f"10.1.{number}.1"))
    with pytest.raises(Refused, match=r"correction\.call_instead"):
        report(opened, knock=Knock("phone-new", "10.2.0.1"))
    report(opened, knock=Knock("phone-new", "10.2.0.1"), other=True)


def test_counts_are_digests_and_are_forgotten(opened: SimpleNamespace) -> None:
    report(opened)
    assert KnockCounter.objects.count() == 3
    assert not [key for key in KnockCounter.objects.values_list("key", flat=True) if "10.0.0.1" in key]
    assert forget_knocks(actor=SYSTEM, at=NOW + LIFE) == 0
    assert forget_knocks(actor=SYSTEM, at=NOW + LIFE + timedelta(seconds=1)) == 3


@pytest.mark.parametrize("table", ["correction", "correctionreply"])
def test_history_of_corrections_cannot_be_changed(opened: SimpleNamespace, people: SimpleNamespace, table: str) -> None:
    reject_correction(actor=people.town_officer.actor, correction=report(opened, phone=""), words="一致", at=NOW)
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"update disclosure_{table} set id = id")
