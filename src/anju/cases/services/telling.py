"""Telling the reporter: at most five messages a case, none at night, no personal data in them (`rules.cases.quiet`).

A short message carries a link that opens the case for fifteen days; it is made when the message leaves (`links`).

Units see on their desk what was given to them; those that never sign in get a printed 交办单.
"""

from datetime import datetime

from django.utils.timezone import localtime

from anju.base.models import Notice
from anju.base.outbox import queue_notice
from anju.cases.models import Case, CaseEvent, CaseParty
from anju.cases.services.links import link_values
from anju.rules.cases.effects import NoticeEffect
from anju.rules.cases.quiet import delivery
from anju.rules.cases.workflow import Urgency


def tell_reporter(case: Case, event: CaseEvent, effects: tuple[NoticeEffect, ...], at: datetime) -> None:
    """Queue what is for the reporter, where he left a number; otherwise his number and code show him the same."""
    codes = [one.code for one in effects if one.audience == "reporter"]
    if not codes:
        return
    party = CaseParty.objects.filter(case=case, role=CaseParty.Role.REPORTER).exclude(phone="").first()
    if party is None:
        return
    for code in codes:
        _queue(case, event, code, party.phone, at)


def _queue(case: Case, event: CaseEvent, code: str, phone: str, at: datetime) -> None:
    about, urgent = f"case:{case.pk}", case.urgency == Urgency.A
    sent = list(Notice.objects.filter(about=about).values_list("template", flat=True))
    when = delivery(code, "reporter", sent=sent, at=localtime(at), urgent=urgent)
    if when.at is None:
        return
    queue_notice(
        template=f"case.{code}",
        channel=Notice.Channel.SMS,
        phone=phone,
        values={"number": case.number, **link_values(case, when.at)},
        key=f"{about}:{event.seq}:{code}",
        about=about,
        not_before=when.at,
        urgent=urgent,
        at=at,
    )
