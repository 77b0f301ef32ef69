"""Matters edited by the bureau: versions that stay, routes that are confirmed, policy files that never overwrite."""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from anju.accounts.models import Post
from anju.base.actor import SYSTEM, Denied, Refused
from anju.base.models import AuditEntry
from anju.cases.models import Case, CaseEvent, Matter, MatterCatalogue, MatterConfirmation, MatterOffer, MatterVersion
from anju.cases.queries.catalogue import matter_row, tiles, workflow_of_case
from anju.cases.queries.matters import matter_history, offer_changes, pending_offer, pending_offers
from anju.cases.queries.reckoning import book_of
from anju.cases.queries.routes import proposed_route
from anju.cases.services.filing import Receipt
from anju.cases.services.loading import load_cases
from anju.cases.services.matter_versions import offer_rows
from anju.cases.services.matters import (
    add_matter,
    answer_offer,
    confirm_routes,
    edit_matter,
    restore_matter,
    retire_matter,
    switch_route,
)
from anju.rules.cases.matters import Matter as MatterRow
from anju.rules.cases.matters import Matters
from anju.rules.cases.workflow import Amount, Urgency
from tests.cases.conftest import Do
from tests.people import NOW, TODAY
from tests.rules.cases.test_matters import CATALOGUE

pytestmark = pytest.mark.usefixtures("policy")
WHY: dict[str, Any] = {"reason": "责任清单调整", "cite": "县府办〔2026〕9号", "at": NOW}
FileCase = Callable[..., Receipt]


def matter(code: str = "SF01") -> Matter:
    return Matter.objects.get(code=code)


def edited(people: SimpleNamespace, code: str = "SF01", **parts: Any) -> MatterVersion:
    held = matter(code)
    row = replace(matter_row(held), **parts)
    return edit_matter(actor=people.bureau_officer.actor, matter=held, row=row, based_on=held.version, **WHY)


def confirmed(people: SimpleNamespace, *codes: str) -> list[MatterConfirmation]:
    routes = {held.pk: held.version for held in map(matter, codes)}
    return confirm_routes(actor=people.bureau_reviewer.actor, routes=routes, **WHY)


def test_matter_begins_its_history_with_the_file() -> None:
    assert Matter.objects.count() == MatterVersion.objects.count() == MatterOffer.objects.count() == 68
    assert set(MatterVersion.objects.values_list("version", "change", "made_as")) == {(1, "loaded", "系统")}
    assert pending_offers() == []
    assert load_cases(actor=SYSTEM, policy="demo", at=NOW) is False


def test_edit_matter_is_a_new_version_with_old_beside_new(people: SimpleNamespace) -> None:
    edited(people, close_when="退还多收的钱", handle=Amount.of("5 wd"))
    held = matter()
    assert (held.version, held.route, held.body["close_when"]) == (2, 2, "退还多收的钱")
    newest, first = matter_history(people.town_officer.actor, held)
    assert (newest.what, newest.reason, newest.cite) == ("修改", WHY["reason"], WHY["cite"])
    assert "陈经办" not in newest.by
    assert newest.by.endswith("房管所经办，陈**")
    assert {one.part: one.new for one in newest.changes} == {"close_when": "退还多收的钱", "handle": "5 wd"}
    assert (first.version, first.changes) == (1, ())
    assert matter_history(people.manager.actor, held) == []
    assert AuditEntry.objects.filter(action="matter.edited").count() == 1


def test_edit_matter_by_anyone_but_the_bureau(people: SimpleNamespace) -> None:
    held = matter()
    row = replace(matter_row(held), name="别的")
    for who in ("bureau_reviewer", "supervisor", "town_officer", "department_officer", "manager", "system_admin"):
        with pytest.raises(Denied):
            edit_matter(actor=getattr(people, who).actor, matter=held, row=row, based_on=1, **WHY)
    assert MatterVersion.objects.filter(matter=held).count() == 1


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ({}, "matter.unchanged"),
        ({"lead": "army"}, "matter.faulty"),
        ({"joint": ("market",)}, "matter.faulty"),
        ({"file_when": "长" * 10_000}, "matter.faulty"),
        ({"name": "改\u202e名"}, "matter.faulty"),
        ({"item": "9.9"}, "matter.faulty"),
    ],
)
def test_edit_matter_into_what_may_not_stand(people: SimpleNamespace, parts: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused, match=code):
        edited(people, **parts)
    assert matter().version == 1


@pytest.mark.parametrize(("part", "value"), [("reason", " "), ("cite", ""), ("reason", "长" * 10_000), ("cite", "\0")])
def test_edit_matter_without_saying_why(people: SimpleNamespace, part: str, value: str) -> None:
    held = matter()
    told = {**WHY, part: value}
    with pytest.raises(Refused, match=r"matter\.why_unsaid"):
        edit_matter(
            actor=people.bureau_officer.actor, matter=held, row=replace(matter_row(held), name="改"), based_on=1, **told
        )


def test_edit_matter_with_a_unit_the_plan_does_not_list_says_so(people: SimpleNamespace) -> None:
    edited(people, "WL01", joint=("law_enforcement", "police"))
    assert matter_row(matter("WL01")).beyond == ("police",)


def test_history_of_a_matter_can_neither_be_changed_nor_bypassed(people: SimpleNamespace) -> None:
    edited(people, name="改名")
    confirmed(people, "SF01")
    held = matter()
    tried: list[Callable[[], object]] = [
        lambda: MatterVersion.objects.filter(matter=held).update(reason="别的"),
        lambda: MatterVersion.objects.filter(matter=held).delete(),
        lambda: MatterOffer.objects.filter(matter=held).update(body=None),
        lambda: MatterConfirmation.objects.filter(matter=held).delete(),
        lambda: Matter.objects.filter(pk=held.pk).delete(),
        lambda: _committed(lambda: Matter.objects.filter(pk=held.pk).update(name="偷改")),
        lambda: _committed(lambda: Matter.objects.filter(pk=held.pk).update(body={**held.body, "lead": "police"})),
        lambda: _committed(lambda: Matter.objects.filter(pk=matter("WL01").pk).update(confirmed=True)),
        lambda: Matter.objects.filter(pk=matter("WL01").pk).update(auto=True),
    ]
    for change in tried:
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    assert matter().name == "改名"


def _committed(work: Callable[[], object]) -> None:
    """Do it and let the checks of the commit run now."""
    work()
    with connection.cursor() as cursor:
        cursor.execute("set constraints all immediate")


def test_running_case_keeps_the_version_it_was_filed_under(
    people: SimpleNamespace, place: SimpleNamespace, file_case: FileCase, handled: Callable[..., Case], do: Do
) -> None:
    edited(people, handle=Amount.of("3 wd"))
    old = file_case().case
    edited(people, handle=Amount.of("9 wd"))
    new = file_case().case
    assert [Case.objects.get(pk=one.pk).matter_version.version for one in (old, new)] == [2, 3]
    limits = []
    for case in (old, new):
        handled(case, to="dispatch")
        limits.append(str(case.clocks.get(code="handle").amount))
    assert limits == ["3 wd", "9 wd"]
    assert '"matter_version":2' in old.events.get(seq=1).body
    assert '"route":"SF01:3"' in old.events.get(transition="dispatch").body


def test_case_that_goes_on_under_another_matter_takes_what_holds_then(
    people: SimpleNamespace, file_case: FileCase, do: Do
) -> None:
    case = file_case(matter="PC08").case
    edited(people, handle=Amount.of("4 wd"))
    note = {"duplicates": "查过"}
    case = do(people.town_officer, case, "accept", note=note, matter="SF01", urgency=Urgency.B)
    assert (case.matter.code, case.matter_version.version) == ("SF01", 2)
    assert '"matter_version":2' in case.events.get(transition="accept").body
    book, _ = book_of(workflow_of_case(case), case)
    assert book.matter_limits["handle", "SF01"] == Amount.of("4 wd")


def test_retired_matter_takes_nothing_new_and_can_be_restored(people: SimpleNamespace, file_case: FileCase) -> None:
    actor, held = people.bureau_officer.actor, matter("SS01")
    assert any(tile.matter == "SS01" for tile in tiles())
    retire_matter(actor=actor, matter=held, based_on=1, **WHY)
    assert all("SS01" not in (tile.matter, *tile.more) for tile in tiles())
    with pytest.raises(Refused, match=r"case\.matter_unknown"):
        file_case(matter="SS01")
    with pytest.raises(Refused, match=r"matter\.retired"):
        retire_matter(actor=actor, matter=held, based_on=2, **WHY)
    with pytest.raises(Refused, match=r"matter\.retired"):
        edited(people, "SS01", name="改")
    restore_matter(actor=actor, matter=held, based_on=2, **WHY)
    assert file_case(matter="SS01").case.matter_version.version == 3
    with pytest.raises(Refused, match=r"matter\.not_retired"):
        restore_matter(actor=actor, matter=held, based_on=3, **WHY)
    with pytest.raises(Refused, match=r"matter\.needed"):
        retire_matter(actor=actor, matter=matter("PC08"), based_on=1, **WHY)


def test_add_matter_that_neither_plan_nor_file_has(people: SimpleNamespace, file_case: FileCase) -> None:
    actor, row = people.bureau_officer.actor, replace(matter_row(matter()), code="SF09", name="乱收装修押金")
    add_matter(actor=actor, row=row, **WHY)
    held = matter("SF09")
    assert (held.version, held.confirmed, held.position) == (1, False, 69)
    assert file_case(matter="SF09").case.matter.name == "乱收装修押金"
    with pytest.raises(Refused, match=r"matter\.code_taken"):
        add_matter(actor=actor, row=row, **WHY)
    load_cases(actor=SYSTEM, policy="demo", at=NOW)
    assert matter("SF09").ended_on is None


def test_confirm_route_by_a_reviewer_settles_the_gap(people: SimpleNamespace, file_case: FileCase) -> None:
    case = file_case(matter="WL02").case
    assert proposed_route(case, on=TODAY).pending
    (done,) = confirmed(people, "WL02")
    assert (done.alone, done.route, done.user_id) == (False, 1, people.bureau_reviewer.user.pk)
    assert not proposed_route(Case.objects.get(pk=case.pk), on=TODAY).pending
    with pytest.raises(Refused, match=r"matter\.already_confirmed"):
        confirmed(people, "WL02")


def test_confirmed_route_stands_through_words_and_falls_with_units(people: SimpleNamespace) -> None:
    confirmed(people, "SF01")
    edited(people, close_when="退还")
    assert (matter().version, matter().route, matter().confirmed) == (2, 1, True)
    edited(people, joint=())
    assert (matter().route, matter().confirmed, matter().auto) == (3, False, False)


def test_confirm_route_by_one_who_edited_it(people: SimpleNamespace, place: SimpleNamespace) -> None:
    officer, held = people.bureau_officer.actor, matter()
    with pytest.raises(Refused, match=r"matter\.let_a_reviewer"):
        confirm_routes(actor=officer, routes={matter("WL01").pk: 1}, **WHY)
    edited(people, joint=())
    with pytest.raises(Refused, match=r"matter\.confirm_own"):
        confirm_routes(actor=officer, routes={held.pk: 2}, **WHY)
    Post.objects.filter(role="bureau_reviewer").delete()
    (done,) = confirm_routes(actor=officer, routes={held.pk: 2}, **WHY)
    assert done.alone


def test_confirm_routes_all_or_none(people: SimpleNamespace) -> None:
    actor = people.bureau_reviewer.actor
    stale = {matter("WL01").pk: 1, matter("WL03").pk: 7}
    with pytest.raises(Refused, match=r"matter\.changed"):
        confirm_routes(actor=actor, routes=stale, **WHY)
    with pytest.raises(Refused, match=r"matter\.none_chosen"):
        confirm_routes(actor=actor, routes={}, **WHY)
    with pytest.raises(Refused, match=r"matter\.too_many"):
        confirm_routes(actor=actor, routes=dict.fromkeys(range(1, 102), 1), **WHY)
    retire_matter(actor=people.bureau_officer.actor, matter=matter("WL01"), based_on=1, **WHY)
    with pytest.raises(Refused, match=r"matter\.retired"):
        confirm_routes(actor=actor, routes={matter("WL01").pk: 2}, **WHY)
    assert not MatterConfirmation.objects.exists()
    assert len(confirmed(people, "WL03", "WL04")) == 2


def newer(*rows: MatterRow, drop: str = "", confirmed: bool = False) -> None:
    """A newer version of the policy file, with these rows in place of its own and one left out."""
    held = {**CATALOGUE.matters, **{row.code: row for row in rows}}
    held.pop(drop, None)
    version = MatterCatalogue.objects.latest("version").version + 1
    head = MatterCatalogue.objects.create(
        policy="demo", version=version, digest=f"{version}", confirmed=confirmed, circumstances=dict(CATALOGUE.circumstances),
        tiles=[], units={}, items={}, loaded_at=NOW,
    )  # fmt: skip
    told: Matters = replace(CATALOGUE, version=version, confirmed=confirmed, matters=held)
    offer_rows(head, told, NOW)


WL01, WL03 = CATALOGUE.matters["WL01"], CATALOGUE.matters["WL03"]


def test_newer_file_is_taken_over_where_nobody_edited() -> None:
    newer(replace(WL01, close_when="恢复"), replace(WL01, code="WL11", name="新事项"), drop="WL03")
    assert (matter("WL01").version, matter("WL01").body["close_when"]) == (2, "恢复")
    assert (matter("WL11").version, matter("WL03").version) == (1, 2)
    assert matter("WL03").ended_on is not None
    assert pending_offers() == []
    newer(replace(WL01, close_when="恢复"))
    assert (matter("WL01").version, matter("WL03").ended_on) == (2, None)


def test_newer_file_never_overwrites_what_the_bureau_edited(people: SimpleNamespace) -> None:
    edited(people, "WL01", close_when="本县写法")
    edited(people, "WL03", close_when="本县写法")
    newer()
    assert pending_offers() == []
    newer(replace(WL01, close_when="文件写法"), drop="WL03")
    assert [(one.matter.code, one.body is None) for one in pending_offers()] == [("WL01", False), ("WL03", True)]
    assert {matter(code).body["close_when"] for code in ("WL01", "WL03")} == {"本县写法"}
    offer = pending_offer(matter("WL01"))
    assert offer
    assert [(one.part, one.old, one.new) for one in offer_changes(offer)] == [("close_when", "本县写法", "文件写法")]


def test_answer_offer_takes_or_keeps_once(people: SimpleNamespace) -> None:
    actor = people.bureau_officer.actor
    edited(people, "WL01", close_when="本县写法")
    edited(people, "WL03", close_when="本县写法")
    newer(replace(WL01, close_when="文件写法"), drop="WL03")
    first, second = pending_offers()
    answer_offer(actor=actor, offer=first, take=True, based_on=2, **WHY)
    answer_offer(actor=actor, offer=second, take=False, based_on=2, **WHY)
    assert (matter("WL01").body["close_when"], matter("WL01").version) == ("文件写法", 3)
    assert (matter("WL03").ended_on, matter("WL03").version) == (None, 3)
    assert pending_offers() == []
    with pytest.raises(Refused, match=r"matter\.offer_answered"):
        answer_offer(actor=actor, offer=second, take=True, based_on=3, **WHY)
    newer(replace(WL01, close_when="文件写法"), drop="WL03")
    assert pending_offers() == []
    newer(replace(WL01, close_when="文件写法"))
    assert [one.matter.code for one in pending_offers()] == ["WL03"]


def test_answer_offer_that_would_end_what_is_needed(people: SimpleNamespace) -> None:
    edited(people, "PC08", close_when="本县写法")
    newer(drop="PC08")
    offer = pending_offer(matter("PC08"))
    assert offer
    with pytest.raises(Refused, match=r"matter\.needed"):
        answer_offer(actor=people.bureau_officer.actor, offer=offer, take=True, based_on=2, **WHY)


def test_file_the_county_confirmed_confirms_what_has_no_gap() -> None:
    newer(confirmed=True)
    assert (matter("WL01").confirmed, matter("WL02").confirmed) == (True, False)
    assert MatterConfirmation.objects.filter(user_id=None).count() == Matter.objects.filter(confirmed=True).count()


def test_switch_route_only_where_it_is_confirmed(people: SimpleNamespace) -> None:
    actor, held = people.bureau_officer.actor, matter()
    with pytest.raises(Refused, match=r"matter\.not_confirmed"):
        switch_route(actor=actor, matter=held, on=True, based_on=1, **WHY)
    confirmed(people, "SF01")
    switch_route(actor=actor, matter=held, on=True, based_on=1, **WHY)
    with pytest.raises(Refused, match=r"matter\.unchanged"):
        switch_route(actor=actor, matter=held, on=True, based_on=2, **WHY)
    edited(people, close_when="退还")
    assert matter().auto
    edited(people, joint=())
    assert not matter().auto


@pytest.mark.django_db(transaction=True)
def test_two_edits_at_once_are_one_and_the_other_is_told(people: SimpleNamespace) -> None:
    held, told = matter(), threading.Barrier(2)
    said: list[str] = []

    def edit(name: str) -> None:
        told.wait()
        try:
            edit_matter(
                actor=people.bureau_officer.actor,
                matter=held,
                row=replace(matter_row(held), name=name),
                based_on=1,
                **WHY,
            )
            said.append("done")
        except Refused as refusal:
            said.append(refusal.code)
        finally:
            with suppress(DatabaseError):
                connection.close()

    threads = [threading.Thread(target=edit, args=(name,)) for name in ("甲改", "乙改")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["done", "matter.changed"]
    assert MatterVersion.objects.filter(matter=held).count() == 2
    assert matter().name == matter().body["name"]
    assert CaseEvent.objects.count() == 0
