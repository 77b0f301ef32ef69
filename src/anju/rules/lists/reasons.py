"""Why a value is doubted or refused: a code for the program, a sentence for whoever mends the list.

Rules of plausibility bring their own.
"""

from collections.abc import Mapping
from typing import Final

KINDS: Final = {
    "area": "面积",
    "households": "户数",
    "buildings": "幢数",
    "storeys": "层数",
    "bays": "车位数",
    "lifts": "电梯台数",
    "persons": "人数",
    "terms": "届数",
    "percent": "百分比",
    "term": "产权年限",
    "ratio": "比值",
    "money": "价格",
    "number": "普通数字",
    "organisation": "单位名称",
    "address": "地址",
}

REASONS: Final[dict[str, str]] = {
    "wrong_kind": "写的是{kind}，不是“{column}”，可能列错位。请核对后填到相应的列。",
    "unreadable": "读不出“{column}”。请改写；没有查清的，不要填写。",
    "has_remark": "值里带有说明。请确认按建议的值写入。",
    "several_values": "一格里有几个值，不知以哪个为准。请只留一个，或写成区间。",
    "several_fields": "一格里混入了其他栏目的内容。请只留“{column}”。",
    "several_columns": "文件里有几列对应“{column}”，值不相同。请确认以哪一列为准。",
    "letter_in_number": "数字里夹有字母，可能把 0 写成了 O、把 1 写成了 l。请确认。",
    "number_spoiled": "长数字被表格软件改成了科学计数，末几位已丢失。请把该列设为文本格式，从原始资料重新填写。",
    "number_spoiled_here": "数字被表格软件改成了科学计数，可能已丢失末几位。请按原数填写。",
    "negative": "是负数。请核对。",
    "not_whole": "应为整数。请核对。",
    "fee_basis": "不是按每月每平方米计的收费。请换算，或写入备注。",
    "fee_from_nothing": "收费的低限是 0。请填写实际低限。",
    "range_reversed": "区间的低限大于高限，已对调。请确认。",
    "finer_than_fen": "金额精确到分以下，已四舍五入到分。请确认。",
    "no_such_day": "没有这个日期。请核对。",
    "serial_of_a_day": "像是表格软件里日期的序号，已换算成日期。请确认。",
    "two_answers": "同时写了两个答案。请只留一个。",
    "half_answer": "不在“有、无、未知、不适用”之内。请四选一。",
    "form_prompt": "是表单的提示语，不是值。请填写或留空。",
    "hearsay": "是口语，不是值。请填写或留空。",
    "heading_as_value": "“{found}”是列名，不是值。请填写或留空。",
    "generic_name": "“{found}”不是单位名称。请填写全称或留空。",
    "site_suffix": "带有网站加上的“{found}”，已去掉。请确认。",
    "truncated": "末尾被截断，不是全称。请填写全称。",
    "lost_signs": "含有转换编码时丢失的字。请填写正确的字。",
    "control_characters": "含有看不见的控制字符，已去掉。请确认。",
    "formula_unsaved": "公式没有连同结果保存，看不到数值。请用 Excel、WPS 打开文件保存一次，或直接填写。",
    "sheet_error": "是表格里公式的错误“{found}”。请改正公式，或直接填写。",
    "too_long": "有 {found} 个字符，过长。请只留“{column}”。",
    "service_unclear": "“{found}”没有说清由谁管理。请选择管理状态。",
    "phone_no_area_code": "座机号码没有区号。请补上。",
    "phone_not_a_phone": "不是电话号码。请核对。",
    "bad_credit_code": "不是有效的统一社会信用代码。请核对 18 位。",
    "outside_country": "坐标不在国内。请核对经度和纬度。",
    "name_empty": "没有小区名称，不能写入。请填写。",
    "name_too_long": "小区名称超过 100 个字符，不能写入。请改短。",
    "name_control": "小区名称含有控制字符，不能写入。请重新输入。",
    "name_deceiving": "小区名称含有改变文字方向的字符，不能写入。请重新输入。",
    "shifted_columns": "从“{column}”起有 {count} 列像是整体错了一列。请对照原表移回。",
    "foreign_division": "区划不符：写的是“{found}”，不在{home}。请确认是否属于本县。",
    "repeated": "与第 {line} 行是同一小区。请只留一行。",
    "repeated_otherwise": "与第 {line} 行是同一小区，但{columns}不同。请确认以哪一行为准。",
}

# Why a compound or a company of a list is taken for one we know (`matching`, `company_names`).
MATCHES: Final[dict[str, str]] = {
    "same_name": "与库中“{name}”同名。",
    "same_alias": "与库中“{name}”的名称或别名相同。",
    "several_of_name": "{where}同名。",
    "name_stem": "库中无此名，去掉“小区、花园、一期”一类字样后与“{name}”相同。",
    "name_near": "库中无此名，与“{name}”差 {count} 字。",
    "name_contains": "库中无此名，与“{name}”只多几个字。",
    "place_agrees": "同在{known}。",
    "place_differs": "库中的在{known}，这里写的是{found}。",
    "address_agrees": "地址相符：{known}。",
    "address_differs": "地址不符，库中的是{known}。",
    "point_agrees": "坐标相距 {metres} 米。",
    "point_differs": "坐标相距 {metres} 米，过远。",
    "same_credit_code": "与“{name}”的统一社会信用代码相同。",
    "credit_code_differs": "但统一社会信用代码不同，库中的是 {known}。",
    "company_name": "与“{name}”只在写法上不同。",
    "company_core": "与“{name}”字号相同。",
    "company_branch": "像是“{name}”的分支机构。",
    "company_of_branch": "“{name}”像是它的分支机构。",
    "company_sister": "与“{name}”像是同一公司的两个分支机构。",
}


def sentence(reason: str, told: Mapping[str, str], why: Mapping[str, str]) -> str:
    """Return the sentence of a doubt; `why` are the reasons of the plausibility rules by their codes."""
    words = REASONS.get(reason) or why[reason]
    kind = KINDS.get(told.get("found", ""), "别的内容")
    return words.format_map({"kind": kind, **told})


def match_sentence(code: str, told: Mapping[str, str]) -> str:
    """Return the sentence of a reason for or against a match."""
    return MATCHES[code].format_map(told)
