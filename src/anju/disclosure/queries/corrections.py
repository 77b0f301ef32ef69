"""Corrections: what waits for whom, and the reply that a code opens."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import BigIntegerField, Case, CharField, Exists, F, Field, OuterRef, QuerySet, Subquery, When

from anju.accounts.queries.acting import scopes_of_roles
from anju.base.actor import Actor
from anju.disclosure.models import Correction, CorrectionHandover, CorrectionReply
from anju.places.models import Compound
from anju.places.queries.scoped import compounds_for
from anju.registry.models import Decision, Fact
from anju.rules.disclosure import without_numbers
from anju.rules.permissions import Permission
from anju.rules.roles import ROLES, Reach

_TOWN_ROLES = tuple(
    code
    for code, role in ROLES.items()
    if Permission.CORRECTION_ANSWER in role.permissions and role.reach == Reach.DIVISION
)


@dataclass(frozen=True, slots=True)
class PublicReply:
    """A correction as whoever holds its code sees it: free of personal data. `accepted` is None until it is answered."""

    compound: str
    card_code: str
    item: str
    shown: str
    wrong: str
    right_value: str
    asked_at: datetime
    due_on: date | None
    unit: str
    accepted: bool | None = None
    words: str = ""
    answered_at: datetime | None = None


def corrections_for(actor: Actor) -> "QuerySet[Correction]":
    """Return the corrections about compounds within reach, with `held_by`, the town that answers now, and `holder`, its name."""
    if not actor.may(Permission.CORRECTION_ANSWER):
        return Correction.objects.none()
    rows = _held(Correction.objects.select_related("compound__division", "indicator", "reply__by", "contact"))
    return rows if actor.scope.everything else rows.filter(compound__in=compounds_for(actor).values("id"))


def _held(rows: "QuerySet[Correction]") -> "QuerySet[Correction]":
    handed = CorrectionHandover.objects.filter(correction=OuterRef("pk")).order_by("-id")

    def now(column: str, kind: "Field[Any, Any]") -> Case:
        return Case(
            When(Exists(handed), then=Subquery(handed.values(column)[:1])), default=F(column), output_field=kind
        )

    return rows.annotate(**{"held_by": now("town", BigIntegerField()), "holder": now("town__name", CharField())})


def holds_correction(actor: Actor, correction: Correction) -> bool:
    """Tell whether this actor's side answers now: the bureau, or the town. `correction` comes from a query of this module."""
    return (correction.held_by is None) == actor.scope.everything


def handovers_of(correction: Correction) -> "QuerySet[CorrectionHandover]":
    """Return how a correction that the actor may see was handed on, the first one first."""
    return correction.handovers.select_related("town", "by").order_by("id")


def waiting_corrections(actor: Actor) -> "QuerySet[Correction]":
    """Return those not answered, the earliest due first."""
    return corrections_for(actor).filter(reply__isnull=True).order_by("due_on", "id")


def answered_corrections(actor: Actor) -> "QuerySet[Correction]":
    return corrections_for(actor).filter(reply__isnull=False).order_by("-reply__at")


_FENCE = (
    1_000_000  # a limit that limits nothing: the planner then plans the few accepted ones apart: 3 ms instead of 12
)


def unconfirmed_corrections(actor: Actor) -> "QuerySet[Fact]":
    """Return the facts of accepted corrections about which nobody has decided yet, as far as this actor may: not their own."""
    if not actor.may(Permission.FACT_CONFIRM):
        return Fact.objects.none()
    settled = Decision.objects.filter(
        compound=OuterRef("statement__compound"), indicator=OuterRef("indicator"), seen_to__gte=OuterRef("pk")
    )
    accepted = CorrectionReply.objects.filter(accepted=True).order_by("id").values("statement")[:_FENCE]
    rows = Fact.objects.filter(~Exists(settled), statement__in=accepted, statement__withdrawal__isnull=True)
    if not actor.scope.everything:
        rows = rows.filter(statement__compound__in=compounds_for(actor).values("id"))
    return rows.exclude(statement__recorder=actor.user_id)


def reply_of(actor: Actor, code: str) -> PublicReply | None:
    """Return what a code opens, to anyone who holds it."""
    row = _held(Correction.objects.filter(code=code)).select_related("compound__card", "indicator", "reply").first()
    if row is None:
        return None
    reply = getattr(row, "reply", None)
    return PublicReply(
        row.compound.name,
        row.compound.card.code,
        row.indicator.name,
        row.shown,
        row.get_wrong_display(),
        without_numbers(row.right_value),
        row.asked_at,
        row.due_on,
        f"{row.holder}人民政府" if row.holder else "",
        reply.accepted if reply else None,
        without_numbers(reply.words) if reply else "",
        reply.at if reply else None,
    )


def town_that_answers(compound: Compound, *, on: date) -> int | None:
    """Return the division of the town whose officers answer for a compound; None where it has none in post: the bureau does."""
    division = compound.division
    town = division.parent_id if division.level == "community" else division.pk
    if town is None:
        return None
    path = division.parent.path if division.parent and town == division.parent_id else division.path
    return town if any(path in scope.divisions for _, scope in scopes_of_roles(_TOWN_ROLES, on)) else None
