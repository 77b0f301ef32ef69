"""Writes the tables of docs/cases.md from the demo county's workflow.toml and matters.toml, so that they cannot say anything else."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from anju.rules.cases.policy import Cases, parse_cases
from anju.rules.cases.roles import CASE_ROLES, ENTERED_BY, PLAYED_BY
from anju.rules.cases.workflow import SAME, Transition, Urgency
from anju.rules.policy import parse_policy
from anju.rules.roles import ROLES

_ROOT = Path(__file__).resolve().parents[1]
TARGET = _ROOT / "docs" / "cases.md"
MARK = "<!-- Below this line: written by `tools/cases_tables.py`, do not edit by hand. -->"
_SOURCES = {"statute": "法条", "plan": "方案", "practice": "待确认"}


def cases() -> Cases:
    files = {path.name: path.read_bytes() for path in (_ROOT / "policy" / "demo").iterdir()}
    return parse_cases(files, parse_policy(files))


def document() -> str:
    """Return the whole document: what people wrote above the mark, and the tables."""
    above = TARGET.read_text().split(MARK)[0]
    return above + "\n".join([MARK, "", *_tables(cases()), ""])


def _tables(both: Cases) -> Iterator[str]:
    parts = (_states, _transitions, _types, _limits, _roles, _matters)
    for part in parts:
        yield from part(both)


def _table(title: str, head: str, rows: Iterable[Iterable[object]]) -> Iterator[str]:
    columns = head.split(" | ")
    yield from (f"## {title}", "", f"| {head} |", f"| {' | '.join('---' for _ in columns)} |")
    yield from (f"| {' | '.join(str(cell) or '–' for cell in row)} |" for row in rows)
    yield ""


def _states(both: Cases) -> Iterator[str]:
    rows = ((f"`{one.code}`", one.name, one.kind, one.public) for one in both.workflow.states.values())
    return _table("States", "state | 中文 | kind | what the citizen reads", rows)


def _transitions(both: Cases) -> Iterator[str]:
    head = "act | 中文 | from | to | by | evidence | guards | marks"
    return _table("Acts", head, (_act(both, one) for one in both.workflow.transitions.values()))


def _act(both: Cases, one: Transition) -> Iterator[object]:
    names = both.workflow.evidence
    yield f"`{one.code}`"
    yield one.name
    yield " ".join(one.from_)
    yield "=" if one.to == SAME else one.to
    yield " ".join(one.roles)
    yield "、".join("或".join(names[part] for part in need.split("|")) for need in one.needs)
    yield " ".join(one.guards)
    yield " ".join(one.marks)


def _types(both: Cases) -> Iterator[str]:
    everything = list(both.workflow.transitions)
    rows = (
        (
            f"`{one.code}`",
            one.name,
            one.prefix,
            one.publication,
            len(one.transitions),
            " ".join(code for code in everything if code not in one.transitions),
        )
        for one in both.workflow.types.values()
    )
    return _table("Types", "type | 中文 | prefix | publication | acts | acts it does not have", rows)


def _limits(both: Cases) -> Iterator[str]:
    clocks = both.workflow.clocks
    rows = (
        (
            f"{clocks[row.clock].name} `{row.clock}`",
            " ".join(row.types),
            *(row.amounts.get(urgency, "") for urgency in Urgency),
            " ".join(clocks[row.clock].start),
            f"`{clocks[row.clock].fires}`" if clocks[row.clock].fires else "",
            f"{_SOURCES[row.source]} {row.cite}".strip(),
        )
        for row in both.workflow.limit_rows
    )
    return _table("Limits", "clock | types | A | B | C | begins with | at its end the system does | source", rows)


def _roles(_: Cases) -> Iterator[str]:
    rows = (
        (
            f"`{code}`",
            name,
            "、".join(role.name for role in ROLES.values() if role.code in PLAYED_BY[code]),
            " ".join(sorted(ENTERED_BY.get(code, ()))),
        )
        for code, name in CASE_ROLES.items()
    )
    return _table("Roles", "role | 中文 | posts that play it | who may enter its acts (代录)", rows)


def _matters(both: Cases) -> Iterator[str]:
    rows = (
        (
            one.code,
            one.name,
            one.cite,
            one.type,
            one.urgency.upper(),
            one.lead,
            " ".join(one.joint),
            "是" if one.dissuade else "",
            f"待确认：{one.confirm or '、'.join(one.beyond) + ' 不在责任单位之列'}" if one.pending else "",
        )
        for one in both.matters.matters.values()
    )
    return _table("Matters", "code | 事项 | 出处 | type | urgency | lead | joint | dissuade first | gaps", rows)


def main() -> None:
    TARGET.write_text(document())


if __name__ == "__main__":
    main()
