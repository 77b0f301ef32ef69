"""What disclosure brings to 今日."""

from anju.disclosure.queries.today import Kind, tasks_for
from anju.rules.permissions import Permission as P
from anju.web.home.section import Line, Section, Way

SECTION = Section(
    tasks=tasks_for,
    lines={
        Kind.CORRECTION: Line(
            "纠错",
            "居民说“{what}”写错了，核实后答复",
            Way("disclosure:correction", one=True),
            "答复",
            permission=P.CORRECTION_ANSWER,
            rest="另有 {left} 件纠错待答复",
            rest_way=Way("disclosure:corrections"),
        ),
        Kind.CONFIRM: Line(
            "纠错",
            "采纳了居民的纠错，确认“{what}”的正确值",
            Way("registry:confirm", one=True, query=(("fact", "{task.body}"),)),
            "确认",
            permission=P.FACT_CONFIRM,
            rest="另有 {left} 件采纳的纠错待确认",
            rest_way=Way("registry:settle"),
        ),
        Kind.RELEASE: Line(
            "公开",
            "公开审查：是否同意公开",
            Way("disclosure:proposal", one=True),
            "审查",
            permission=P.RELEASE_GRANT,
            rest="另有 {left} 份公开申请待审",
            rest_way=Way("disclosure:releases"),
        ),
    },
)
