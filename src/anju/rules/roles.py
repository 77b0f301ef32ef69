"""Roles: what a post lets its holder do, in code, with a sentence that says for whom the role is meant.

A role names the kind of place its post is tied to. The place gives the post its scope; the role gives it its permissions.
"""

from dataclasses import dataclass
from enum import StrEnum

from anju.rules.permissions import Permission as P


class Reach(StrEnum):
    """What a post of the role is tied to, and so how far it sees."""

    COUNTY = "county"
    DIVISION = "division"
    ORGANISATION = "organisation"
    COMPOUND = "compound"


@dataclass(frozen=True, slots=True)
class Role:
    """One role. `kinds` are the organisation kinds whose people may hold it."""

    code: str
    name: str
    reach: Reach
    kinds: frozenset[str]
    purpose: str
    permissions: frozenset[P]
    administrator: bool = False


_LOOK = frozenset({P.DESK_VIEW, P.POLICY_VIEW, P.ORGANISATION_VIEW, P.COMPOUND_VIEW, P.FACT_VIEW})
_REGISTRAR = frozenset({P.FACT_EDIT, P.FACT_CONFIRM, P.FACT_REVEAL, P.LIST_IMPORT, P.TABLE_EXPORT})
_ASKING = frozenset({P.ROUND_VIEW, P.ROUND_RUN, P.ROUND_ENTER})
_CASES = frozenset({P.CASE_VIEW, P.CASE_FILE, P.CASE_ACT})
_OFFICE = (
    _LOOK
    | _CASES
    | {
        P.DIVISION_VIEW,
        P.POST_VIEW,
        P.PERSON_VIEW,
        P.POST_DELEGATE,
        P.POST_RECUSE,
        P.CALENDAR_VIEW,
        P.MATTER_VIEW,
    }
)

_ROLES = (
    Role(
        "bureau_officer",
        "房管所经办",
        Reach.COUNTY,
        frozenset({"bureau"}),
        "县住建局房管所的经办人员：建单位、登记小区、看全县，日常工作都从这里办。",
        _OFFICE
        | _REGISTRAR
        | {P.ORGANISATION_EDIT, P.COMPOUND_EDIT, P.COMPOUND_MERGE, P.PERSON_REVEAL, P.COMPANY_SETTLE}
        | {P.CALENDAR_EDIT, P.RELEASE_VIEW, P.RELEASE_PROPOSE, P.RELEASE_REVOKE, P.CORRECTION_ANSWER, P.CASE_REVEAL}
        | _ASKING
        | {P.HOTLINE_IMPORT, P.MATTER_EDIT, P.MATTER_CONFIRM},
    ),
    Role(
        "bureau_reviewer",
        "房管所复核",
        Reach.COUNTY,
        frozenset({"bureau"}),
        "县住建局负责复核的人：经办人提出的双人办理事项由他同意或退回，自己不经办同一件事。",
        _OFFICE
        | {P.COMPOUND_MERGE, P.PROPOSAL_DECIDE, P.PERSON_REVEAL, P.FACT_CONFIRM, P.FACT_REVEAL, P.TABLE_EXPORT}
        | {P.CALENDAR_CONFIRM, P.RELEASE_VIEW, P.RELEASE_GRANT, P.RELEASE_REVOKE, P.CASE_REVEAL, P.ROUND_VIEW}
        | {P.MATTER_CONFIRM},
    ),
    Role(
        "county_supervisor",
        "县级督查",
        Reach.COUNTY,
        frozenset({"government", "party", "mass"}),
        "县政府办、组织、政法、社会工作等牵头部门的督查人员：看全县，不经办。",
        _LOOK
        | _CASES
        | {P.DIVISION_VIEW, P.POST_VIEW, P.CALENDAR_VIEW, P.RELEASE_VIEW, P.CASE_REVEAL, P.ROUND_VIEW, P.MATTER_VIEW},
    ),
    Role(
        "department_officer",
        "部门经办",
        Reach.ORGANISATION,
        frozenset({"department", "court"}),
        "发改、市监、城管、消防等责任单位的经办或执法人员：办交给本单位的事。",
        _LOOK | _CASES | {P.DIVISION_VIEW, P.POST_DELEGATE, P.POST_RECUSE, P.CALENDAR_VIEW, P.MATTER_VIEW},
    ),
    Role(
        "town_officer",
        "乡镇经办",
        Reach.DIVISION,
        frozenset({"town"}),
        "乡镇人民政府的经办人员：登记本乡镇的小区，看本乡镇的单位和人员。",
        _OFFICE
        | _REGISTRAR
        | {P.COMPOUND_EDIT, P.RELEASE_VIEW, P.CORRECTION_ANSWER}
        | _ASKING
        | {P.HOTLINE_IMPORT}
        | {P.CASE_REVEAL},
    ),
    Role(
        "community_worker",
        "社区（村）工作人员",
        Reach.DIVISION,
        frozenset({"community"}),
        "社区居委会或村委会的工作人员：核实本社区小区的情况，帮居民代录。",
        _LOOK
        | _CASES
        | {P.DIVISION_VIEW, P.POST_RECUSE, P.FACT_EDIT, P.FACT_REVEAL, P.RELEASE_VIEW, P.CASE_REVEAL}
        | _ASKING,
    ),
    Role(
        "company_admin",
        "物业企业管理员",
        Reach.ORGANISATION,
        frozenset({"company"}),
        "物业服务企业指定的管理员：看本企业服务的小区。",
        _LOOK | _CASES,
    ),
    Role(
        "project_manager",
        "项目负责人",
        Reach.COMPOUND,
        frozenset({"company"}),
        "物业服务企业派驻一个小区的负责人：只看自己负责的小区。",
        _LOOK | _CASES | {P.POST_DELEGATE},
    ),
    Role(
        "committee_member",
        "业委会（物管会）成员",
        Reach.COMPOUND,
        frozenset({"committee"}),
        "业主委员会或物业管理委员会的成员：只看本小区。",
        _LOOK | _CASES,
    ),
    Role(
        "supervising_clerk",
        "主管单位经办",
        Reach.COMPOUND,
        frozenset({"supervising_unit", "developer"}),
        "有主管单位居民楼的主管单位、在建小区的开发企业：只看自己负责的小区。",
        _LOOK | _CASES,
    ),
    Role(
        "system_admin",
        "系统管理员",
        Reach.COUNTY,
        frozenset({"bureau", "government"}),
        "管区划、单位和人员账号，复核安全管理员提出的事项；不任命岗位，不看审计，不办业务。",
        frozenset(
            {
                P.DESK_VIEW,
                P.POLICY_VIEW,
                P.DIVISION_VIEW,
                P.DIVISION_EDIT,
                P.ORGANISATION_VIEW,
                P.ORGANISATION_EDIT,
            }
            | {P.PERSON_VIEW, P.PERSON_EDIT, P.PERSON_IMPORT, P.POST_VIEW, P.PROPOSAL_DECIDE}
        ),
        administrator=True,
    ),
    Role(
        "security_admin",
        "安全管理员",
        Reach.COUNTY,
        frozenset({"bureau", "government"}),
        "任命和结束岗位，重置密码，收回登录，复核系统管理员提出的事项；不建账号，不看审计，不办业务。",
        frozenset(
            {
                P.DESK_VIEW,
                P.POLICY_VIEW,
                P.DIVISION_VIEW,
                P.ORGANISATION_VIEW,
                P.COMPOUND_VIEW,
                P.PERSON_VIEW,
            }
            | {
                P.PERSON_RESET,
                P.PERSON_REVEAL,
                P.PERSON_IMPORT,
                P.POST_VIEW,
                P.POST_APPOINT,
                P.PROPOSAL_DECIDE,
            }
        ),
        administrator=True,
    ),
    Role(
        "audit_admin",
        "审计管理员",
        Reach.COUNTY,
        frozenset({"bureau", "government"}),
        "只看审计记录和岗位安排，什么也不改。",
        frozenset({P.DESK_VIEW, P.POLICY_VIEW, P.AUDIT_READ, P.POST_VIEW}),
        administrator=True,
    ),
)

ROLES: dict[str, Role] = {role.code: role for role in _ROLES}
ADMINISTRATORS: frozenset[str] = frozenset(role.code for role in _ROLES if role.administrator)
STAND_IN: dict[str, frozenset[P]] = {
    # While a county has no security administrator, its system administrator appoints and resets in that one's place.
    "security_admin": frozenset({P.POST_APPOINT, P.PERSON_RESET, P.COMPOUND_VIEW}),
}


def permissions_of(role_code: str, *, vacant: frozenset[str] = frozenset()) -> frozenset[P]:
    """Return the permissions of a role; `vacant` names administrator roles that nobody holds today.

    Only the system administrator stands in, and only for roles listed in `STAND_IN`.
    """
    permissions = ROLES[role_code].permissions
    if role_code != "system_admin":
        return permissions
    for missing in sorted(vacant & STAND_IN.keys()):
        permissions |= STAND_IN[missing]
    return permissions
