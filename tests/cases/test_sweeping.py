"""What time does to cases, and that it does it once."""

from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace

from anju.base.actor import STRANGER, SYSTEM
from anju.base.models import Notice
from anju.base.queries.calendar import forget
from anju.base.services.calendar import Head, write_version
from anju.cases.models import Case, CaseClock, CaseParty
from anju.cases.queries.record import history_of
from anju.cases.services.filing import Receipt, rate_case
from anju.cases.services.sweeping import archive_cases, recount_cases, sweep_cases
from anju.rules.workdays.years import Mark, PublishedDay, Scope
from tests.cases.conftest import Do
from tests.people import NOW

FileCase = Callable[..., Receipt]
Handled = Callable[..., Case]


def state_of(case: Case) -> tuple[str, int]:
    row = Case.objects.get(pk=case.pk)
    return row.state, row.version


def test_sweep_cases_signs_what_was_left_lying_and_only_once(file_case: FileCase, handled: Handled) -> None:
    case = handled(file_case().case, to="dispatch")
    assert sweep_cases(actor=SYSTEM, at=NOW + timedelta(hours=1)) == 0
    at = NOW + timedelta(hours=8)
    assert sweep_cases(actor=SYSTEM, at=at) == 1
    assert state_of(case) == ("handling", 4)
    assert sweep_cases(actor=SYSTEM, at=at) == 0


def test_sweep_cases_leaves_no_case_that_is_late_without_a_reminder(
    people: SimpleNamespace, file_case: FileCase, handled: Handled, do: Do
) -> None:
    """受理, 派遣, 首次联系, 核查: each a working day and more late; the third day is as the first. Only the unit's is the case's level."""
    waiting, accepted, worked, reported = (file_case().case for _ in range(4))
    handled(accepted, to="accept")
    handled(worked, to="sign")
    handled(reported)
    sweep_cases(actor=SYSTEM, at=NOW + timedelta(days=6))
    assert sweep_cases(actor=SYSTEM, at=NOW + timedelta(days=6)) == 0
    late = CaseClock.objects.filter(state="running", due_at__lt=NOW + timedelta(days=6)).exclude(code="handle")
    found = {row.case.pk: (row.code, row.level) for row in late}
    assert found == {
        waiting.pk: ("accept", 3),
        accepted.pk: ("dispatch", 3),
        worked.pk: ("contact", 2),
        reported.pk: ("verify", 2),
    }
    levels = Case.objects.order_by("pk").values_list("level", flat=True)
    assert list(levels) == [0, 0, 2, 0]
    urged = waiting.events.filter(transition="urge").first()
    assert urged is not None
    assert Notice.objects.filter(template="work.urged", about=f"case:{waiting.pk}").exists()
    [line] = [one for one in history_of(people.bureau_officer.actor, waiting) if one.at == urged.at][-1:]
    assert line.chosen == {"level": "催办", "clock": "受理超期"}


def test_sweep_cases_tells_the_unit_once_when_half_of_its_time_is_used(
    people: SimpleNamespace, file_case: FileCase, handled: Handled, do: Do
) -> None:
    """Seven working days from Tuesday 24: on the fourth, Monday 30, T1 W2 T3 are left. The case itself stays as it was."""
    case = handled(file_case().case, to="sign")
    do(people.department_officer, case, "milestone", milestone="contact", at=NOW + timedelta(hours=2))
    told = Notice.objects.filter(template="work.half", about=f"case:{case.pk}")
    sweep_cases(actor=SYSTEM, at=NOW + timedelta(days=3, hours=8))
    assert not told.exists()
    version = state_of(case)[1]
    for hours in (0, 1):
        sweep_cases(actor=SYSTEM, at=NOW + timedelta(days=6, hours=hours))
    assert set(told.values_list("user_id", flat=True)) == {people.department_officer.user.pk}
    assert told.count() == 1
    assert state_of(case)[1] == version


def test_sweep_cases_closes_a_silent_case_as_unrated(
    people: SimpleNamespace, file_case: FileCase, handled: Handled, do: Do
) -> None:
    case = handled(file_case().case)
    do(people.community_worker, case, "verify_pass", note={"call_note": "已回访"}, at=NOW + timedelta(days=1))
    sweep_cases(actor=SYSTEM, at=NOW + timedelta(days=30))
    row = Case.objects.get(pk=case.pk)
    assert (row.state, row.closing, row.score) == ("closed", "unrated", 0)


def test_sweep_cases_refers_what_dissuasion_did_not_stop(
    place: SimpleNamespace, people: SimpleNamespace, file_case: FileCase, do: Do
) -> None:
    """The lead of the matter has no body in this town, so it stays; once it has one it is referred to it."""
    from anju.cases.models import UnitCode

    case = file_case(matter="WL03").case
    do(people.town_officer, case, "accept", note={"duplicates": "查过"}, matter="WL03", urgency=case.urgency)
    note = {"dissuasion_order": "请先劝阻"}
    do(people.bureau_officer, case, "order_dissuade", note=note, unit=str(place.company.pk))
    assert CaseParty.objects.filter(case=case, role="respondent").count() == 0
    sweep_cases(actor=SYSTEM, at=NOW + timedelta(days=3))
    assert state_of(case)[0] == "dissuading"
    UnitCode.objects.create(code="law_enforcement", organisation=place.department)
    sweep_cases(actor=SYSTEM, at=NOW + timedelta(days=3))
    row = Case.objects.get(pk=case.pk)
    assert (row.state, row.lead) == ("dispatched", place.department)


def test_sweep_cases_raises_every_level_on_the_way_after_days_off(file_case: FileCase, handled: Handled) -> None:
    daily, at_once = file_case().case, file_case().case
    handled(daily, to="sign")
    handled(at_once, to="sign")
    for day in range(1, 30):
        sweep_cases(actor=SYSTEM, at=NOW + timedelta(days=day))
    first, second = Case.objects.order_by("pk")
    assert first.level == second.level > 2
    levels = list(first.events.filter(transition="oversee").values_list("body", flat=True))
    assert len(levels) == first.level


def write_year(year: int, *off: date, confirmed: bool = True, version: int = 0) -> None:
    days = [PublishedDay(day, Mark.OFF, Scope.NATIONAL, "示例假日", "示例") for day in off]
    head = Head(True, "示例")
    write_version(
        actor=SYSTEM, year=year, based_on=version, days=days, head=head, change="示例", at=NOW, confirmed=confirmed
    )
    forget()


def test_recount_cases_when_the_year_is_confirmed(file_case: FileCase) -> None:
    """Nobody had entered the year: Wednesday counted as a working day. The confirmed calendar gives it off."""
    case = file_case().case
    clock = CaseClock.objects.get(case=case, code="accept")
    assert (clock.provisional, Case.objects.get(pk=case.pk).provisional) == (True, True)
    write_year(2027)
    write_year(2026, date(2026, 11, 25), confirmed=False)
    assert recount_cases(actor=SYSTEM, at=NOW) == 0  # what nobody has confirmed moves nothing
    assert CaseClock.objects.get(pk=clock.pk).provisional
    write_year(2026, date(2026, 11, 25), version=1)
    assert recount_cases(actor=SYSTEM, at=NOW) == 1
    again = CaseClock.objects.get(pk=clock.pk)
    assert (again.due_at - clock.due_at, again.provisional) == (timedelta(days=1), False)
    assert (Case.objects.get(pk=case.pk).due_at, state_of(case)) == (again.due_at, ("submitted", 2))
    assert recount_cases(actor=SYSTEM, at=NOW) == 0


def test_archive_cases_forgets_who_reported(
    people: SimpleNamespace, file_case: FileCase, handled: Handled, do: Do
) -> None:
    receipt = file_case()
    case = handled(receipt.case)
    do(people.community_worker, case, "verify_pass", note={"call_note": "已回访"}, at=NOW + timedelta(days=1))
    rate_case(actor=STRANGER, case=case, code=receipt.code, score=4, at=NOW + timedelta(days=2))
    assert archive_cases(actor=SYSTEM, at=NOW + timedelta(days=4 * 366)) == 0
    assert archive_cases(actor=SYSTEM, at=NOW + timedelta(days=5 * 366 + 3)) == 1
    party = CaseParty.objects.get(case=case, role="reporter")
    assert (party.name, party.phone) == ("", "")
    assert state_of(case)[0] == "archived"


def test_recount_cases_of_a_clock_that_stands_still(
    people: SimpleNamespace, file_case: FileCase, handled: Handled, do: Do
) -> None:
    """Seven working days from Tuesday; on Wednesday six are left, whatever was known then. Friday 27 turns out to be off:
    taken up on Monday 30, the sixth day after it is Tuesday 8 December."""
    case = handled(file_case().case, to="sign")
    wednesday = NOW + timedelta(days=1)
    note = {"reason": "等雨停", "public_note": "雨停后施工"}
    do(people.department_officer, case, "ask_suspension", note=note, until=NOW + timedelta(days=14), at=wednesday)
    note = {"approval_basis": "示例"}
    do(people.bureau_officer, case, "suspend", note=note, until=NOW + timedelta(days=14), at=wednesday)
    assert due_of(case) == date(2026, 12, 3)
    write_year(2027)
    write_year(2026, date(2026, 11, 27))
    assert recount_cases(actor=SYSTEM, at=wednesday) == 1
    assert due_of(case) == date(2026, 12, 4)
    do(people.department_officer, case, "resume", at=NOW + timedelta(days=6))
    assert due_of(case) == date(2026, 12, 8)


def due_of(case: Case) -> date:
    due = CaseClock.objects.get(case=case, code="handle").due_at
    return (due - timedelta(seconds=1)).astimezone(NOW.tzinfo).date()
