"""Whether the public ledger names what ended late, and which rows did."""

from collections.abc import Collection

from django.db.models import F, QuerySet

from anju.cases.models import CaseClock, LateNaming


def late_naming() -> LateNaming | None:
    """Return the decision that holds; None where the county never decided, which is no."""
    return namings().first()


def namings() -> "QuerySet[LateNaming]":
    """Return every decision, the newest first."""
    return LateNaming.objects.select_related("user")


def ended_late(cases: Collection[int]) -> frozenset[int]:
    """Return the cases of which a 办结 period ended after its day. What counts by an unconfirmed year (暂估) is held against nobody."""
    late = CaseClock.objects.filter(case__in=cases, code="handle", provisional=False, stopped_at__gt=F("due_at"))
    return frozenset(late.values_list("case_id", flat=True))
