"""Links in messages to a reporter: made when the message leaves, never stored, good for fifteen days."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.conf import settings
from django.utils.crypto import constant_time_compare

from anju.base.actor import Actor
from anju.base.outbox import Values
from anju.cases.models import Case, CaseEvent
from anju.cases.services.beginning import code_of, digest_of
from anju.rules.cases.links import LIFE, Link, read_link, sealed_link

CASE, UNTIL = "case", "until"  # the values of a notice from which its link is made
DAYS: Final = LIFE.days


@dataclass(frozen=True, slots=True)
class Opened:
    """What a link leads to: the case's number and code, until when, and whether it still opens it by itself."""

    number: str
    code: str
    until: date
    fresh: bool


def link_values(case: Case, sent: datetime) -> dict[str, str | int]:
    """Return what a notice keeps of its link: nothing that opens anything."""
    return {CASE: case.pk, UNTIL: str((sent + LIFE).date())}


def link_of(values: Values) -> str:
    """Return the link's characters for a notice's values, empty where it leads nowhere."""
    if CASE not in values or UNTIL not in values:
        return ""
    return sealed_link(Link(int(values[CASE]), date.fromisoformat(str(values[UNTIL]))), _key())


def open_link(*, actor: Actor, token: str, on: date) -> Opened | None:
    """Return what a link leads to, None where it is none of ours or its case has no reporter with a code."""
    link = read_link(token, _key())
    if link is None:
        return None
    event = CaseEvent.objects.filter(case=link.case, seq=1).exclude(key=None).select_related("case").first()
    if event is None or event.key is None:
        return None
    number, code = event.case.number, code_of(event.key)
    if not constant_time_compare(digest_of(number, code), event.case.lookup_digest):
        return None
    return Opened(number, code, link.until, link.opens(on))


def _key() -> bytes:
    return settings.SECRET_KEY.encode()
