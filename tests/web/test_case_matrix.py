"""Every type, state, act and role that the workflow allows, through the real pages; what it does not allow is refused there.

The cells, the walks that lead to them and the forms are read from the workflow's data: a new row is covered by itself. The engine's
side, with all that is forbidden, is `tests/rules/cases/test_table.py`.
"""

import random
from collections import defaultdict
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from anju.base.actor import STRANGER, SYSTEM
from anju.cases.models import Case, CaseEvent, Matter
from anju.cases.queries.catalogue import workflow_of_case
from anju.cases.services.acting import Wish, act_on_case
from anju.cases.services.filing import Filing, Receipt, act_as_reporter, submit_case
from anju.cases.services.loading import load_cases
from anju.rules.cases.facts import Mode, Payload
from anju.rules.cases.roles import PLAYED_BY, played_by_post
from anju.rules.cases.workflow import Workflow
from anju.web.citizen.passes import seal_pass
from anju.web.fields import DayField, MomentField
from tests.base.pictures import picture
from tests.cases.walks import Cell, Player, Spot, Step, World, states_of
from tests.people import NOW, Person
from tests.rules.cases.sample import DEMO

PRESSED = {
    "nudge": {"nudge": "1"},
    "provide_info": {"supply": "1", "text": "补上"},
    "withdraw": {"withdraw": "1"},
    "step_back": {"withdraw": "1"},
    "rate_ok": {"rate": "good"},
    "rate_bad": {"rate": "bad", "reason": "undone"},
    "rate_unsettled": {"rate": "bad", "reason": "undone"},
    "reopen": {"reopen": "1", "facts": "又坏了"},
    "ask_privacy": {"hide": "1"},
    "drop_privacy": {"show": "1"},
}
# Allowed by the table, but nobody ever stands there: a unit has a task from the dispatch on.
NOBODY_S = {Cell("accepted", "derive", "handler"), Cell("accepted", "derive", "unit_lead")}
_ROUND = ("dispatch", "sign", "report_result", "verify_pass")
TWICE_DISPLEASED = ("accept", *_ROUND, "rate_bad", *_ROUND)
NEAR_THEN_FAR = (
    100,
    1300,
)  # places that a search looks at: nearly every act can be done near the beginning of some world
_PHOTO = picture()


@pytest.fixture
def by_post(people: SimpleNamespace, place: SimpleNamespace) -> dict[str, list[Player]]:
    """The people of the county town by the post they hold; nobody of the other town."""
    load_cases(actor=SYSTEM, policy="demo", at=NOW)
    found: dict[str, list[Player]] = defaultdict(list)
    for name, person in vars(people).items():
        if person.user is not None and not name.startswith("other_") and name != "nobody":
            found[person.actor.role].append(Player.of(person.signed_in()))
    return found


def cells_of(case_type: str) -> set[Cell]:
    """What is allowed to people; the clock has no page."""
    rows = [DEMO.transitions[code] for code in DEMO.types[case_type].transitions]
    there = states_of(DEMO, case_type)
    allowed = {
        Cell(state, row.code, role) for row in rows for state in row.from_ if state in there for role in row.roles
    }
    return {cell for cell in allowed - NOBODY_S if cell.role != "system"}


class Ground:
    """Worlds of one type of case: filed by a citizen who can be asked or not, by a body of the compound, led by one or the other."""

    def __init__(self, case_type: str, place: SimpleNamespace, by_post: dict[str, list[Player]]) -> None:
        self.type, self.place, self.people = case_type, place, by_post
        rows = Matter.objects.filter(type=case_type, ended_on=None).order_by("position")
        calm = [row for row in rows if row.body["urgency"] != "a"]
        self.matter = min(calm, key=lambda row: row.body["private"])  # what is private is not released
        self.at = timezone.now() - timedelta(hours=2)
        self.fields: dict[str, Any] = {}
        self.tried = 0

    def file(self, who: Person | None = None, **told: Any) -> Receipt:
        given = {"text": "路灯不亮", "key": uuid4().hex, "source": "company" if who else "qr", **told}
        filing = Filing(self.place.compound, self.matter.code, **given)
        return submit_case(actor=who.actor if who else STRANGER, filing=filing, at=self.at)

    def worlds(self) -> "list[tuple[World, Receipt]]":
        place = self.place
        office, town, bureau = (str(one.pk) for one in (place.department, place.town_office, place.bureau))
        company, committee = str(place.company.pk), str(place.committee.pk)
        manager, chair = (self.people[post][0].person for post in ("project_manager", "committee_member"))
        known: dict[str, Any] = {"phone": "13500000001", "name": "何业主"}
        master = self.file(**known).number
        told: tuple[tuple[Receipt, tuple[str, str], str, dict[str, Any]], ...] = (
            (self.file(chair), (office, town), committee, {}),
            (self.file(manager), (office, town), company, {}),
            (self.file(**known), (bureau, town), company, {}),
            (self.file(**known), (office, town), company, {"first": TWICE_DISPLEASED}),
            (self.file(mode=Mode.ANONYMOUS), (office, town), company, {}),
            (self.file(mode=Mode.ANONYMOUS), (bureau, town), company, {}),
            (self.file(**known), (office, town), company, {}),
            (self.file(**known), (office, town), company, {"joint": True}),
        )
        return [
            (World(row.case, workflow_of_case(row.case), self.people, *units, master, bool(row.code), **more), row)
            for row, leads, body, more in told
            for units in [(leads, town, body)]
        ]

    def walk(self, spot: Spot, receipt: Receipt, workflow: Workflow) -> None:
        """Go down the tree; whatever was tried is undone before the next is."""
        for cell, step in spot.cells:
            with transaction.atomic():
                self.tries(cell, step, receipt, workflow)
                transaction.set_rollback(True)
        for onward in filter(lambda one: one.is_used, spot.onward):
            assert onward.step
            with transaction.atomic():
                self.goes(onward.step, receipt, workflow)
                self.walk(onward, receipt, workflow)
                transaction.set_rollback(True)

    def goes(self, step: Step, receipt: Receipt, workflow: Workflow) -> None:
        case = Case.objects.select_related("compound", "matter").get(pk=receipt.case.pk)
        note = dict.fromkeys(workflow.evidence, "是")
        wish = Wish(step.act.transition, step.act.payload, note, role=step.act.role)
        if step.person is None:
            act_as_reporter(actor=STRANGER, case=case, code=receipt.code, wish=wish, at=step.act.at)
        else:
            act_on_case(actor=step.person.actor, case=case, wish=wish, version=case.version, at=step.act.at)

    def tries(self, cell: Cell, step: Step, receipt: Receipt, workflow: Workflow) -> None:
        case = Case.objects.get(pk=receipt.case.pk)
        assert case.state == cell.state
        if step.person is None:
            link = reverse("citizen:case", args=[seal_pass(receipt.number, receipt.code, timezone.now())])
            answer = Client().post(link, PRESSED[cell.transition])
            played = frozenset({"reporter"})
        else:
            answer = self.posts(step, case)
            played = played_by_post(step.person.actor.role)
        events = CaseEvent.objects.filter(case=case)
        last = events.exclude(role="system").latest("seq")  # the system may answer at once, as it does to a 不满意
        told = (cell, answer.status_code, self._said(answer))
        arrives = workflow.transitions[cell.transition].target(cell.state)
        assert (last.transition, last.state) == (cell.transition, arrives), told
        assert last.role in played, told
        assert Case.objects.get(pk=case.pk).state == events.latest("seq").state
        self.tried += 1

    def posts(self, step: Step, case: Case) -> Any:
        """Send the form as the page shows it, filled in as a person would."""
        assert step.person
        code = step.act.transition
        address = reverse("cases:act", args=[case.pk, code])
        if code not in self.fields:
            shown = step.person.client.get(address)
            assert shown.status_code == 200, step.act
            self.fields[code] = shown.context["form"].fields
        told = filled(self.fields[code], step.act.payload, self.matter) | {"version": case.version}
        registers = DEMO.milestones.get(step.act.payload.milestone) if code == "milestone" else None
        for need in (*DEMO.transitions[code].needs, *(registers.needs if registers else ())):
            if not told.keys() & set(need.split("|")):
                told[need.partition("|")[0]] = _file()
        return step.person.client.post(address, told)

    @staticmethod
    def _said(answer: Any) -> Any:
        return dict(answer.context["form"].errors) if answer.context and "form" in answer.context else ""


def filled(fields: dict[str, forms.Field], told: Payload, matter: Matter) -> dict[str, Any]:
    said = {name: getattr(told, name) for name in fields if getattr(told, name, None)}
    said |= {name: value for name, value in (("matter", matter.pk), ("until", ""), ("meets_at", "")) if name in fields}
    return {name: value for name, field in fields.items() if (value := said.get(name) or _typed(field))}


def _file() -> SimpleUploadedFile:
    return SimpleUploadedFile("a.jpg", _PHOTO, "image/jpeg")


def _typed(field: Any) -> Any:
    match field:
        case forms.FileField():
            return _file() if field.required else None
        case forms.BooleanField():
            return "on"
        case DayField():
            return (timezone.localdate() + timedelta(days=3)).isoformat()
        case forms.TimeField():
            return None
        case MomentField():
            return f"{timezone.localtime() + timedelta(days=3):%Y-%m-%dT%H:%M}"
        case forms.MultipleChoiceField():
            return None
        case forms.ChoiceField():
            return next((code for code, _ in list(getattr(field, "choices", ())) if code), None)
        case forms.IntegerField():
            return 2
        case _:
            return "照做"


@pytest.mark.parametrize("case_type", DEMO.types)
def test_act_allowed_by_the_workflow_is_done_through_its_page(
    case_type: str, place: SimpleNamespace, by_post: dict[str, list[Player]]
) -> None:
    wanted = cells_of(case_type)
    number = len(wanted)
    ground = Ground(case_type, place, by_post)
    for most in NEAR_THEN_FAR:
        for world, receipt in ground.worlds():
            ground.walk(world.walks(wanted, ground.at, most), receipt, world.workflow)
    assert not wanted
    assert ground.tried == number


@pytest.mark.parametrize("case_type", DEMO.types)
def test_act_the_workflow_does_not_allow_is_refused_by_its_page(
    case_type: str, place: SimpleNamespace, by_post: dict[str, list[Player]]
) -> None:
    """Each post tries acts that none of its roles has in this state, and one that nobody ever has; nothing moves."""
    ground = Ground(case_type, place, by_post)
    case = ground.file().case
    chance = random.Random(case_type)
    for player in (one for players in by_post.values() for one in players):
        roles = played_by_post(player.post)
        rows = DEMO.transitions.values()
        forbidden = [row.code for row in rows if "submitted" not in row.from_ or not roles & set(row.roles)]
        for code in (*chance.sample(sorted(forbidden), 3), "no-such-act"):
            answer = player.person.client.post(reverse("cases:act", args=[case.pk, code]), {"version": case.version})
            assert answer.status_code in (302, 404)
    assert (Case.objects.get(pk=case.pk).version, case.events.count()) == (case.version, 1)


@pytest.mark.parametrize("case_type", DEMO.types)
def test_case_of_each_type_is_filed_by_every_post_that_may(
    case_type: str, place: SimpleNamespace, by_post: dict[str, list[Player]]
) -> None:
    ground = Ground(case_type, place, by_post)
    posts = {post for role in DEMO.transitions["submit"].roles for post in PLAYED_BY[role] if post in by_post}
    posts -= {"company_admin"}  # has no compound here to file for
    for player in (player for post in sorted(posts) for player in by_post[post]):
        outside = player.post in ("company_admin", "project_manager", "committee_member")
        told = {
            "key": uuid4().hex,
            "source": "company" if outside else "patrol",
            "compound": place.compound.pk,
            "matter": ground.matter.pk,
            "text": "巡查发现",
            "mode": "hidden",
        }
        answer = player.person.client.post(reverse("cases:new"), told)
        event = CaseEvent.objects.latest("pk")
        assert answer.status_code == 302, (player.post, dict(answer.context["form"].errors))
        assert (event.transition, event.case.type, event.user_id) == ("submit", case_type, int(player.user))
        assert event.role in played_by_post(player.post)
