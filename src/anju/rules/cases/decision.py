"""The engine's answer: may somebody do this, and if not, for which reasons."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Reason:
    """Why not. `about` names what is missing or who, by its code; of several that would do, with a bar between them."""

    code: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """Allowed when there are no reasons against it."""

    reasons: tuple[Reason, ...] = ()

    @property
    def allowed(self) -> bool:
        return not self.reasons

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(reason.code for reason in self.reasons)


# The words of each reason, for the page that refuses. `{about}` is filled with the word of what it names.
WORDS: Final[dict[str, str]] = {
    "not_in_type": "这类事项没有这一步。",
    "wrong_state": "这件事现在的状态不能办这一步，可能已有人先办了，请刷新。",
    "wrong_role": "这一步不由您的岗位办理。",
    "recused": "您或您的单位与这件事有关，须回避，请由别的单位办理。",
    "respondent": "被反映的一方不能办这一步。",
    "missing": "还缺：{about}。",
    "may_not_enter_for": "您的岗位不能代录这一步。",
    "clerk_of_own_work": "承办单位不能代录反映人的意见。",
    "not_due": "时限还没有到，系统不能代办这一步。",
    "already_asked": "补正只能一次性告知，已经告知过了。",
    "emergency_not_told": "紧急的事，请先转告 110、119、120 或电梯救援，并注明。",
    "too_late": "已过期限。",
    "no_master": "请选择并入哪一件。",
    "master_elsewhere": "只能并入同一小区、同一事项的事。",
    "master_finished": "主案已经办结，不能再并入。",
    "merge_cycle": "两件事不能互相并入，也不能并入自己。",
    "public_interest": "涉及公共利益的事，不因撤回而终止。",
    "reporter_gone": "没有可以退出的反映人。",
    "urgent": "紧急的事不能办这一步。",
    "company_is_respondent": "被反映的一方不能负责劝阻，请直接派遣。",
    "no_dissuader": "请写明由谁劝阻。",
    "not_your_task": "这件事没有交给您的单位。",
    "not_stopped": "劝阻记录没有写明已经停止。",
    "not_failed": "劝阻记录没有写明拒绝、无效或现场危险。",
    "lead_already": "已有主办单位，请用返工或改派。",
    "no_lead": "请指定一个主办单位。",
    "lead_is_respondent": "被反映的单位不能主办或协办自己的事。",
    "lead_returned": "这个单位已依法退回过，须由督办员指定管辖。",
    "no_single_route": "归口不唯一，须由派遣员派遣。",
    "returned_before": "每个单位每件事只能退回一次。",
    "adjudicated": "已经指定管辖，不能再退回或改派。",
    "not_returned": "只有被退回过，或县住建局须回避的事，才指定管辖。",
    "no_helpers": "请写明参加的单位。",
    "no_helper_task": "这个单位没有未完成的协办任务。",
    "milestone_unknown": "这类事项没有这个节点。",
    "outcome_unknown": "这类事项没有这个结果。",
    "child_unknown": "请选择转入的类型，须与本类不同。",
    "end_missing": "请写明截止的时间。",
    "end_out_of_limit": "截止的时间已过，或超出允许的最长期限。",
    "extensions_spent": "延期次数已用完。",
    "asked_late": "延期须在到期前提出，现在已经迟了。",
    "request_pending": "上一个申请还没有答复。",
    "no_request": "没有待批的申请。",
    "own_request": "申请人和他的单位不能批准自己的申请。",
    "supervisor_decides": "第二次或超长的延期，由督办员批准。",
    "helpers_pending": "还有协办任务没有完成。",
    "ground_unknown": "这一步没有这个理由，请重新选择或写明。",
    "children_pending": "派生的事还没有办结，不能写已解决。",
    "own_work": "不能核查、审查自己或本单位办的事。",
    "other_verifier": "县住建局承办或被反映的事，由乡镇或县级督查核查。",
    "reachable": "有可以联系的反映人，请交他评价，不能直接办结。",
    "unreachable": "没有可以联系的反映人，请核查后直接办结。",
    "no_lead_yet": "还没有主办单位，请移送，不能返工。",
    "needs_oversight": "返工次数已到限，须先督办再返工。",
    "not_satisfied": "评分低于满意，请选不满意。",
    "not_unsatisfied": "评分不是不满意。",
    "awaiting_ruling": "正在等督办员裁定。",
    "nothing_to_rule": "没有待裁定的不满意。",
    "redo_spent": "已自动重办过，请提交督办员裁定。",
    "redo_left": "还可以直接要求重办。",
    "court": "已有司法结果，不能再重办。",
    "nudged_lately": "刚催过，过两个工作日可再催。",
    "level_not_higher": "督办级别须比现在高。",
    "no_oversight": "没有待回复的督办。",
    "private": "这件事不能公开，只计数。",
    "undisclosed": "反映人申请了不公开，只计数。",
    "veiled": "它是从一件不公开的事派生出来的，只计数。",
    "no_reporter": "这件事没有反映人，不能替他申请。",
    "undisclosed_already": "这件事已经不公开。",
    "disclosed_already": "没有申请过不公开。",
    "released_already": "已经公开。",
    "not_released": "还没有公开。",
    "item_end_out_of_limit": "每一项的期限须在今天之后，且不晚于整改的截止日期。",
    "no_open_item": "没有待完成的整改项。",
    "no_done_item": "没有待核查的整改项。",
    "item_other": "请选择一项，刚才的那项可能已有人办了，请刷新。",
    "items_open": "还有整改项没有完成，请逐项登记。",
    "items_unproved": "还缺：逐项完成凭证。",
    "items_not_passed": "还有整改项没有核查通过，不能办结。",
    "meeting_past": "会商或约谈的时间须在现在以后。",
    "arrival_unclear": "到场时间只写到场的单位，且不晚于现在。",
    "attendance_unclear": "请逐个单位写明到场、请假还是未到。",
    "kept_still": "还在留存期内。",
}


def words(reason: Reason, names: dict[str, str] | None = None) -> str:
    """Return the sentence of a reason; `names` gives words for what it is about (`Workflow.evidence`)."""
    told = "或".join(dict.fromkeys((names or {}).get(one, one) for one in reason.about.split("|")))
    return WORDS[reason.code].format(about=told)
