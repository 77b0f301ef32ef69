"""Standing up for a value: confirming what one source says, or taking one source before another. One by one, or a whole column."""

from collections.abc import Sequence
from datetime import datetime
from uuid import uuid4

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from anju.accounts.queries.seconds import second_confirmers
from anju.base import audit
from anju.base.actor import Actor, Refused
from anju.places.services.reach import locked_compounds
from anju.registry.models import Decision, Fact
from anju.registry.queries.facts import facts_for
from anju.registry.services.cells import refresh_cells
from anju.rules.permissions import Permission


@transaction.atomic
def decide_fact(*, actor: Actor, fact: Fact, reason: str, at: datetime) -> Decision:
    """Stand up for one fact. Its cell shows it from now on, and other sources' words up to now are set aside."""
    return decide_facts(actor=actor, facts=[fact], reason=reason, at=at)[0]


@transaction.atomic
def decide_facts(*, actor: Actor, facts: Sequence[Fact], reason: str, at: datetime) -> list[Decision]:
    """Stand up for several facts in one act, with one reason. All of them or none.

    Nobody confirms what they recorded themselves where another person could; where nobody else can, the decision says so (`alone`).
    """
    actor.require(Permission.FACT_CONFIRM)
    if not reason.strip():
        raise Refused("fact.reason_missing")
    rows = list(
        facts_for(actor)
        .filter(pk__in=[fact.pk for fact in facts], statement__withdrawal__isnull=True)
        .select_related("statement", "indicator")
        .order_by("pk")
    )
    if len(rows) != len({fact.pk for fact in facts}):
        raise Refused("fact.gone")
    locked_compounds(actor, Permission.FACT_CONFIRM, *(row.statement.compound_id for row in rows))
    alone = _alone(actor, rows, at)
    group = uuid4() if len(rows) > 1 else None
    seen = _seen_to(rows)
    made = [
        Decision(
            compound_id=row.statement.compound_id,
            indicator_id=row.indicator_id,
            fact=row,
            seen_to=seen[row.statement.compound_id, row.indicator_id],
            by_id=actor.user_id,
            by_post=actor.post_id,
            at=at,
            reason=reason,
            group=group,
            alone=row.pk in alone,
        )
        for row in rows
    ]
    Decision.objects.bulk_create(made)
    refresh_cells((row.compound_id, row.indicator_id) for row in made)
    _record(actor, made, at)
    return made


def _alone(actor: Actor, rows: Sequence[Fact], at: datetime) -> frozenset[int]:
    """Return those of one's own that nobody else could confirm; refuse where one of them could be confirmed by another."""
    own = [row for row in rows if row.statement.recorder_id == actor.user_id]
    if not own:
        return frozenset()
    others = second_confirmers(
        {row.statement.compound_id for row in own}, apart=actor.user_id, on=timezone.localdate(at)
    )
    if any(others.values()):
        raise Refused("fact.confirm_own")
    return frozenset(row.pk for row in own)


def _seen_to(rows: Sequence[Fact]) -> dict[tuple[int, int], int]:
    """Return the last fact of each cell that whoever decides has had before them."""
    said = Fact.objects.filter(
        statement__compound__in={row.statement.compound_id for row in rows},
        indicator__in={row.indicator_id for row in rows},
    )
    counted = said.order_by().values_list("statement__compound_id", "indicator_id").annotate(last=Max("id"))
    return {(compound, indicator): last for compound, indicator, last in counted}


def _record(actor: Actor, made: Sequence[Decision], at: datetime) -> None:
    note: dict[str, object] = {"reason": made[0].reason}
    if any(row.alone for row in made):
        note["alone"] = True
    if len(made) == 1:
        note |= {"indicator": made[0].indicator_id, "fact": made[0].fact_id}
        audit.record(actor=actor, action="fact.decided", subject=made[0].compound, note=note, at=at)
        return
    note |= {"facts": [row.fact_id for row in made]}
    audit.record(actor=actor, action="fact.decided_for_many", note=note, at=at)
