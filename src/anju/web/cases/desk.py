"""What the cases bring to 今日."""

from typing import Final

from anju.cases.queries.today import Kind, numbers_of, tasks_for
from anju.rules.permissions import Permission as P
from anju.web.home.section import Line, Number, Section, Way

_ONE: Final = Way("cases:case", one=True)


def _line(category: str, says: str, act: str, rest: str, **query: str) -> Line:
    return Line(
        category, says, _ONE, act, _ONE, P.CASE_ACT, rest=rest, rest_way=Way("cases:list", query=tuple(query.items()))
    )


LINES: Final = {
    Kind.GIVEN: _line("交办", "{what}", "办理", "还有 {left} 件交给本单位的", view="mine"),
    Kind.RULE: _line("裁定", "{what}：反映人再次不满意，请裁定", "裁定", "还有 {left} 件待裁定", state="feedback"),
    Kind.GRANT: _line("审批", "{what}：申请延期或挂账", "审批", "还有 {left} 件申请待批", state="handling"),
    Kind.ACCEPT: _line("受理", "{what}", "受理", "还有 {left} 件待受理", state="submitted"),
    Kind.DISPATCH: _line("派遣", "{what}", "派遣", "还有 {left} 件待派遣", state="accepted"),
    Kind.VERIFY: _line("核查", "{what}：请到现场核查", "核查", "还有 {left} 件待核查", state="verifying"),
}
NUMBERS: Final = {
    "cases_open": Number("在办的事", "件", "cases:list", P.CASE_VIEW),
    "cases_late": Number("已超期", "件", "cases:list", P.CASE_VIEW, query="view=late", note="截至今天零点"),
}
SECTION: Final = Section(
    tasks=lambda actor, _at: tasks_for(actor),
    lines={str(kind): line for kind, line in LINES.items()},
    rows=numbers_of,
    numbers=NUMBERS,
    shown={"": ("cases_open", "cases_late")},
)
