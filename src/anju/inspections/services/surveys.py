"""Satisfaction surveys: slips of paper for households, and answers by QR code, at the counter and by telephone.

One answer a household where the household is known by its slip; else one a device. Which household holds a slip is written nowhere.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.crypto import salted_hmac

from anju.base import audit
from anju.base.actor import Actor, Refused
from anju.inspections.models import Channel, HouseholdSlip, Round, RoundPlace, SurveyAnswer
from anju.inspections.queries.rounds import places_for
from anju.inspections.services.rounds import require_entering
from anju.rules.disclosure import CODE_LENGTH, CODE_SIGNS, read_code
from anju.rules.permissions import Permission
from anju.rules.surveys import Level

MOST_SLIPS = 2000


@dataclass(frozen=True, slots=True)
class Slip:
    """A slip as it is printed: its number and its code, which is known at printing only."""

    serial: int
    code: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What was answered: levels by question number; the slip's code or ""; the device's name or ""."""

    levels: Mapping[int, Level]
    slip: str = ""
    device: str = ""
    channel: Channel = Channel.QR
    key: str = ""


@transaction.atomic
def print_slips(*, actor: Actor, place: RoundPlace, count: int, at: datetime) -> list[Slip]:
    """Make so many slips more for a compound, numbered on from the last."""
    actor.require(Permission.ROUND_RUN)
    row = places_for(actor).select_for_update(of=("self",)).select_related("round").get(pk=place.pk)
    made = row.slips.aggregate(last=Max("serial"))["last"] or 0
    if row.round.kind != Round.Kind.SURVEY:
        raise Refused("survey.no_slips")
    if not 0 < count <= MOST_SLIPS - made:
        raise Refused("survey.too_many_slips", limit=MOST_SLIPS, made=made)
    slips = [Slip(made + number, _new_code()) for number in range(1, count + 1)]
    HouseholdSlip.objects.bulk_create(
        HouseholdSlip(place=row, serial=slip.serial, digest=digest_of(slip.code), printed_at=at) for slip in slips
    )
    audit.record(actor=actor, action="survey.slips_printed", subject=row, note={"slips": count}, at=at)
    return slips


@transaction.atomic
def answer_survey(*, actor: Actor, place: RoundPlace, reply: Reply, at: datetime) -> SurveyAnswer:
    """Take one answer. The same `key` again is the same answer; a household or a device answers once."""
    known = SurveyAnswer.objects.filter(key=reply.key, place=place).first()
    if known is not None:
        return known
    require_entering(actor, place, reply.channel, at)
    asked = len(place.round.questions)
    levels = {str(number): level.value for number, level in sorted(reply.levels.items()) if 0 <= number < asked}
    if not levels:
        raise Refused("survey.empty")
    slip = _slip(place, reply.slip) if reply.slip else None
    row = SurveyAnswer(
        place=place,
        slip=slip,
        levels=levels,
        channel=reply.channel,
        key=reply.key,
        once=None if slip or not reply.device else digest_of(f"device:{reply.device}"),
        entered_by=None if reply.channel == Channel.QR else actor.user_id,
        at=at,
    )
    return _saved(row)


def digest_of(code: str) -> str:
    return salted_hmac("anju.inspections.slip", code, secret=settings.SECRET_KEY, algorithm="sha256").hexdigest()


def _slip(place: RoundPlace, typed: str) -> HouseholdSlip:
    row = HouseholdSlip.objects.filter(place=place, digest=digest_of(read_code(typed))).first()
    if row is None:
        raise Refused("survey.no_such_slip")
    if hasattr(row, "answer"):
        raise Refused("survey.answered")
    return row


def _saved(row: SurveyAnswer) -> SurveyAnswer:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        known = SurveyAnswer.objects.filter(key=row.key, place=row.place).first()
        if known is None:
            raise Refused("survey.answered") from None
        return known
    return row


def _new_code() -> str:
    return "".join(secrets.choice(CODE_SIGNS) for _ in range(CODE_LENGTH))
