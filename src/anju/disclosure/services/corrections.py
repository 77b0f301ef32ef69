"""纠错: a stranger says that a figure is wrong; the officer who answers says what became of it, and every word stays."""

import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from anju.base import audit
from anju.base.actor import Actor, Refused
from anju.base.queries.calendar import calendar_in_force
from anju.disclosure.models import Correction, CorrectionContact, CorrectionHandover, CorrectionReply
from anju.disclosure.queries.cards import CardLine, PublicCard
from anju.disclosure.queries.corrections import corrections_for, holds_correction, town_that_answers
from anju.disclosure.queries.policy import disclosure_here
from anju.disclosure.services.knocks import Knock, take_knock
from anju.registry.models import Statement
from anju.registry.services.statements import Saying, record_statement, source_named
from anju.rules.disclosure import CODE_LENGTH, CODE_SIGNS, without_numbers
from anju.rules.periods import UnknownYear
from anju.rules.permissions import Permission
from anju.rules.workdays.deadlines import deadline

SOURCE = "公众纠错"
CONTACT_LIFE = timedelta(days=30)  # after the reply: long enough to call once more


@dataclass(frozen=True, slots=True)
class Report:
    """What a stranger says: which line of the card as it was shown, what is wrong, what would be right, how to reach them."""

    line: CardLine
    shown: str
    wrong: str
    right_value: str = ""
    phone: str = ""


def report_error(*, actor: Actor, card: PublicCard, report: Report, knock: Knock, at: datetime) -> Correction:
    """Take a correction in from anyone. Its code is the only way back to it; `Refused` where too many came."""
    take_knock(actor=actor, knock=knock, compound=card.compound.pk, at=at)
    today = timezone.localdate(at)
    with transaction.atomic():
        row = Correction.objects.create(
            compound=card.compound,
            indicator=report.line.indicator,
            shown=report.shown,
            wrong=report.wrong,
            right_value=_without_people(report),
            code="".join(secrets.choice(CODE_SIGNS) for _ in range(CODE_LENGTH)),
            town_id=town_that_answers(card.compound, on=today),
            asked_at=at,
            due_on=_due_on(at),
        )
        if report.phone:
            CorrectionContact.objects.create(correction=row, phone=report.phone)
        note: dict[str, object] = {"indicator": row.indicator.code, "due_on": str(row.due_on)}
        audit.record(actor=actor, action="correction.received", subject=row, note=note, at=at)
    return row


def _due_on(at: datetime) -> date | None:
    """Return the last day for the reply, as the county's calendar counts it; None where no time is set, or the calendar ends before it."""
    limit = disclosure_here().reply
    try:
        return deadline(calendar_in_force(), at, limit).last_day if limit else None
    except UnknownYear:
        return None


@transaction.atomic
def hand_correction(*, actor: Actor, correction: Correction, reason: str, at: datetime) -> CorrectionHandover:
    """Hand a correction on: the bureau to the town in which the compound lies, a town to the bureau. The last day stays."""
    actor.require(Permission.CORRECTION_ANSWER)
    assert actor.user_id is not None  # a permission comes with a person and a post
    assert actor.post_id is not None
    row = corrections_for(actor).filter(pk=correction.pk, reply__isnull=True).first()
    if row is None:
        raise Refused("correction.answered")
    if not reason.strip():
        raise Refused("correction.reason_missing")
    if not holds_correction(actor, row):
        raise Refused("correction.not_held")
    town = town_that_answers(row.compound, on=timezone.localdate(at)) if row.held_by is None else None
    if row.held_by is None and town is None:
        raise Refused("correction.town_empty")
    handed = CorrectionHandover(
        correction=row,
        seq=row.handovers.count() + 1,
        town_id=town,
        reason=reason.strip(),
        by_id=actor.user_id,
        by_post=actor.post_id,
        at=at,
    )
    if not _saved(handed):
        raise Refused("correction.not_held")
    note: dict[str, object] = {"town": town, "reason": reason.strip()}
    audit.record(actor=actor, action="correction.handed", subject=row, note=note, at=at)
    return handed


@transaction.atomic
def accept_correction(
    *, actor: Actor, correction: Correction, saying: Saying | None, words: str, at: datetime
) -> CorrectionReply:
    """Agree: what is right is recorded as a fact of the source 公众纠错, which another person confirms before it is public."""
    row = _open(actor, correction, words)
    if saying is None:
        raise Refused("correction.value_missing", item=row.indicator.name)
    source = source_named(actor=actor, name=SOURCE, kind="public", at=at)
    statement = record_statement(
        actor=actor,
        compound=row.compound,
        source=source,
        observed_on=timezone.localdate(at),
        sayings={row.indicator: saying},
        reason=words.strip(),
        at=at,
    )
    return _reply(actor, row, accepted=True, words=words, statement=statement, at=at)


@transaction.atomic
def reject_correction(*, actor: Actor, correction: Correction, words: str, at: datetime) -> CorrectionReply:
    """Say why the figure stays as it is."""
    return _reply(actor, _open(actor, correction, words), accepted=False, words=words, statement=None, at=at)


@transaction.atomic
def reveal_contact(*, actor: Actor, correction: Correction, reason: str, at: datetime) -> str:
    """Return the phone somebody left; who asked, and why, stays in the trail."""
    actor.require(Permission.CORRECTION_ANSWER)
    if not reason.strip():
        raise Refused("correction.reveal_reason")
    row = corrections_for(actor).filter(pk=correction.pk, contact__isnull=False).first()
    if row is None:
        raise Refused("correction.no_phone")
    audit.record(actor=actor, action="correction.contact_revealed", subject=row, note={"reason": reason}, at=at)
    return row.contact.phone


def forget_contacts(*, actor: Actor, at: datetime) -> int:
    """Remove the phones of corrections that were answered long enough ago. 个人信息保护法 第十九条: the shortest time that serves."""
    removed, _ = CorrectionContact.objects.filter(correction__reply__at__lt=at - CONTACT_LIFE).delete()
    return removed


def _without_people(report: Report) -> str:
    """What is kept for good holds no number of a person; the phone of complaints is none."""
    return report.right_value if report.line.indicator.type == "phone" else without_numbers(report.right_value)


def _open(actor: Actor, correction: Correction, words: str) -> Correction:
    actor.require(Permission.CORRECTION_ANSWER)
    row = corrections_for(actor).filter(pk=correction.pk, reply__isnull=True).first()
    if row is None:
        raise Refused("correction.answered")
    if not words.strip():
        raise Refused("correction.words_missing")
    return row


def _reply(
    actor: Actor, row: Correction, *, accepted: bool, words: str, statement: Statement | None, at: datetime
) -> CorrectionReply:
    assert actor.user_id is not None  # a permission comes with a person and a post; the system answers nobody
    assert actor.post_id is not None
    made = CorrectionReply(
        correction=row,
        accepted=accepted,
        words=words.strip(),
        statement=statement,
        by_id=actor.user_id,
        by_post=actor.post_id,
        at=at,
    )
    if not _saved(made):
        raise Refused("correction.answered")
    note: dict[str, object] = {"indicator": row.indicator.code, "statement": statement.pk if statement else None}
    if accepted:
        audit.record(actor=actor, action="correction.accepted", subject=row, note=note, at=at)
    else:
        audit.record(actor=actor, action="correction.rejected", subject=row, note=note, at=at)
    return made


def _saved(row: CorrectionHandover | CorrectionReply) -> bool:
    """Of two who act at the same moment the second is told so, and what they recorded is undone with it."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        return False
    return True
