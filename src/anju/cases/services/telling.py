"""Telling the reporter: at most five messages a case, none at night, no personal data in them (`rules.cases.quiet`).

A short message carries a link that opens the case for fifteen days; it is made when the message leaves (`links`).

Those whose task an act makes are told in the app (`tell_staff`); units that never sign in get a printed 交办单.
"""

from datetime import datetime

from django.utils.timezone import localdate, localtime

from anju.base.actor import Actor
from anju.base.models import Notice
from anju.base.outbox import queue_notice, tell_in_app
from anju.cases.models import Case, CaseEvent, CaseParty
from anju.cases.queries.staff import people_told
from anju.cases.services.links import link_values
from anju.rules.cases.book import Book
from anju.rules.cases.effects import NoticeEffect
from anju.rules.cases.facts import Facts
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


def tell_staff(
    actor: Actor,
    case: Case,
    event: CaseEvent,
    effects: tuple[NoticeEffect, ...],
    facts: Facts,
    book: Book,
    at: datetime,
) -> None:
    """Tell in the app whom an act concerns, whoever did it left out. Each person once, by the first notice that is theirs."""
    wanted = [one for one in effects if one.audience != "reporter"]
    if not wanted:
        return
    found = people_told(case, {one.audience for one in wanted}, facts, book, localdate(at))
    told = {actor.user_id or 0}
    for one in wanted:
        users = found.get(one.audience, frozenset()) - told
        told |= users
        if users:
            about = f"case:{case.pk}"
            values, key = {"number": case.number}, f"{about}:{event.seq}:{one.code}"
            tell_in_app(template=f"work.{one.code}", values=values, users=users, key=key, about=about, at=at)


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
