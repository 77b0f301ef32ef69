"""A staff list between its upload and its writing: the lines travel in the page, signed for whoever uploaded them.

Nothing is stored on the server, so nothing is left when somebody gives up; and a page that was changed on the way is refused.
"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from django.core import signing

from anju.base.sheets import BadSheet, Sheet, read_rows, write_workbook
from anju.rules.roles import ADMINISTRATORS, ROLES
from anju.rules.staff_list import COLUMNS, StaffRow, find_header, read_staff

MOST_LINES = 500
_SALT = "anju.staff"
_HOURS = 2


def read_file(content: bytes) -> list[StaffRow]:
    """Return the lines of an uploaded list. Raises `BadSheet`."""
    rows = read_rows(content, most=MOST_LINES + 20)
    header = find_header(rows)
    if header is None:
        raise BadSheet("no_header")
    lines = read_staff(rows, header)
    if not lines:
        raise BadSheet("no_lines")
    if len(lines) > MOST_LINES:
        raise BadSheet("too_many_rows")
    return lines


def packed(rows: Sequence[StaffRow], user_id: int) -> str:
    """Return the lines as one signed text."""
    plain = [
        {key: str(value) if isinstance(value, date) else value for key, value in asdict(row).items()} for row in rows
    ]
    return signing.dumps({"user": user_id, "rows": plain}, salt=_SALT, compress=True)


def unpacked(text: str, user_id: int) -> list[StaffRow] | None:
    """Return the lines of a signed text, None where it is not ours, not this person's or too old."""
    try:
        held = signing.loads(text, salt=_SALT, max_age=_HOURS * 3600)
    except signing.BadSignature:
        return None
    return [_row(plain) for plain in held["rows"]] if held["user"] == user_id else None


def _row(plain: dict[str, Any]) -> StaffRow:
    starts_on = date.fromisoformat(plain["starts_on"]) if plain["starts_on"] else None
    problems = tuple((column, code) for column, code in plain["problems"])
    return StaffRow(**{**plain, "starts_on": starts_on, "problems": problems})


def template(units: Sequence[str]) -> bytes:
    """Return the workbook to fill in: the columns with two lines of example, the roles, and the names of the units."""
    example = [
        ["示例·陈某", "", "13500000000", units[0] if units else "示例单位", "房管所经办", "", "2026-01-01"],
        ["示例·李某", "lixx", "0774-5280000", "示例物业公司", "项目负责人", "示例·碧水花园", ""],
    ]
    roles = [[role.name, role.purpose] for code, role in ROLES.items() if code not in ADMINISTRATORS]
    headings = [names[0] for names in COLUMNS.values()]
    return write_workbook(
        [
            Sheet("名册", [headings, *example], [14, 14, 16, 28, 20, 24, 14]),
            Sheet("岗位", [["岗位", "说明"], *roles], [24, 80]),
            Sheet("单位", [["单位名称"], *([name] for name in units)], [40]),
        ]
    )
