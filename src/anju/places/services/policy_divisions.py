"""The divisions of a policy's table, made once: what is known by its code stays as the county has it today."""

from collections.abc import Iterable

from anju.places.models import Division
from anju.places.services.divisions import draft_awaiting, draft_division, insert_division
from anju.rules.divisions import COUNTY
from anju.rules.policy_divisions import PolicyDivision


def fill_divisions(divisions: Iterable[PolicyDivision]) -> tuple[dict[str, Division], list[Division]]:
    """Make the missing divisions, parents first. Return all of them by code, as they stand today, and the new ones."""
    known = {row.code: _standing(row) for row in Division.objects.order_by("pk").select_related("merged_into")}
    new: list[Division] = []
    for wanted in divisions:
        if wanted.code in known:
            continue
        row = draft_division(
            code=wanted.code, name=wanted.name, parent=known.get(wanted.parent), valid_from=wanted.valid_from
        )
        new.append(insert_division(row))
        if row.level == COUNTY:
            new.append(insert_division(draft_awaiting(row)))
        known[row.code] = row
    return known, new


def _standing(row: Division) -> Division:
    """Return the division, or the one it went into."""
    while row.merged_into is not None:
        row = row.merged_into
    return row
