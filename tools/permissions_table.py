"""Writes docs/permissions.md from the roles, so that the document cannot say anything else."""

from pathlib import Path

from anju.rules.permissions import WORDS, Permission
from anju.rules.roles import ROLES, STAND_IN, Reach

TARGET = Path(__file__).resolve().parents[1] / "docs" / "permissions.md"
_REACH = {
    Reach.COUNTY: "全县",
    Reach.DIVISION: "所在乡镇或社区",
    Reach.ORGANISATION: "本单位",
    Reach.COMPOUND: "一个小区",
}


def document() -> str:
    """Return the whole document: who each role is for, then permission by role."""
    return "\n".join([*_introduction(), *_roles(), "", *_table(), "", *_stand_in(), ""])


def _introduction() -> list[str]:
    return [
        "# Permissions",
        "",
        "Written by `tools/permissions_table.py` from `rules/roles.py`; do not edit by hand.",
        "",
        "## Roles",
        "",
        "| role | code | sees | for whom |",
        "| --- | --- | --- | --- |",
    ]


def _roles() -> list[str]:
    return [f"| {role.name} | `{role.code}` | {_REACH[role.reach]} | {role.purpose} |" for role in ROLES.values()]


def _table() -> list[str]:
    head = "| permission | meaning | " + " | ".join(role.name for role in ROLES.values()) + " |"
    rule = "| --- | --- |" + " :-: |" * len(ROLES)
    rows = [_row(permission) for permission in Permission]
    return ["## Who may do what", "", head, rule, *rows]


def _row(permission: Permission) -> str:
    marks = " | ".join("●" if permission in role.permissions else "" for role in ROLES.values())
    return f"| `{permission.value}` | {WORDS[permission]} | {marks} |"


def _stand_in() -> list[str]:
    lines = [
        f"While nobody is {ROLES[code].name}, the system administrator may also: "
        + ", ".join(f"`{permission.value}`" for permission in sorted(permissions))
        + " (代行; the page and the trail say so)."
        for code, permissions in STAND_IN.items()
    ]
    return ["## Stand-in", "", *lines]


if __name__ == "__main__":
    TARGET.write_text(document())
