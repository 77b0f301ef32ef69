"""Taking the table along: who took what, when, stands in the trail before the first byte leaves."""

from datetime import datetime

from anju.base import audit
from anju.base.actor import Actor
from anju.reports.view import TableView
from anju.rules.permissions import Permission


def note_export(*, actor: Actor, view: TableView, form: str, at: datetime) -> None:
    actor.require(Permission.TABLE_EXPORT)
    audit.record(actor=actor, action="table.exported", note={"format": form, "view": view.query()}, at=at)
