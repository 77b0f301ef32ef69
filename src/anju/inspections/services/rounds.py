"""Asking residents and sorting what they say (公示征集): a round, its opinions, the problems they come to, a case of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from anju.base import audit
from anju.base.actor import Actor, Refused
from anju.base.models import Attachment
from anju.cases.models import Case, Matter
from anju.cases.services.filing import Filing, submit_case
from anju.inspections.models import MAX_OPINION, Channel, Opinion, Problem, Round, RoundPlace, Sorting
from anju.inspections.queries.rounds import is_open, places_for, rounds_for
from anju.places.models import Compound
from anju.places.services.reach import locked_compounds
from anju.rules.permissions import Permission
from anju.rules.surveys import LONGEST_ROUND

MOST_COMPOUNDS = 500


@dataclass(frozen=True, slots=True)
class NewRound:
    """What is asked, of whom, from when until the end of when. `questions`: of a survey; none for opinions."""

    kind: Round.Kind
    title: str
    question: str
    compounds: Sequence[Compound]
    opens_on: date
    closes_on: date
    questions: Sequence[str] = ()


@transaction.atomic
def begin_round(*, actor: Actor, wanted: NewRound, at: datetime) -> Round:
    """Begin to ask. The compounds must lie within the actor's reach."""
    actor.require(Permission.ROUND_RUN)
    if actor.user_id is None:
        raise Refused("round.needs_a_person")
    if not 0 < len(wanted.compounds) <= MOST_COMPOUNDS:
        raise Refused("round.compounds", limit=MOST_COMPOUNDS)
    if not localdate(at) <= wanted.closes_on <= wanted.opens_on + timedelta(days=LONGEST_ROUND):
        raise Refused("round.closing", limit=LONGEST_ROUND)
    if wanted.closes_on < wanted.opens_on:
        raise Refused("round.closing", limit=LONGEST_ROUND)
    compounds = locked_compounds(actor, Permission.ROUND_RUN, *(one.pk for one in wanted.compounds))
    row = Round.objects.create(
        kind=wanted.kind,
        title=wanted.title,
        question=wanted.question,
        questions=list(wanted.questions),
        opens_on=wanted.opens_on,
        closes_on=wanted.closes_on,
        begun_by_id=actor.user_id,
        begun_by_post=actor.post_id,
        begun_at=at,
    )
    RoundPlace.objects.bulk_create(RoundPlace(round=row, compound=compound) for compound in compounds.values())
    note: dict[str, object] = {"title": row.title, "compounds": len(compounds), "closes": str(row.closes_on)}
    audit.record(actor=actor, action="round.begun", subject=row, note=note, at=at)
    return row


@transaction.atomic
def end_round(*, actor: Actor, row: Round, at: datetime) -> Round:
    """Stop asking before the closing day. Only who reaches all its compounds may."""
    actor.require(Permission.ROUND_RUN)
    row = rounds_for(actor).select_for_update(of=("self",)).get(pk=row.pk)
    if row.ended_at is not None:
        raise Refused("round.over")
    if places_for(actor).filter(round=row).count() != row.places.count():
        raise Refused("round.not_all_yours")
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    audit.record(actor=actor, action="round.ended", subject=row, note={"title": row.title}, at=at)
    return row


@transaction.atomic
def hand_in_opinion(
    *,
    actor: Actor,
    place: RoundPlace,
    text: str,
    key: str,
    at: datetime,
    channel: Channel = Channel.QR,
    photo: Attachment | None = None,
) -> Opinion:
    """Take what a resident says: themselves by the QR code, or through staff who enter it. The same `key` again is the same opinion."""
    known = Opinion.objects.filter(key=key, place=place).first()
    if known is not None:
        return known
    require_entering(actor, place, channel, at)
    said = text.strip()
    if not said and photo is None:
        raise Refused("opinion.empty")
    if len(said) > MAX_OPINION:
        raise Refused("opinion.too_long", limit=MAX_OPINION, count=len(said))
    try:
        with transaction.atomic():
            return Opinion.objects.create(
                place=place,
                text=said,
                photo=photo,
                channel=channel,
                key=key,
                entered_by=None if channel == Channel.QR else actor.user_id,
                at=at,
            )
    except IntegrityError:
        if (known := Opinion.objects.filter(key=key, place=place).first()) is not None:
            return known
        raise


@transaction.atomic
def sort_opinions(
    *, actor: Actor, place: RoundPlace, opinions: Sequence[Opinion], problem: Problem | None, reason: str, at: datetime
) -> int:
    """Put opinions to a problem, or aside with a reason. Each once; all of them or none. Return how many."""
    actor.require(Permission.ROUND_RUN)
    if actor.user_id is None:
        raise Refused("round.needs_a_person")
    seen = places_for(actor).filter(pk=place.pk).values("id")
    rows = list(
        Opinion.objects.select_for_update(of=("self",)).filter(place__in=seen, pk__in=[one.pk for one in opinions])
    )
    if not rows or len(rows) != len(opinions):
        raise Refused("opinion.nothing_chosen")
    if problem is None and not reason.strip():
        raise Refused("opinion.why_aside")
    if problem is not None and problem.place_id != place.pk:
        raise Refused("opinion.nothing_chosen")
    if Sorting.objects.filter(opinion__in=rows).exists():
        raise Refused("opinion.sorted")
    why = "" if problem else reason.strip()
    Sorting.objects.bulk_create(
        Sorting(opinion=row, problem=problem, reason=why, by_id=actor.user_id, at=at) for row in rows
    )
    note: dict[str, object] = {"opinions": len(rows), "problem": problem.title if problem else "", "reason": why}
    audit.record(actor=actor, action="opinion.sorted", subject=place, note=note, at=at)
    return len(rows)


@transaction.atomic
def word_problem(*, actor: Actor, place: RoundPlace, matter: Matter, title: str, at: datetime) -> Problem:
    """Say in one line what several opinions come to."""
    actor.require(Permission.ROUND_RUN)
    if actor.user_id is None:
        raise Refused("round.needs_a_person")
    if not places_for(actor).filter(pk=place.pk).exists():
        raise Refused("opinion.nothing_chosen")
    row = Problem.objects.create(place=place, matter=matter, title=title, by_id=actor.user_id, at=at)
    audit.record(actor=actor, action="problem.worded", subject=row, note={"title": title, "matter": matter.code}, at=at)
    return row


@transaction.atomic
def file_problem(*, actor: Actor, problem: Problem, at: datetime) -> Case:
    """Bring a problem into the ledger as a case of type survey. Once: pressing again returns the same case."""
    actor.require(Permission.ROUND_RUN)
    seen = places_for(actor).values("id")
    row = (
        Problem.objects.select_for_update(of=("self",))
        .select_related("place__compound", "place__round", "matter", "case")
        .get(pk=problem.pk, place__in=seen)
    )
    if row.case is not None:
        return row.case
    named = row.sortings.count()
    filing = Filing(
        compound=row.place.compound,
        matter=row.matter.code,
        type="survey_problem",
        text=f"{row.title}（{row.place.round.title}，{named} 条意见）",
        source="survey",
        key=f"survey.problem:{row.pk:012}",
    )
    row.case = submit_case(actor=actor, filing=filing, at=at).case
    row.save(update_fields=["case"])
    audit.record(actor=actor, action="problem.filed", subject=row, note={"case": row.case.number}, at=at)
    return row.case


def require_entering(actor: Actor, place: RoundPlace, channel: Channel, at: datetime) -> None:
    """An open round; a resident by QR code, or staff who may enter for this compound."""
    if channel != Channel.QR:
        actor.require(Permission.ROUND_ENTER)
        if actor.user_id is None or not places_for(actor).filter(pk=place.pk).exists():
            raise Refused("opinion.nothing_chosen")
    if not is_open(place.round, localdate(at)):
        raise Refused("round.over")
