"""The words of people, posts and two-person acts."""

from collections.abc import Mapping

from anju.accounts.queries.staff_verdicts import Option, Remark, State
from anju.rules.roles import ROLES
from anju.rules.separation import Area, Gap
from anju.web.sheet_words import SHEET_WORDS

ACTS: dict[str, str] = {
    "post.appoint_administrator": "任命管理员",
    "post.end_administrator": "结束管理员岗位",
    "post.hand_over_administrator": "交接管理员岗位",
    "person.disable_administrator": "停用管理员账号",
    "person.reset_administrator": "重置管理员密码",
    "compound.merge": "合并小区",
    "compound.end": "注销小区",
    "organisation.merge": "合并单位",
}

FACTS: dict[str, str] = {
    "person": "人员",
    "role": "岗位",
    "organisation": "单位",
    "starts_on": "起始日期",
    "ends_on": "不再担任之日",
    "to": "接收人",
    "on": "交接日",
    "compound": "小区",
    "into": "并入",
}

AREAS: dict[Area, str] = {
    Area.BUSINESS: "房管所复核",
    Area.ADMINISTRATION: "另一位系统管理员或安全管理员",
}

PROPOSAL_MARKS: dict[str, str] = {"waiting": "go", "approved": "done", "rejected": "warn", "withdrawn": ""}

# what is missing; what happens meanwhile; how to mend it
GAPS: dict[Gap, tuple[str, str, str]] = {
    Gap.NO_SYSTEM_ADMIN: (
        "没有系统管理员",
        "没有人能登记人员、建单位和区划。",
        "请在服务器上运行 anju user 恢复一位系统管理员。",
    ),
    Gap.NO_SECURITY_ADMIN: (
        "没有安全管理员",
        "任命岗位、重置密码由系统管理员代行，每一笔都在审计记录里注明“代行”。",
        "请系统管理员任命一位安全管理员，可由房管所复核人员兼任。",
    ),
    Gap.NO_AUDIT_ADMIN: (
        "没有审计管理员",
        "审计记录照常封存，但没有人查看。",
        "请任命一位审计管理员，可由不担任系统、安全管理员的经办人员或县政府办人员兼任。",
    ),
    Gap.NO_BUSINESS_SECOND: (
        "合并、注销小区和合并单位缺第二人",
        "这些事由一个人办理，记录里注明“单人办理”。",
        "请任命另一位房管所复核，不要由经办的人自己兼任。",
    ),
    Gap.NO_ADMINISTRATION_SECOND: (
        "管理员的任免、停用和重置缺第二人",
        "这些事由一位管理员单独办理，记录里注明“单人办理”。",
        "系统管理员和安全管理员各任命一人，就能互相复核。",
    ),
}

STATES: dict[State, str] = {
    State.NEW: "将写入",
    State.DOUBTFUL: "存疑",
    State.REFUSED: "不写入",
    State.SAME: "不变",
}

COLUMNS: dict[str, str] = {
    "name": "姓名",
    "username": "用户名",
    "phone": "手机号",
    "unit": "单位",
    "role": "岗位",
    "place": "小区/区划",
    "starts_on": "起始日期",
}

REMARKS: dict[str, str] = {
    "name_empty": "没有姓名。",
    "name_too_long": "姓名太长，最多 50 个字。",
    "name_control": "姓名里有看不见的控制字符，请重新输入。",
    "name_deceiving": "姓名里有会颠倒或隐藏文字的字符，请重新输入。",
    "bad_username": "用户名要用 2 至 30 位小写字母、数字、点、横线，以字母开头。",
    "phone_spoiled": "号码已被表格变成科学计数（如 1.38E+10），原来的数字丢了。请把该列设为文本，重新填写。",
    "phone_no_area_code": "固定电话缺区号，例如 0774-5280000。",
    "phone_not_a_phone": "不是 11 位手机号，也不是带区号的固定电话。",
    "role_unknown": "没有这个岗位。岗位名称见模板的“岗位”表。",
    "bad_date": "日期要写成 2026-11-24 这样。",
    "unit_missing": "有岗位没有单位。",
    "role_missing": "有单位没有岗位。",
    "administrator": "{value}是管理员岗位，须双人办理，不能用名册任命。",
    "unit_unknown": "没有叫“{value}”的单位。请先登记单位，或改成登记的名称。",
    "unit_similar": "没有叫“{value}”的单位，有名称相近的。",
    "unit_several": "叫“{value}”的单位不止一个。",
    "unit_by_alias": "按别名认作“{value}”。",
    "place_unknown": "没有叫“{value}”的小区或区划。",
    "place_similar": "没有叫“{value}”的小区或区划，有名称相近的。",
    "place_several": "叫“{value}”的小区或区划不止一个。",
    "place_needless": "{value}不填小区或区划。",
    "name_several": "已有叫“{value}”的人，或本表前面有同名的人，不知是不是同一个人。",
    "username_of_another": "用户名“{value}”是另一个人的。",
    "username_repeated": "与第 {value} 行的用户名相同，姓名不同。",
    "repeated": "与第 {value} 行重复。",
    "person_unknown": "这个人还没有账号，请系统管理员先用同一份名册登记人员。",
    "phone_differs": "手机号与现有登记不同，没有改动。",
    "post_later": "岗位由安全管理员再用同一份名册任命。",
    "objection_self": "不能给自己任命岗位。",
    "objection_inactive": "这个人的账号已停用。",
    "objection_body_ended": "{value}已经停用。",
    "objection_kind": "{value}这类单位没有这个岗位。",
    "objection_compound_missing": "这个岗位要填小区。",
    "objection_compound_ended": "这个小区已经注销。",
    "objection_place_needless": "这个岗位不填小区或区划。",
    "objection_area_outside": "所填区划不在{value}的辖区内。",
    "objection_area_level": "这个岗位要落到乡镇或社区（村）。",
    "objection_area_ended": "所填区划已经停用。",
    "objection_dates": "结束日期要晚于起始日期。",
    "objection_too_early": "起始日期太早，请核对年份。",
    "objection_too_far_ahead": "起始日期太远，最多提前一年。",
}

SHEETS: dict[str, str] = {
    **SHEET_WORDS,
    "too_big": "文件太大。请只留名册内容，另存后再导入（最多 5 MB、500 行）。",
    "too_many_rows": "行数太多，一次最多 500 行。请分成几份导入。",
    "no_header": "前 20 行里没有找到表头。表头至少要有“姓名”和另一列，列名见模板。",
    "no_lines": "表头下面没有内容。",
}


def said_remark(remark: Remark) -> str:
    return REMARKS[remark.code].format(value=remark.value)


def said_option(option: Option) -> str:
    """Return how a treatment of a doubtful line reads in its list of choices."""
    kind, _, number = option.value.split("+")[-1].partition(":")
    match kind:
        case "skip":
            return "跳过本行"
        case "new":
            return "作为新人登记"
        case "line":
            return f"与第 {number} 行是同一人"
        case "user":
            return f"就是{option.label}"
    return f"认作{option.label}"


def said_facts(facts: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return the facts of a proposal as label and value, in our order (the store keeps none), those left empty not at all."""
    return [(label, facts[key]) for key, label in FACTS.items() if facts.get(key)]


def said_roles(codes: tuple[str, ...]) -> str:
    return "、".join(ROLES[code].name for code in codes)
