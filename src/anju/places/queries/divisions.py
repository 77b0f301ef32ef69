"""The tree of divisions with what lies in each."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, QuerySet

from anju.base.actor import Actor
from anju.places.models import OPEN, Division
from anju.places.queries.scoped import compounds_for, divisions_for, organisations_for

_COLUMNS = (
    "id",
    "code",
    "name",
    "level",
    "parent_id",
    "path",
    "valid_from",
    "ended_on",
    "awaiting",
    "merged_into__name",
)


def division_rows(actor: Actor, *, below: Division | None = None, ended: bool = False) -> list[dict[str, Any]]:
    """Return the divisions as plain values in the order of the tree; each counts what the actor may see in it and below."""
    rows = divisions_for(actor)
    if not ended:
        rows = rows.filter(OPEN)
    if below is not None:
        rows = rows.filter(path__startswith=below.path)
    found = _as_tree(list(rows.order_by("code", "id").values(*_COLUMNS)))
    compounds = _by_path(compounds_for(actor).filter(OPEN))
    organisations = _by_path(organisations_for(actor).filter(OPEN))
    return [
        {**row, "compounds": _within(compounds, row["path"]), "organisations": _within(organisations, row["path"])}
        for row in found
    ]


def towns_for(actor: Actor) -> "QuerySet[Division]":
    """Return the towns in force, the holder of the undecided last."""
    return divisions_for(actor).filter(OPEN, level="town").order_by("awaiting", "code")


def divisions_within(actor: Actor) -> "QuerySet[Division]":
    """Return the divisions in force that lie within the actor's scope, in the order of their codes."""
    within = Q() if actor.scope.everything else Q(pk__in=[])
    for path in actor.scope.divisions:
        within |= Q(path__startswith=path)
    return divisions_for(actor).filter(OPEN, within).select_related("parent").order_by("code")


def division_record(actor: Actor, pk: int) -> Division | None:
    """Return one division with everything its page names, or None where the actor may not see it."""
    rows = divisions_for(actor).select_related("parent", "merged_into")
    return rows.prefetch_related("former_names", "merged").filter(pk=pk).first()


def _as_tree(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Put each row under its parent: after a merger the codes no longer say where it stands."""
    below: dict[int | None, list[dict[str, Any]]] = {}
    present = {row["id"] for row in rows}
    for row in rows:
        below.setdefault(row["parent_id"] if row["parent_id"] in present else None, []).append(row)

    def unfolded(parent: int | None) -> Iterable[dict[str, Any]]:
        for row in below.get(parent, []):
            yield row
            yield from unfolded(row["id"])

    return list(unfolded(None))


def _by_path(rows: "QuerySet[Any]") -> dict[str, int]:
    counted = rows.order_by().values("division__path").annotate(count=Count("id", distinct=True))
    return {row["division__path"]: row["count"] for row in counted}


def _within(counts: dict[str, int], path: str) -> int:
    return sum(count for inside, count in counts.items() if inside.startswith(path))
