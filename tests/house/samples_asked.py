"""Samples of what residents are asked and of what comes from the hotline."""

from io import BytesIO
from types import SimpleNamespace
from typing import Any

from anju.base.actor import SYSTEM
from anju.base.attachments import keep_file
from anju.base.sheets import Sheet, write_workbook
from anju.cases.models import Matter
from anju.cases.services.loading import load_cases
from anju.disclosure.models import Card
from anju.inspections.models import Opinion, Problem, Round, RoundPlace
from anju.inspections.services.hotline import take_sheet
from tests.base.pictures import picture
from tests.people import FOUNDED, NOW


def asked_samples(place: SimpleNamespace, people: SimpleNamespace) -> dict[str, dict[str, Any]]:
    """A survey in a compound inside and in one outside, with an opinion and a problem each; a sheet of the hotline."""
    officer = people.bureau_officer
    load_cases(actor=SYSTEM, policy="demo", at=NOW)
    found: dict[str, dict[str, Any]] = {}
    for prefix, compound in (("", place.compound), ("other_", place.other_compound)):
        told = {"begun_by": officer.user, "begun_at": NOW, "questions": ["卫生"]}
        days = {"opens_on": FOUNDED, "closes_on": FOUNDED.replace(year=2099)}
        row = Round.objects.create(kind="survey", title="问一问", question="怎么样", **told, **days)
        here = RoundPlace.objects.create(round=row, compound=compound)
        photo = keep_file(actor=SYSTEM, name="a.jpg", content=BytesIO(picture()), at=NOW)
        opinion = Opinion.objects.create(place=here, photo=photo, channel="qr", key=f"{prefix}key", at=NOW)
        matter = Matter.objects.get(code="SS08")
        problem = Problem.objects.create(place=here, matter=matter, title="灯不亮", by=officer.user, at=NOW)
        rows = {"round": row, "round_place": here, "opinion": opinion, "problem": problem}
        found |= {f"{prefix}{name}": {"pk": one.pk} for name, one in rows.items()}
    orders = write_workbook([Sheet("工单", [["工单编号", "诉求内容"], ["1", "灯不亮"]], [10, 10])])
    sheet = take_sheet(actor=officer.actor, name="orders.xlsx", content=orders, at=NOW)
    code = Card.objects.get(compound=place.compound).code
    return found | {
        "hotline_sheet": {"pk": sheet.pk},
        "reported": {"code": code},
        "asked": {"code": code, "pk": found["round"]["pk"]},
        "case_link": {"token": "none"},
        "message_link": {"token": "none"},
        "released_photo": {"name": "none.jpg"},
    }
