"""What an import says: why a row is doubted or refused, what can be done about it, how sure a column is."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from anju.registry.models import ImportRow
from anju.registry.services.imports.judging import Staged
from anju.rules.lists import headers
from anju.rules.lists.catalogue import Catalogue
from anju.rules.lists.reasons import match_sentence, sentence
from anju.web.sheet_words import SHEET_WORDS

FILES: dict[str, str] = {
    **SHEET_WORDS,
    "no_header": "前 20 行里没有找到表头。表头至少要有“小区名称”，或两个以上能认出的列名，写法见空白表。",
    "no_lines": "表头下面没有内容。",
}
ROWS: dict[str, str] = {
    "outside_reach": "在{found}，不在您的辖区内，不能由您导入。",
    "known_twice": "与第 {line} 行对上的是库中同一个小区。请只留一行；不是同一个的，给本行另起名称。",
    "total_row": "像是合计行，不是小区。",
}
REASON_NAMES: dict[str, str] = {
    "foreign_division": "区划不符",
    "repeated": "文件内重复",
    "repeated_otherwise": "文件内重复，值不同",
    "shifted_columns": "整行错列",
    "likely_known": "可能是已有小区",
    "known_twice": "两行对上同一小区",
    "name_taken": "同一区划已有同名",
    "total_row": "合计行",
    "wrong_kind": "像是错列",
    "has_remark": "带有说明",
    "several_values": "一格多值",
    "several_fields": "混入其他栏目",
    "several_columns": "几列不一致",
    "unreadable": "读不出",
    "hearsay": "口语",
    "truncated": "被截断",
    "site_suffix": "网站后缀",
    "heading_as_value": "列名当作值",
    "form_prompt": "表单提示语",
    "letter_in_number": "数字夹字母",
    "service_unclear": "管理状态不清",
    "control_characters": "控制字符",
    "fee_basis": "收费单位不同",
    "fee_from_nothing": "收费低限为 0",
    "generic_name": "不是全称",
    "half_answer": "不在四个答案内",
    "two_answers": "写了两个答案",
    "lost_signs": "丢失的字",
    "formula_unsaved": "公式没有值",
    "sheet_error": "公式出错",
    "too_long": "过长",
    "negative": "负数",
    "not_whole": "不是整数",
    "finer_than_fen": "精确到分以下",
    "range_reversed": "区间颠倒",
    "no_such_day": "没有这一天",
    "serial_of_a_day": "日期序号",
    "number_spoiled_here": "科学计数",
    "phone_no_area_code": "座机没有区号",
    "phone_not_a_phone": "不是电话",
    "bad_credit_code": "信用代码不对",
    "outside_country": "坐标不在国内",
    "plot_ratio_against_areas": "容积率与面积不符",
    "ten_thousands_among_others": "单位是万",
    "area_per_household": "户均面积异常",
    "site_much_larger": "户均占地异常",
    "households_per_building": "每幢户数异常",
    "bays_out_of_range": "户均车位过多",
}
WHY_COLUMN: dict[str, str] = {
    headers.REMEMBERED: "按以前的更正",
    headers.SAME: "列名一致",
    headers.SYNONYM: "列名为常见写法",
    headers.PART: "列名中含有该名称",
    headers.ALIKE: "列名认不出，值像该字段，请确认",
    headers.CONTRADICTED: "列名对得上，但多数值不像，请确认",
    headers.UNKNOWN: "没有对得上的字段",
}
LEFT: dict[str, str] = {
    "edited": "小区在导入后改过",
    "decided": "有值已经核定",
    "overwritten": "同一来源后来又报过",
    "told_elsewhere": "别的来源也报了这个小区",
    "held": "已有人在这个小区任职",
}


def said_doubt(doubt: Sequence[Any], catalogue: Catalogue) -> tuple[str, str]:
    """Return the name of a doubt's column and the sentence of its reason."""
    column, _, reason, told, _, _ = doubt
    name = catalogue.by_code[column].name if column in catalogue.by_code else column
    return name, _said(reason, told, catalogue)


def said_named(row: Staged) -> str:
    """Return what became of a row that was given a name, or the file's again."""
    if "name" not in row.choice:
        return f"第 {row.line} 行用回文件里的名称。"
    named = f"第 {row.line} 行改名为“{row.choice['name']}”"
    if row.act == ImportRow.Act.CREATE:
        return f"{named}，写入时登记为新小区。"
    if row.act == ImportRow.Act.LINK:
        return f"{named}，对上库里已有的小区，写入前请核对。"
    return f"{named}。这一行还有别的疑问，请在“处理”里选。"


def _said(reason: str, told: Mapping[str, Any], catalogue: Catalogue) -> str:
    if reason == "likely_known":
        return _likely(told["candidates"])
    if reason == "name_taken":
        return _namesake(told)
    return ROWS[reason].format_map(told) if reason in ROWS else sentence(reason, told, catalogue.why)


def _namesake(told: Mapping[str, Any]) -> str:
    where = f"第 {told['line']} 行" if told.get("line") else "库里"
    if told.get("awaiting"):
        return (
            f"与{where}同名，都还没有乡镇，看不出是不是同一个。不是同一个的，请分别归到所在乡镇，"
            "同在一个乡镇的，给其中一行另起名称；是同一个的，只留一行。"
        )
    return (
        f"{told.get('division') or '同一区划'}{where}已有同名小区，看不出是不是同一个，所以没有合成一个，也没有写入。"
        "是同一个的跳过本行；不是的，请改归乡镇，或给本行另起名称。"
    )


def _likely(candidates: Sequence[Sequence[Any]]) -> str:
    first = "".join(match_sentence(code, told) for code, told in candidates[0][2])
    more = f"另有 {len(candidates) - 1} 个相近的。" if len(candidates) > 1 else ""
    return f"{first}{more}请选是哪一个，或按新小区登记。"


def reason_name(reason: str, catalogue: Catalogue) -> str:
    """Return a few words for a reason, for lists of reasons."""
    if name := REASON_NAMES.get(reason):
        return name
    if reason.endswith("_out_of_range") and (
        rule := next((one for one in catalogue.rules if one.code == reason), None)
    ):
        return f"{catalogue.by_code[rule.columns[0]].name}不在常见范围"
    return re.split("[。：；，]", catalogue.why.get(reason, ""))[0] or "其他"
