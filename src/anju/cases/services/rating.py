"""What a citizen adds to his rating: reasons, one tap each. Nothing is taken back and nothing is counted twice."""

from datetime import datetime

from django.db import IntegrityError, transaction

from anju.base import audit
from anju.base.actor import Actor, Refused
from anju.cases.models import Case, RatingReason
from anju.cases.queries.ratings import last_rating, reasons_asked
from anju.cases.services.filing import holds


@transaction.atomic
def add_reason(*, actor: Actor, case: Case, code: str, reason: str, at: datetime) -> bool:
    """Add one reason to the newest rating and return whether it is new; the same tap twice is one.

    Raises `Refused`: `case.no_such_number` where number and code do not fit, `case.no_such_reason` for one that is not asked here.
    """
    if not holds(case, code):
        raise Refused("case.no_such_number")
    asked = next((one for one in reasons_asked(case) if one.code == reason), None)
    rated = last_rating(case)
    if asked is None or rated is None:
        raise Refused("case.no_such_reason")
    try:
        with transaction.atomic():
            RatingReason.objects.create(event=rated[0], code=reason, given_at=at)
    except IntegrityError:
        return False
    audit.record(
        actor=actor, action="case.reason_given", subject=case, note={"number": case.number, "reason": reason}, at=at
    )
    return True
