"""Everything that can be permitted, on one screen. The words are what the posts page shows beside each name."""

from enum import StrEnum


class Permission(StrEnum):
    DESK_VIEW = "desk.view"
    POLICY_VIEW = "policy.view"

    DIVISION_VIEW = "division.view"
    DIVISION_EDIT = "division.edit"
    ORGANISATION_VIEW = "organisation.view"
    ORGANISATION_EDIT = "organisation.edit"
    COMPOUND_VIEW = "compound.view"
    COMPOUND_EDIT = "compound.edit"
    COMPOUND_MERGE = "compound.merge"

    FACT_VIEW = "fact.view"
    FACT_EDIT = "fact.edit"
    FACT_CONFIRM = "fact.confirm"
    FACT_REVEAL = "fact.reveal"
    LIST_IMPORT = "list.import"
    COMPANY_SETTLE = "company.settle"
    TABLE_EXPORT = "table.export"

    RELEASE_VIEW = "release.view"
    RELEASE_PROPOSE = "release.propose"
    RELEASE_GRANT = "release.grant"
    RELEASE_REVOKE = "release.revoke"
    CORRECTION_ANSWER = "correction.answer"

    ROUND_VIEW = "round.view"
    ROUND_RUN = "round.run"
    ROUND_ENTER = "round.enter"
    HOTLINE_IMPORT = "hotline.import"

    PERSON_VIEW = "person.view"
    PERSON_EDIT = "person.edit"
    PERSON_IMPORT = "person.import"
    PERSON_REVEAL = "person.reveal"
    PERSON_RESET = "person.reset"
    POST_VIEW = "post.view"
    POST_APPOINT = "post.appoint"
    POST_DELEGATE = "post.delegate"
    POST_RECUSE = "post.recuse"
    PROPOSAL_DECIDE = "proposal.decide"

    CALENDAR_VIEW = "calendar.view"
    CALENDAR_EDIT = "calendar.edit"
    CALENDAR_CONFIRM = "calendar.confirm"

    CASE_VIEW = "case.view"
    CASE_FILE = "case.file"
    CASE_ACT = "case.act"
    CASE_REVEAL = "case.reveal"
    MATTER_VIEW = "matter.view"
    MATTER_EDIT = "matter.edit"
    MATTER_CONFIRM = "matter.confirm"

    AUDIT_READ = "audit.read"


WORDS: dict[Permission, str] = {
    Permission.DESK_VIEW: "看自己的今日工作台",
    Permission.POLICY_VIEW: "看方案条目和责任清单",
    Permission.DIVISION_VIEW: "看行政区划",
    Permission.DIVISION_EDIT: "新增、更名、合并、停用行政区划",
    Permission.ORGANISATION_VIEW: "看单位和企业",
    Permission.ORGANISATION_EDIT: "新增、更名、合并、停用单位和企业",
    Permission.COMPOUND_VIEW: "看小区",
    Permission.COMPOUND_EDIT: "登记小区，改名称、类型、管理状态和所属区划",
    Permission.COMPOUND_MERGE: "合并、注销小区（须双人办理）",
    Permission.FACT_VIEW: "看小区底数（电话遮盖）",
    Permission.FACT_EDIT: "登记、更正小区底数",
    Permission.FACT_CONFIRM: "确认底数，来源不一致时核定（自己登记的由别人确认）",
    Permission.FACT_REVEAL: "查看底数中的完整电话（留痕）",
    Permission.LIST_IMPORT: "导入小区名册、撤回自己导入的名册",
    Permission.COMPANY_SETTLE: "核对名册中的企业名称，认定是哪家企业",
    Permission.TABLE_EXPORT: "导出一张表（留痕）",
    Permission.RELEASE_VIEW: "看公开审查、预览公开页，打印小区二维码海报",
    Permission.RELEASE_PROPOSE: "提请公开审查：哪些项目在哪里可以公开",
    Permission.RELEASE_GRANT: "公开审查：同意公开或退回（自己提请的由别人审）",
    Permission.RELEASE_REVOKE: "停止公开（立即生效）",
    Permission.CORRECTION_ANSWER: "答复公众纠错",
    Permission.ROUND_VIEW: "看征集和满意度调查",
    Permission.ROUND_RUN: "发起征集和调查，把意见归成问题、列入问题清单",
    Permission.ROUND_ENTER: "代录居民反映的事、意见和答卷",
    Permission.HOTLINE_IMPORT: "导入 12345 工单表、导出办理结果",
    Permission.PERSON_VIEW: "看人员名册（手机号遮盖）",
    Permission.PERSON_EDIT: "登记人员、改人员信息、停用账号",
    Permission.PERSON_IMPORT: "导入人员名册（只办自己有权办的部分）",
    Permission.PERSON_REVEAL: "查看完整手机号（留痕）",
    Permission.PERSON_RESET: "重置密码、解除二次验证、收回登录",
    Permission.POST_VIEW: "看岗位安排",
    Permission.POST_APPOINT: "任命岗位、结束岗位、办理交接",
    Permission.POST_DELEGATE: "把自己的岗位临时交人代理",
    Permission.POST_RECUSE: "登记回避",
    Permission.PROPOSAL_DECIDE: "复核双人办理事项",
    Permission.CALENDAR_VIEW: "看工作日历",
    Permission.CALENDAR_EDIT: "登记工作日历：放假、调休上班、办公时间",
    Permission.CALENDAR_CONFIRM: "确认一年的工作日历（不确认自己登记的）",
    Permission.CASE_VIEW: "看问题台账（只看范围内的、交给自己的）",
    Permission.CASE_FILE: "登记问题，代居民登记",
    Permission.CASE_ACT: "办理问题（每一步由谁办，见流程）",
    Permission.CASE_REVEAL: "查看反映人的完整联系方式（留痕）",
    Permission.MATTER_VIEW: "看事项目录的改动、待确认的事和人工改派",
    Permission.MATTER_EDIT: "改事项目录：新增、修改、停用、恢复事项，开关自动派遣",
    Permission.MATTER_CONFIRM: "确认事项的主办、协办和时限（不确认自己改的，有复核人的由复核人确认）",
    Permission.AUDIT_READ: "看审计记录",
}
