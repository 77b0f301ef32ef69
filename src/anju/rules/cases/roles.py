"""Who takes part in a case, and which of Anju's posts play whom.

The roles of the workflow say what somebody does in a case; the roles of `rules.roles` say which post they hold. One post may play
several. A role without posts is played by a citizen without an account, or by the clock.
"""

from typing import Final

CASE_ROLES: Final[dict[str, str]] = {
    "reporter": "反映人",
    "intake": "受理员",
    "dispatcher": "派遣员",
    "handler": "承办人",
    "unit_lead": "承办单位负责人",
    "company": "物业服务企业项目负责人",
    "owners_org": "业主自治组织",
    "community": "社区网格员",
    "town": "属地乡镇经办",
    "station": "联合执法工作站点召集人",
    "mediator": "调解员",
    "court": "法院联络员",
    "supervisor": "督办员",
    "reviewer": "公开审查人",
    "system": "系统",
}

PLAYED_BY: Final[dict[str, frozenset[str]]] = {
    "reporter": frozenset(),
    "intake": frozenset({"bureau_officer", "town_officer", "community_worker"}),
    "dispatcher": frozenset({"bureau_officer"}),
    "handler": frozenset({"department_officer", "bureau_officer", "town_officer"}),
    "unit_lead": frozenset({"department_officer", "bureau_reviewer", "town_officer"}),
    "company": frozenset({"company_admin", "project_manager", "supervising_clerk"}),
    "owners_org": frozenset({"committee_member"}),
    "community": frozenset({"community_worker"}),
    "town": frozenset({"town_officer"}),
    "station": frozenset({"bureau_officer", "department_officer"}),
    "mediator": frozenset({"community_worker", "town_officer"}),
    "court": frozenset({"department_officer"}),
    "supervisor": frozenset({"county_supervisor", "bureau_reviewer"}),
    "reviewer": frozenset({"bureau_reviewer"}),
    "system": frozenset(),
}

# 代录: whose acts may be entered by whom, from a paper or a telephone call. A respondent's by the unit that ordered them.
ENTERED_BY: Final[dict[str, frozenset[str]]] = {
    "reporter": frozenset({"intake", "dispatcher", "community", "town"}),
    "company": frozenset({"intake", "dispatcher", "community", "town", "handler"}),
    "owners_org": frozenset({"intake", "dispatcher", "community", "town", "handler"}),
    "handler": frozenset({"intake", "dispatcher", "town"}),
    "unit_lead": frozenset({"intake", "dispatcher", "town"}),
    "mediator": frozenset({"intake", "dispatcher", "town"}),
    "court": frozenset({"mediator", "dispatcher"}),
}


def played_by_post(role: str) -> frozenset[str]:
    """Return the roles of a case that a post with this role (`rules.roles`) may play."""
    return frozenset(case_role for case_role, posts in PLAYED_BY.items() if role in posts)
