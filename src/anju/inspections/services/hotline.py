"""Taking in sheets of the 12345 hotline: the file first, to be looked at, then a case of each order that can be one."""

import hashlib
import io
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from anju.base import audit
from anju.base.actor import Actor, Refused
from anju.base.attachments import keep_file
from anju.base.sheets import Sheet, write_workbook
from anju.cases.services.filing import Filing, submit_case
from anju.inspections.models import HotlineOrder, HotlineSheet
from anju.inspections.queries.hotline import Line, Rows, as_text, lines_of, read_sheet
from anju.rules.cases.facts import Mode
from anju.rules.hotline import read_orders
from anju.rules.names import BadName, plain_words, tidy_name
from anju.rules.permissions import Permission
from anju.rules.phones import BadPhone, normalise_phone

_WORKBOOK: Final = b"PK\x03\x04"
_LONGEST_NAME: Final = 30


@dataclass(frozen=True, slots=True)
class Taken:
    """How many orders became cases now, were cases already, and could not be taken."""

    filed: int
    known: int
    left: int


@transaction.atomic
def take_sheet(*, actor: Actor, name: str, content: bytes, at: datetime) -> HotlineSheet:
    """Keep a sheet and say how many orders are in it; nothing is filed yet. Raises `BadSheet`, `BadFile`."""
    actor.require(Permission.HOTLINE_IMPORT)
    if actor.user_id is None:
        raise Refused("round.needs_a_person")
    rows, layout = read_sheet(content)
    if not content.startswith(_WORKBOOK):
        file = keep_file(actor=actor, name="a.xlsx", content=io.BytesIO(_as_workbook(rows)), at=at)
    else:
        file = keep_file(actor=actor, name=name, content=io.BytesIO(content), at=at)
    row = HotlineSheet.objects.create(
        file=file, name=name[:200], lines=len(read_orders(rows, layout)), taken_by_id=actor.user_id, taken_at=at
    )
    audit.record(actor=actor, action="hotline.taken", subject=row, note={"lines": row.lines}, at=at)
    return row


def file_orders(*, actor: Actor, sheet: HotlineSheet, at: datetime) -> Taken:
    """File every order that names a compound of the actor's. Each in its own transaction: what is done stays done, and once only."""
    actor.require(Permission.HOTLINE_IMPORT)
    filed = known = left = 0
    for line in lines_of(actor, sheet):
        if line.number:
            known += 1
        elif line.faults or line.compound is None:
            left += 1
        else:
            filed += _file(actor, sheet, line, at)
    audit.record(actor=actor, action="hotline.filed", subject=sheet, note={"filed": filed, "left": left}, at=at)
    return Taken(filed, known, left)


@transaction.atomic
def _file(actor: Actor, sheet: HotlineSheet, line: Line, at: datetime) -> int:
    assert line.compound is not None
    order = line.order
    phone = _phone(order.phone)
    named = "" if order.secret else _name(order.name)
    filing = Filing(
        compound=line.compound,
        text=order.text,
        mode=Mode.NAMED if named else Mode.HIDDEN if phone else Mode.ANONYMOUS,
        phone=phone,
        name=named,
        source="hotline",
        key=hashlib.sha256(f"hotline:{order.order}".encode()).hexdigest()[:40],
    )
    case = submit_case(actor=actor, filing=filing, at=at).case
    _, is_new = HotlineOrder.objects.get_or_create(order=order.order[:60], defaults={"sheet": sheet, "case": case})
    return int(is_new)


def _as_workbook(rows: Rows) -> bytes:
    """Return the cells of an .xls or a .csv as a workbook, which is what its replies go back as."""
    cells = [[as_text(cell) for cell in row] for row in rows]
    return write_workbook([Sheet("工单", cells, [18] * max(map(len, cells)))])


def _name(text: str) -> str:
    """Return the name, tidied; one that is none is left out like such a number."""
    try:
        return tidy_name(plain_words(text)[:_LONGEST_NAME])
    except BadName:
        return ""


def _phone(text: str) -> str:
    """Return the number in our form; one that is none is left out, the sheet keeps it."""
    try:
        return normalise_phone(text)
    except BadPhone:
        return ""
