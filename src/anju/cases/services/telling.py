"""Telling the reporter: at most five messages a case, none at night, no personal data in them (`rules.cases.quiet`).

A short message carries a link that opens the case for fifteen days; it is made when the message leaves (`links`).

Those whom an act concerns are told in the app (`tell_staff`), as `rules.cases.audiences` says; units that never sign in get papers.
"""

from datetime import datetime

from django.utils.timezone import localdate, localtime

from anju.base.actor import Actor
from anju.base.models import Notice
from anju.base.outbox import queue_notice, tell_in_app
from anju.cases.models import Case, CaseEvent, CaseParty
from anju.cases.queries.staff import kept_out, people_in
from anju.cases.services.links import link_values
from anju.rules.cases.audiences import Occasion, audience, told
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


def tell_staff(actor: Actor, case: Case, effects: tuple[NoticeEffect, ...], occasion: Occasion, at: datetime) -> None:
    """Tell in the app whom an act concerns; never who did it, nor anybody who must keep out."""
    notices = [(one.code, audience(one.audience, occasion)) for one in effects if one.audience != "reporter"]
    wanted = [one for _, choices in notices for choice in choices for one in choice]
    if not wanted:
        return
    on, about = localdate(at), f"case:{case.pk}"
    out = kept_out(case, occasion.after, on) | ({actor.user_id} if actor.user_id else set())
    for code, users in told(notices, people_in(case, wanted, on), out):
        key = f"{about}:{occasion.event.seq}:{code}"
        values = {"number": case.number}
        tell_in_app(template=f"work.{code}", values=values, users=users, key=key, about=about, at=at)


def _queue(case: Case, event: CaseEvent, code: str, phone: str, at: datetime) -> None:
    about, urgent = f"case:{case.pk}", case.urgency == Urgency.A
    own = Notice.objects.filter(about=about).exclude(channel=Notice.Channel.IN_APP)  # what staff are told is not his
    sent = list(own.values_list("template", flat=True))
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
