"""公开超期: the county decides whether the public ledger may say of a unit that it ended a matter late."""

from datetime import datetime

from django.db import IntegrityError, transaction

from anju.base import audit
from anju.base.actor import Actor, Refused
from anju.cases.models import LateNaming
from anju.cases.queries.naming import late_naming
from anju.rules.permissions import Permission


@transaction.atomic
def switch_late_naming(*, actor: Actor, on: bool, document: str, at: datetime) -> LateNaming:
    """Begin or end the naming, at once. `document`: what the county approved it by, or ended it by."""
    actor.require(Permission.RELEASE_GRANT if on else Permission.RELEASE_REVOKE)
    assert actor.user_id is not None  # a post holds the permission
    held = late_naming()
    if on == (held is not None and held.on):
        raise Refused("naming.unchanged")
    row = LateNaming(
        number=held.number + 1 if held else 1,
        on=on,
        document=document,
        user_id=actor.user_id,
        made_as=actor.post_name,
        made_at=at,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise Refused("naming.unchanged") from None
    audit.record(actor=actor, action="naming.switched", subject=row, note={"on": on, "document": document}, at=at)
    return row
