"""Noting what leaves the house on paper or as a file: papers of a case, the list of problems, the call list."""

from collections.abc import Sequence
from datetime import datetime

from anju.base import audit
from anju.base.actor import Actor, Denied
from anju.cases.models import Case
from anju.cases.queries.scoped import cases_for
from anju.rules.permissions import Permission


def note_paper(*, actor: Actor, case: Case, paper: str, at: datetime) -> None:
    """Write the trail. `paper` is the code of `queries.papers`."""
    if not cases_for(actor).filter(pk=case.pk).exists():
        raise Denied(Permission.CASE_VIEW)
    audit.record(
        actor=actor, action="case.paper_printed", subject=case, note={"paper": paper, "number": case.number}, at=at
    )


def note_list(*, actor: Actor, form: str, about: str, at: datetime) -> None:
    """Write that the list of problems left as a file. `form`: xlsx or pdf; `about`: what was chosen."""
    actor.require(Permission.CASE_VIEW)
    audit.record(actor=actor, action="case.list_exported", note={"form": form, "about": about}, at=at)


def note_overrides(*, actor: Actor, form: str, month: str, rows: int, at: datetime) -> None:
    """Write that a month's manual overrides left as a file. `form`: xlsx or csv."""
    actor.require(Permission.MATTER_VIEW)
    note: dict[str, object] = {"form": form, "month": month, "rows": rows}
    audit.record(actor=actor, action="matter.overrides_exported", note=note, at=at)


def note_calls(*, actor: Actor, cases: Sequence[str], at: datetime) -> None:
    """Write that the list with whole telephone numbers was printed, of which cases."""
    actor.require(Permission.CASE_REVEAL)
    audit.record(actor=actor, action="case.calls_printed", note={"cases": "、".join(cases)}, at=at)
