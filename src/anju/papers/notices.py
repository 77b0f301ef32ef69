"""What notices say. A template names what happened; its values carry numbers and names of things, never of people."""

from typing import Final

from anju.base.outbox import Values

BY_CODE: Final = "凭编号和查询码"
TEXTS: dict[str, str] = {
    "case.accepted": "您反映的事（{number}）已受理，正在安排单位办理。看进度请{how}查看。",
    "case.delayed": "您反映的事（{number}）办理期限有变动，原因和新的日期请{how}查看。",
    "case.ended": "您反映的事（{number}）已办结，结果请{how}查看。",
    "case.missing": "您反映的事（{number}）还缺材料，请{how}查看并补充。",
    "case.rejected": "您反映的事（{number}）不予受理，理由和可找的单位请{how}查看。",
    "case.result": "您反映的事（{number}）已有办理结果，请{how}查看并评价。",
    "case.rights": "您反映的事（{number}）的结果和您还可以走的途径，请{how}查看。",
    "work.answered": "{number}：延期或挂账的申请已有答复，请看这件事的页面。",
    "work.ask": "{number}：承办单位申请延期或挂账，请审批。",
    "work.check": "{number}：承办单位报了结果，请到现场核查。",
    "work.decision": "{number}：已经核查，结果请看这件事的页面。",
    "work.dissuade": "{number}：请先劝阻，并按期登记结果。",
    "work.half": "{number}：办理时限已过一半，请抓紧办理。",
    "work.help": "{number}：请您单位协办。",
    "work.measure": "{number}：有约谈或通报，请看这件事的页面。",
    "work.nudged": "{number}：反映人催办，请抓紧办理。",
    "work.order": "{number}：有劝阻任务或整改通知，请按期办理并回复。",
    "work.oversight": "{number}：已被督办，请按期回复。",
    "work.redo": "{number}：须返工或重办。",
    "work.returned": "{number}：被退回，请改派或指定管辖。",
    "work.ruling": "{number}：反映人两次不满意，请裁定。",
    "work.session": "{number}：请您单位参加会商，时间、地点请看这件事的页面。",
    "work.taken_back": "{number}：已经公开，反映人申请不公开，已从公开页撤下。",
    "work.task": "{number}：交您单位主办，请签收。",
    "work.urged": "{number}：受理、派遣、核查或裁定已经超期，请尽快办理。",
    "work.waiting": "您有{count}件事项待办，请登录查看。",
}


def said_notice(template: str, values: Values) -> str:
    """Return the sentence of a notice as it is read on the desk and told by telephone: without a link, which is for the reporter alone."""
    return TEXTS[template].format(how=BY_CODE, **values)


def sent_notice(template: str, values: Values, link: str) -> str:
    """Return the sentence of a short message; `link` is the whole address that opens the case, empty where there is none."""
    return TEXTS[template].format(how=f"点 {link} " if link else BY_CODE, **values)
