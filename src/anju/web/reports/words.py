"""The table's own words: groups of columns, what can be asked of a cell, the views that everyone has."""

from anju.reports.columns import DAYS, FIGURES, Column

GROUPS = {
    "basic": "基本",
    "management_area": "物业管理区域",
    "service": "物业服务",
    "company": "企业和负责人",
    "party": "党建",
    "committee": "业委会",
    "fee": "标准和收费",
    "place": "位置",
    "account": "台账",
}
OPERATORS = (
    ("is", "等于"),
    ("ge", "至少、不早于"),
    ("le", "至多、不晚于"),
    ("has", "含有"),
    ("unknown", "未知"),
    ("known", "已知"),
    ("stale", "过期未核实"),
    ("conflict", "来源不一致"),
)
MARKS = (("unknown", "有未知"), ("stale", "有过期未核实"), ("conflict", "有来源不一致"), ("awaiting", "待定乡镇"))
ANSWERS = {"yes": "有", "no": "无", "unknown": "未知", "not_applicable": "不适用"}
# name, query: the views that every post has
VIEWS = (
    ("全部小区", ""),
    ("失管小区", "state=unmanaged"),
    ("未组建业委会", "f=committee_formed:is:no"),
    ("来源不一致", "mark=conflict"),
    ("过期未核实", "mark=stale"),
    ("待定乡镇", "mark=awaiting"),
)
# narrower words for narrow columns: what the heading shows, the full name is its title
SHORT = {
    "completed": "建成",
    "buildings": "楼栋",
    "building_area": "建筑面积",
    "service": "物业企业",
    "party_covered": "党的工作",
    "committee_formed": "业委会",
    "committee_formed_on": "业委会成立",
    "contract_until": "合同到期",
    "fee": "物业费",
}
UNITS = {"平方米": "㎡", "元/平方米·月": "元/㎡·月"}


def heading(column: Column) -> str:
    return SHORT.get(column.code, column.name)


def unit(column: Column) -> str:
    return UNITS.get(column.unit, column.unit)


def operator_words(column: Column, operator: str) -> str:
    words = dict(OPERATORS)
    if column.type in FIGURES:
        words |= {"ge": "至少", "le": "至多"}
    if column.type in DAYS:
        words |= {"ge": "不早于", "le": "不晚于", "is": "在"}
    return words[operator]
