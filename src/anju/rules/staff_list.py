"""Staff lists as offices keep them: which column is which, and what a row says. What it means for the county is asked elsewhere."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from anju.rules.names import BadName, tidy_name
from anju.rules.phones import BadPhone, phone_from_cell
from anju.rules.roles import ROLES
from anju.rules.usernames import is_username

Cell = str | float | date
LONGEST_NAME = 50
HEADER_WITHIN = 20

# The columns of the template, in its order, each with what else it is called.
COLUMNS: dict[str, tuple[str, ...]] = {
    "name": ("姓名", "名字", "人员姓名", "工作人员", "人员", "经办人", "负责人", "联系人"),
    "username": ("用户名", "账号", "帐号", "登录名", "登录账号", "登录帐号"),
    "phone": ("手机号", "手机", "手机号码", "电话", "电话号码", "联系电话", "联系方式", "移动电话"),
    "unit": ("单位", "单位名称", "所在单位", "工作单位", "所属单位", "部门", "企业", "企业名称", "公司", "公司名称"),
    "role": ("岗位", "岗位名称", "角色", "系统岗位"),
    "place": ("小区/区划", "小区或区划", "小区", "小区名称", "区划", "负责小区", "所属小区", "管辖区域", "辖区"),
    "starts_on": ("起始日期", "开始日期", "任职日期", "任命日期", "起始时间", "开始时间", "到岗日期"),
}
_CALLED = {called: column for column, names in COLUMNS.items() for called in names}
_ROLES = {re.sub(r"[（）()]", "", role.name): code for code, role in ROLES.items()}
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s+0?0:00(?::00)?)?")
_EXCEL_DAY_ZERO = date(1899, 12, 30)


@dataclass(frozen=True, slots=True)
class Header:
    """Where the columns lie: `line` counts from 1 as a spreadsheet does; `unknown` are headings that mean nothing to us."""

    line: int
    columns: Mapping[str, int]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StaffRow:
    """What one line says, tidied. `problems` are codes of what cannot be read, each with the column it stands in."""

    line: int
    name: str = ""
    username: str = ""
    phone: str = ""
    unit: str = ""
    role: str = ""
    place: str = ""
    starts_on: date | None = None
    problems: tuple[tuple[str, str], ...] = ()


def find_header(rows: Sequence[Sequence[Cell]]) -> Header | None:
    """Return the first row, among the first twenty, that heads a column of names and at least one other we know."""
    for number, row in enumerate(rows[:HEADER_WITHIN]):
        columns: dict[str, int] = {}
        unknown = []
        for position, cell in enumerate(row):
            heading = _plain(cell)
            column = _CALLED.get(heading)
            if column is not None:
                columns.setdefault(column, position)
            elif heading:
                unknown.append(heading)
        if "name" in columns and len(columns) > 1:
            return Header(number + 1, columns, tuple(unknown))
    return None


def _plain(cell: Cell) -> str:
    """A heading without spaces, asterisks and remarks in brackets."""
    text = unicodedata.normalize("NFKC", str(cell))
    return re.sub(r"\(.*?\)|[\s*:]", "", text)


def read_staff(rows: Sequence[Sequence[Cell]], header: Header) -> list[StaffRow]:
    """Return the lines below the header that say anything."""
    below = enumerate(rows[header.line :], start=header.line + 1)
    return [_read(line, row, header.columns) for line, row in below if any(cell != "" for cell in row)]


def _read(line: int, row: Sequence[Cell], columns: Mapping[str, int]) -> StaffRow:
    said: dict[str, Cell] = {key: row[at] if at < len(row) else "" for key, at in columns.items()}
    problems: list[tuple[str, str]] = []
    name = _name(said.get("name", ""), problems)
    username = _text(said.get("username", "")).lower()
    if username and not is_username(username):
        problems.append(("username", "bad_username"))
    role = _role(_text(said.get("role", "")), problems)
    phone = _phone(said.get("phone", ""), problems)
    starts_on = _day(said.get("starts_on", ""), problems)
    unit, place = _text(said.get("unit", "")), _text(said.get("place", ""))
    return StaffRow(line, name, username, phone, unit, role, place, starts_on, tuple(problems))


def _text(cell: Cell) -> str:
    if isinstance(cell, float) and cell == int(cell):
        return str(int(cell))
    return " ".join(unicodedata.normalize("NFC", str(cell)).split())


def _name(cell: Cell, problems: list[tuple[str, str]]) -> str:
    try:
        return tidy_name(str(cell), limit=LONGEST_NAME)
    except BadName as bad:
        problems.append(("name", f"name_{bad.code}"))
        return ""


def _phone(cell: Cell, problems: list[tuple[str, str]]) -> str:
    try:
        return phone_from_cell(str(cell) if isinstance(cell, date) else cell)
    except BadPhone as bad:
        problems.append(("phone", f"phone_{bad.code}"))
        return ""


def _role(text: str, problems: list[tuple[str, str]]) -> str:
    """Return the role's code, from its name with or without brackets, or from the code itself."""
    plain = re.sub(r"[（）()\s]", "", text)
    code = _ROLES.get(plain, plain if plain in ROLES else "")
    if text and not code:
        problems.append(("role", "role_unknown"))
    return code


def _day(cell: Cell, problems: list[tuple[str, str]]) -> date | None:
    """Read 2026-11-24, 2026/11/24, 2026年11月24日, 20261124, a date cell, or the number Excel keeps for a day."""
    if isinstance(cell, date):
        return cell
    if isinstance(cell, float) and 20_000 < cell < 80_000:
        return _EXCEL_DAY_ZERO + timedelta(days=int(cell))
    text = unicodedata.normalize("NFKC", _text(cell))
    if not text:
        return None
    found = _DAY.fullmatch(text) or re.fullmatch(r"(\d{4})(\d{2})(\d{2})", text)
    try:
        if found:
            return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        pass
    problems.append(("starts_on", "bad_date"))
    return None
