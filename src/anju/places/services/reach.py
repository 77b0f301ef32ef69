"""What a service checks before it writes: that the place lies within the actor's scope and is still in force."""

from collections.abc import Iterable
from typing import TypeVar

from django.db.models import QuerySet

from anju.base.actor import Actor, Denied, Refused
from anju.places.models import Compound, Division, Organisation
from anju.places.queries.scoped import reaches
from anju.rules.permissions import Permission

Row = TypeVar("Row", Organisation, Compound)


def locked_division(actor: Actor, permission: Permission, pk: int) -> Division:
    """Return a division in force and within reach, kept for this transaction so that nobody ends it meanwhile."""
    return locked_divisions(actor, permission, [pk])[pk]


def locked_divisions(actor: Actor, permission: Permission, pks: Iterable[int]) -> dict[int, Division]:
    """The same for several, locked in the order of their ids."""
    rows = Division.objects.select_for_update(no_key=True).filter(pk__in=set(pks)).order_by("pk")
    for row in rows:
        require_reach(actor, permission, row)
        _require_open(row)
    return {row.pk: row for row in rows}


def locked_organisations(actor: Actor, permission: Permission, *pks: int) -> dict[int, Organisation]:
    rows = Organisation.objects.select_for_update(no_key=True, of=("self",)).select_related("division")
    return _checked(actor, permission, rows.filter(pk__in=pks).order_by("pk"))


def locked_compounds(actor: Actor, permission: Permission, *pks: int) -> dict[int, Compound]:
    rows = Compound.objects.select_for_update(no_key=True, of=("self",)).select_related("division")
    return _checked(actor, permission, rows.filter(pk__in=pks).order_by("pk"))


def require_reach(actor: Actor, permission: Permission, division: Division) -> None:
    if not reaches(actor.scope, division):
        raise Denied(permission)


def _checked(actor: Actor, permission: Permission, rows: "QuerySet[Row]") -> dict[int, Row]:
    for row in rows:
        require_reach(actor, permission, row.division)
        _require_open(row)
    return {row.pk: row for row in rows}


def _require_open(row: Division | Organisation | Compound) -> None:
    if row.ended_on is not None:
        raise Refused("place.ended", name=row.name)
