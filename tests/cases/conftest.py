"""The demo county's workflow in the small county town, and short ways to file a case and to bring it forward."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from anju.base.actor import STRANGER, SYSTEM, Actor
from anju.cases.models import Case
from anju.cases.services.acting import Wish, act_on_case
from anju.cases.services.filing import Filing, Receipt, submit_case
from anju.cases.services.loading import load_cases
from anju.rules.cases.facts import Payload
from anju.rules.cases.workflow import Urgency
from tests.people import NOW

Do = Callable[..., Case]


@pytest.fixture
def policy(place: SimpleNamespace) -> None:
    load_cases(actor=SYSTEM, policy="demo", at=NOW)


def filing(place: SimpleNamespace, **told: Any) -> Filing:
    given = {"matter": "SF01", "text": "停车费多收了", "key": uuid4().hex, "phone": "13500000001", "name": "何业主"}
    return Filing(place.compound, **{**given, **told})


@pytest.fixture
def file_case(place: SimpleNamespace, policy: None) -> Callable[..., Receipt]:
    def one(actor: Actor = STRANGER, at: datetime = NOW, **told: Any) -> Receipt:
        return submit_case(actor=actor, filing=filing(place, **told), at=at)

    return one


@pytest.fixture
def do(people: SimpleNamespace) -> Do:
    """Return a function that applies one act by a person and gives the case as it is then."""

    def one(person: Any, case: Case, transition: str, *, at: datetime = NOW, **told: Any) -> Case:
        outer = {"note", "files", "role", "enter_for", "happened", "cleared"}
        wish = {name: value for name, value in told.items() if name in outer}
        payload = Payload(**{name: value for name, value in told.items() if name not in outer})
        case = Case.objects.get(pk=case.pk)
        return act_on_case(
            actor=person.actor, case=case, wish=Wish(transition, payload, **wish), version=case.version, at=at
        )

    return one


@pytest.fixture
def handled(place: SimpleNamespace, people: SimpleNamespace, do: Do) -> Callable[[Case], Case]:
    """Bring a case to the result, by the market supervision office; `why` it is sent there otherwise than proposed."""

    def one(case: Case, *, to: str = "report_result", why: dict[str, str] | None = None) -> Case:
        note = {"duplicates": "查过"}
        do(people.town_officer, case, "accept", note=note, matter=case.matter.code, urgency=Urgency.B)
        if to == "accept":
            return case
        do(people.bureau_officer, case, "dispatch", lead=str(place.department.pk), note=why or {})
        if to == "dispatch":
            return case
        do(people.department_officer, case, "sign", at=NOW + timedelta(hours=1))
        if to == "sign":
            return case
        note = {"reply_text": "已责令退还", "no_photo_reason": "与现场无关"}
        return do(
            people.department_officer, case, "report_result", at=NOW + timedelta(days=1), note=note, outcome="solved"
        )

    return one
