"""Showing a name or a number whole: an act of its own, with its reason in the trail."""

from datetime import datetime

from django.db import transaction

from anju.base import audit
from anju.base.actor import Actor, Refused
from anju.registry.models import Fact
from anju.registry.queries.facts import facts_for
from anju.rules.masking import PERSONAL
from anju.rules.permissions import Permission


def reveal_fact(*, actor: Actor, fact: Fact, reason: str, at: datetime) -> str:
    """Return the whole text of a personal value; who asked, and why, stays in the trail."""
    actor.require(Permission.FACT_REVEAL)
    if not reason.strip():
        raise Refused("fact.reveal_reason")
    row = facts_for(actor).select_related("statement__compound", "indicator").filter(pk=fact.pk).first()
    if row is None or row.indicator.type not in PERSONAL:
        raise Refused("fact.gone")
    note = {"indicator": row.indicator.code, "fact": row.pk, "reason": reason}
    with transaction.atomic():
        audit.record(actor=actor, action="fact.revealed", subject=row.statement.compound, note=note, at=at)
    return row.text
