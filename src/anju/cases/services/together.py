"""One act on several cases: each by itself, through the service that applies any act, so that one refused hinders no other."""

from collections.abc import Mapping
from datetime import datetime

from anju.base.actor import Actor, Refused
from anju.cases.models import Case
from anju.cases.queries.together import Plan
from anju.cases.services.acting import Wish, act_on_case
from anju.rules.cases.facts import Payload


def act_together(
    *,
    actor: Actor,
    plan: Plan,
    seen: Mapping[int, int],
    at: datetime,
    payload: Payload | None = None,
    note: Mapping[str, str] | None = None,
) -> tuple[int, list[tuple[Case, Refused]]]:
    """Return how many were done, and those that were refused. `seen`: by id, the version that was on the page.

    `payload` and `note` say the same of every case; without a payload each says what was planned for it.
    """
    done, refused = 0, []
    for one in plan.planned:
        row, wish = one.case, Wish(plan.act, payload or one.payload, note)
        try:
            act_on_case(actor=actor, case=row, wish=wish, version=seen.get(row.pk, row.version), at=at)
            done += 1
        except Refused as refusal:
            refused.append((row, refusal))
    return done, refused
