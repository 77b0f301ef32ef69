"""The trail in Chinese: what was done, to what, and which field. The house tests hold that every recorded action has its words."""

from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field

from anju.base.trail import Verification
from anju.rules.permissions import WORDS as PERMISSIONS
from anju.rules.permissions import Permission
from anju.rules.roles import ROLES
from anju.web.people.words import ACTS

ACTIONS: dict[str, str] = {
    "access.denied": "访问被拒绝",
    "access.outside": "要看范围以外或没有的记录",
    "area.ended": "注销管理区域",
    "area.set": "登记管理区域",
    "company_name.released": "撤销企业名称认定",
    "company_name.settled": "认定企业名称",
    "calendar.begun": "新开工作日历年度",
    "calendar.confirmed": "确认工作日历",
    "calendar.described": "改工作日历的依据",
    "calendar.edited": "登记放假、调休",
    "calendar.hours_set": "改办公时间",
    "calendar.loaded": "从方案载入工作日历",
    "hotline.filed": "把 12345 工单登记成问题",
    "hotline.taken": "导入 12345 工单表",
    "naming.switched": "开始或停止公开超期",
    "opinion.sorted": "把居民意见归类",
    "problem.filed": "把问题列入清单",
    "problem.worded": "把意见归成问题",
    "round.begun": "开始征集或调查",
    "round.ended": "提前截止征集或调查",
    "survey.slips_printed": "印住户通知单",
    "notice.call_settled": "登记一次电话通知",
    "case.acted": "办理一件事",
    "case.calls_printed": "打印电话通知单",
    "case.filed": "登记一件事",
    "case.list_exported": "导出问题清单",
    "case.paper_printed": "打印一件事的文书",
    "case.reason_given": "评价后点了原因",
    "case.joined": "附议一件事",
    "case.reporter_revealed": "查看反映人",
    "cases.loaded": "载入办事流程和事项目录",
    "compound.alias_added": "增加小区别名",
    "compound.alias_removed": "删除小区别名",
    "compound.created": "登记小区",
    "compound.edited": "修改小区",
    "compound.ended": "注销小区",
    "compound.merged": "合并小区",
    "compound.renamed": "小区更名",
    "correction.accepted": "采纳公众纠错",
    "correction.contact_revealed": "查看纠错人电话",
    "correction.handed": "转办公众纠错",
    "correction.received": "收到公众纠错",
    "correction.rejected": "不采纳公众纠错",
    "county.created": "建立我县",
    "county.demo_loaded": "载入演示县",
    "division.created": "新增区划",
    "division.ended": "停用区划",
    "division.merged": "合并区划",
    "division.renamed": "区划更名",
    "fact.decided": "核定底数",
    "fact.decided_for_many": "批量核定底数",
    "fact.recorded": "登记底数",
    "fact.recorded_for_many": "批量登记底数",
    "fact.revealed": "查看底数中的完整内容",
    "fact.withdrawn": "撤回底数",
    "indicators.loaded": "载入指标",
    "file.blackened": "涂黑图片",
    "file.original_opened": "查看封存的原件",
    "file.released": "公开文件",
    "file.withdrawn": "撤回公开的文件",
    "list.imported": "导入名册",
    "list.undone": "撤回名册",
    "matter.added": "新增事项",
    "matter.confirmed": "确认事项的主办、协办和时限",
    "matter.edited": "修改事项",
    "matter.offer_kept": "保留本县的事项写法",
    "matter.offer_taken": "采用方案文件的事项写法",
    "matter.overrides_exported": "导出人工改派",
    "matter.restored": "恢复事项",
    "matter.retired": "停用事项",
    "matter.switched": "开关一条路由的自动派遣",
    "organisation.alias_added": "增加单位别名",
    "organisation.alias_removed": "删除单位别名",
    "organisation.created": "新增单位",
    "organisation.edited": "修改单位",
    "organisation.ended": "停用单位",
    "organisation.merged": "合并单位",
    "organisation.phone_set": "改受理电话",
    "organisation.renamed": "单位更名",
    "person.created": "登记人员",
    "person.disabled": "停用账号",
    "person.edited": "修改人员信息",
    "person.enabled": "恢复账号",
    "person.password_changed": "修改密码",
    "person.password_reset": "重置密码",
    "person.phone_revealed": "查看完整号码",
    "person.second_factor_added": "开启二次验证",
    "person.second_factor_codes_renewed": "换新恢复码",
    "person.second_factor_dropped": "关闭二次验证",
    "person.second_factor_removed": "解除二次验证",
    "person.sessions_ended": "收回登录",
    "person.sign_in_failed": "登录失败",
    "person.signed_in": "登录",
    "person.signed_out": "退出登录",
    "policy.loaded": "载入方案",
    "post.appointed": "任命岗位",
    "post.delegated": "岗位交人代理",
    "post.ended": "结束岗位",
    "post.redirected": "代理随岗位交接",
    "proposal.approved": "复核同意",
    "proposal.proposed": "提出双人办理",
    "proposal.rejected": "复核退回",
    "proposal.withdrawn": "撤回申请",
    "recusal.ended": "解除回避",
    "recusal.recorded": "登记回避",
    "release.granted": "同意公开",
    "release.proposed": "提请公开审查",
    "release.rejected": "退回公开申请",
    "release.revoked": "停止公开",
    "staff.imported": "导入人员名册",
    "table.edited": "修改一张表",
    "table.exported": "导出一张表",
    "table.return_abandoned": "放弃带回的表",
    "table.return_given_back": "带回的表没有登记成",
    "table.undone": "撤回一张表的修改",
    "trail.exported": "导出审计记录",
    "trail.read": "查看审计记录",
    "trail.verified": "校验审计记录",
}

SUBJECTS: dict[str, str] = {
    "accounts.post": "岗位",
    "accounts.proposal": "双人复核",
    "accounts.recusal": "回避",
    "accounts.user": "人员",
    "base.attachment": "文件",
    "base.calendarhours": "办公时间",
    "base.calendaryear": "工作日历",
    "base.installation": "本县",
    "disclosure.correction": "公众纠错",
    "disclosure.release": "公开项目",
    "disclosure.releaseproposal": "公开申请",
    "places.compound": "小区",
    "places.division": "行政区划",
    "places.organisation": "单位",
    "places.policyedition": "方案",
    "reports.returnedtable": "带回的表",
    "reports.tableedit": "一张表的修改",
    "registry.listimport": "名册",
}

OUTCOMES: dict[str, str] = {"done": "已办", "refused": "被拒绝"}

FIELDS: dict[str, str] = {
    "alias": "别名",
    "aliases": "别名",
    "appointed_by": "任命人",
    "awaiting": "待定乡镇",
    "code": "区划代码",
    "compound": "小区",
    "credit_code": "统一社会信用代码",
    "decided_by": "复核人",
    "decision_reason": "复核意见",
    "delegated_from": "代理的岗位",
    "division": "所属区划",
    "duty_phone": "受理电话",
    "ended_on": "停用日期",
    "ends_on": "结束日期",
    "is_active": "账号可用",
    "kind": "类型",
    "level": "级别",
    "merged_into": "并入",
    "must_change_password": "须改密码",
    "name": "名称",
    "organisation": "单位",
    "parent": "上级",
    "phone": "手机号",
    "reason": "原因",
    "role": "岗位",
    "service_state": "管理状态",
    "starts_on": "开始日期",
    "state": "状态",
    "supervising_unit": "主管单位",
    "user": "人员",
    "username": "用户名",
    "valid_from": "起用日期",
}

NOTES: dict[str, str] = {
    "act": "事项",
    "aliases": "别名",
    "alone": "单人办理",
    "basis": "公开依据",
    "boxes": "涂黑处数",
    "children": "下级",
    "cite": "依据",
    "closed": "已锁定",
    "code": "代码",
    "compounds": "小区",
    "days": "日期或时段",
    "digest": "变更清单摘要",
    "divisions": "区划",
    "ended": "收回的登录数",
    "entry": "出错的记录",
    "handed_over_from": "交接自岗位",
    "head": "校验时的链尾",
    "due_on": "应答复日期",
    "indicator": "项目",
    "indicators": "项目",
    "items": "责任事项",
    "length": "校验的条数",
    "lines": "名册行数",
    "named": "另起的名称",
    "organisations": "单位",
    "people": "人员",
    "place": "范围",
    "permission": "需要的权限",
    "posts": "岗位",
    "problem": "发现的问题",
    "proposed_by": "提出人",
    "reason": "原因",
    "releases": "公开项目编号",
    "route": "页面",
    "rows": "条数",
    "seq": "出错的链位",
    "stand_in": "代行",
    "statement": "登记记录",
    "version": "版本",
    "year": "年度",
}

PROBLEMS: dict[str, str] = {
    "gap": "链上缺了一条",
    "forked": "与前一条接不上",
    "altered": "内容与封存时不同",
    "unsealed": "没有封存进链",
    "untrue_column": "检索栏与封存的内容不同",
}

CODES: dict[str, dict[str, str]] = {
    "problem": PROBLEMS | {"": "无"},
    "permission": {permission.value: PERMISSIONS[permission] for permission in Permission},
    "role": {code: role.name for code, role in ROLES.items()},
    "reason": {
        "password": "密码不对",
        "unknown": "没有这个用户名",
        "inactive": "账号已停用",
        "code": "验证码不对",
        "stale": "一次性密码已失效",
        "idle": "久未操作，自动退出",
    },
    "stand_in": {code: role.name for code, role in ROLES.items()},
    "act": ACTS,
}


def said_verification(found: Verification) -> str:
    """Return the result of a walk over the trail in one sentence."""
    if not found.problem:
        return f"审计链完好，共校验 {found.length} 条。"
    where = f"第 {found.seq} 环" if found.seq is not None else "链外"
    entry = f"（记录 {found.entry_id}）" if found.entry_id is not None else ""
    return f"审计链在{where}{entry}出错：{PROBLEMS[found.problem]}。请立即停止写入、保留现场，并核对备份。"


def said_action(action: str) -> str:
    return ACTIONS.get(action, action)


def said_subject(kind: str) -> str:
    return SUBJECTS.get(kind, kind)


def said_value(kind: str, name: str, value: Any) -> str:
    """Return one value of a change in words: a choice by its label, a code by its word, nothing as 空."""
    if value is None or value == "":
        return "空" if name not in CODES else CODES[name].get("", "空")
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(said_value(kind, name, one) for one in value) or "空"
    return _choice(kind, name, value) or CODES.get(name, {}).get(str(value)) or str(value)


def _choice(kind: str, name: str, value: Any) -> str:
    field = field_of(kind, name)
    return str(dict(field.flatchoices).get(value, "")) if field else ""


def field_of(kind: str, name: str) -> "Field[Any, Any] | None":
    """Return the model's field behind a name in a change, where there still is one."""
    try:
        found = apps.get_model(kind)._meta.get_field(name)
    except (LookupError, ValueError, FieldDoesNotExist):
        return None
    return found if isinstance(found, Field) else None
