"""Rows of the lists in words, and the acts a page offers: only those this post may do."""

from typing import Any

from django.urls import reverse

from anju.base.actor import Actor
from anju.places.models import Compound, Division, Organisation
from anju.places.queries.scoped import reaches
from anju.rules.permissions import Permission as P

COMPOUND_KINDS = dict(Compound.Kind.choices)
SERVICE_STATES = dict(Compound.ServiceState.choices)
ORGANISATION_KINDS = dict(Organisation.Kind.choices)
Acts = list[dict[str, str]]


def compound_row(row: dict[str, Any]) -> dict[str, Any]:
    return row | {
        "kind_name": COMPOUND_KINDS[row["kind"]],
        "state_name": SERVICE_STATES[row["service_state"]],
        "town": row["division__parent__name"] if row["division__level"] == "community" else row["division__name"],
        "community": row["division__name"] if row["division__level"] == "community" else "",
    }


def organisation_row(row: dict[str, Any]) -> dict[str, Any]:
    above = row["division__parent__name"] if row["division__level"] == "community" else ""
    return row | {"kind_name": ORGANISATION_KINDS[row["kind"]], "above": above}


def compound_acts(actor: Actor, row: Compound) -> Acts:
    acts = (
        ("修改", "compound_edit", P.COMPOUND_EDIT),
        ("更名", "compound_rename", P.COMPOUND_EDIT),
        ("别名", "compound_aliases", P.COMPOUND_EDIT),
        ("合并", "compound_merge", P.COMPOUND_MERGE),
        ("注销", "compound_end", P.COMPOUND_MERGE),
    )
    return _offered(actor, row, row.division, acts)


def organisation_acts(actor: Actor, row: Organisation) -> Acts:
    acts = (
        ("修改", "organisation_edit", P.ORGANISATION_EDIT),
        ("更名", "organisation_rename", P.ORGANISATION_EDIT),
        ("别名", "organisation_aliases", P.ORGANISATION_EDIT),
        ("合并", "organisation_merge", P.ORGANISATION_EDIT),
        ("停用", "organisation_end", P.ORGANISATION_EDIT),
    )
    return _offered(actor, row, row.division, acts)


def division_acts(actor: Actor, row: Division) -> Acts:
    if row.awaiting:
        return []
    fixed = (
        ("更名", "division_rename", P.DIVISION_EDIT),
        ("合并", "division_merge", P.DIVISION_EDIT),
        ("停用", "division_end", P.DIVISION_EDIT),
    )
    new = {"county": "新增乡镇", "town": "新增社区（村）"}.get(row.level)
    more = ((new, "division_new", P.DIVISION_EDIT),) if new else ()
    return _offered(actor, row, row, (*(fixed if row.level != "county" else ()), *more))


def _offered(
    actor: Actor, row: Compound | Organisation | Division, division: Division, acts: tuple[tuple[str, str, P], ...]
) -> Acts:
    if row.ended_on is not None or not reaches(actor.scope, division):
        return []
    return [
        {"label": label, "url": reverse(f"places:{name}", args=[row.pk])}
        for label, name, permission in acts
        if actor.may(permission)
    ]
