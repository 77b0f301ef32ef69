"""Rounds as the actor may see them: those that ask a compound within reach, and of them only those compounds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from anju.base.actor import Actor
from anju.inspections.models import Opinion, Problem, Round, RoundPlace, SurveyAnswer
from anju.places.queries.scoped import compounds_for
from anju.rules.permissions import Permission
from anju.rules.surveys import Shown, shown, tally

MOST = 200


@dataclass(frozen=True, slots=True)
class Result:
    """What a survey brought in one compound. `households`: answers of households that are known. `lines`: one a question."""

    place: RoundPlace
    sample: int
    households: int
    slips: int
    lines: Sequence[Shown]


def places_for(actor: Actor) -> "QuerySet[RoundPlace]":
    """Return the compounds in rounds that the actor may see."""
    if not actor.may(Permission.ROUND_VIEW):
        return RoundPlace.objects.none()
    return RoundPlace.objects.filter(compound__in=compounds_for(actor).values("id"))


def rounds_for(actor: Actor) -> "QuerySet[Round]":
    return Round.objects.filter(Exists(places_for(actor).filter(round=OuterRef("pk"))))


def is_open(row: Round, on: date) -> bool:
    return row.ended_at is None and row.opens_on <= on <= row.closes_on


def open_place(actor: Actor, code: str, pk: int, *, on: date) -> RoundPlace | None:
    """Return the compound of a public code in a round that is open that day. `actor` may be a stranger: it is theirs to answer."""
    rows = RoundPlace.objects.filter(_running(on), round=pk, compound__card__code=code)
    return rows.filter(compound__ended_on__isnull=True).select_related("round", "compound__division").first()


def open_places(actor: Actor, compound: int, *, on: date) -> list[RoundPlace]:
    """Return what the residents of a compound are asked that day."""
    return list(RoundPlace.objects.filter(_running(on), compound=compound).select_related("round").order_by("id"))


def list_rounds(actor: Actor) -> list[dict[str, Any]]:
    """Return the newest rounds with how many compounds of the actor's they ask and how many answered there."""
    seen = Q(places__in=places_for(actor).values("id"))
    rows = rounds_for(actor).values("id", "kind", "title", "opens_on", "closes_on", "ended_at").order_by("-id")
    told = rows.annotate(
        asked=Count("places", filter=seen, distinct=True),
        opinions=Count("places__opinions", filter=seen, distinct=True),
        answers=Count("places__answers", filter=seen, distinct=True),
    )
    return [dict(row) for row in told[:MOST]]


def places_of(actor: Actor, row: Round) -> "QuerySet[RoundPlace]":
    """Return the compounds of a round with what came in: `said`, `unsorted`, `found`, `filed`, `answered`."""
    rows = places_for(actor).filter(round=row).select_related("compound__division", "compound__card", "round")
    return rows.annotate(
        said=Count("opinions", distinct=True),
        unsorted=Count("opinions", filter=Q(opinions__sorting=None), distinct=True),
        found=Count("problems", distinct=True),
        filed=Count("problems", filter=Q(problems__case__isnull=False), distinct=True),
        answered=Count("answers", distinct=True),
    ).order_by("compound__pinyin", "id")


def unsorted_opinions(actor: Actor, place: RoundPlace) -> "QuerySet[Opinion]":
    seen = places_for(actor).filter(pk=place.pk).values("id")
    return Opinion.objects.filter(place__in=seen, sorting=None).select_related("photo")


def all_unsorted(actor: Actor) -> "QuerySet[Opinion]":
    """Return the opinions of all rounds that wait for somebody to sort them."""
    return Opinion.objects.filter(place__in=places_for(actor).values("id"), sorting=None)


def problems_of(actor: Actor, place: RoundPlace) -> "QuerySet[Problem]":
    """Return the problems of a compound in a round with how many opinions name each, the most named first."""
    seen = places_for(actor).filter(pk=place.pk).values("id")
    rows = Problem.objects.filter(place__in=seen).select_related("matter", "case")
    return rows.annotate(named=Count("sortings")).order_by("-named", "id")


def results_of(actor: Actor, row: Round) -> list[Result]:
    """Return what a survey brought in each compound that the actor may see. Small numbers are withheld already."""
    places = list(places_of(actor, row).annotate(slip_count=Count("slips", distinct=True)))
    answers = SurveyAnswer.objects.filter(place__in=places).values_list("place_id", "levels", "slip_id")
    told: dict[int, list[tuple[dict[str, str], int | None]]] = {place.pk: [] for place in places}
    for place, levels, slip in answers:
        told[place].append((levels, slip))
    return [_result(place, told[place.pk], len(row.questions)) for place in places]


def _result(place: Any, told: Sequence[tuple[dict[str, str], int | None]], questions: int) -> Result:
    counts = tally([levels for levels, _ in told], questions)
    known = sum(1 for _, slip in told if slip is not None)
    return Result(place, len(told), known, place.slip_count, [shown(count) for count in counts])


def _running(on: date) -> Q:
    return Q(round__ended_at=None, round__opens_on__lte=on, round__closes_on__gte=on)
