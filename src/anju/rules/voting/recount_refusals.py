"""Why a file cannot be recounted: a code that every implementation of the format uses, and one Chinese sentence for each."""

from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    "unreadable": "文件打不开：{value}",
    "too_big": "文件超过 50 MB，请拆开或者改用合计数",
    "byte_order_mark": "文件开头有 BOM 标记，请另存为“UTF-8（无 BOM）”",
    "not_utf8": "文件不是 UTF-8 编码，请另存为 UTF-8",
    "not_json": "不是合格的 JSON：{value}",
    "too_deep": "JSON 嵌套太深，这不是重算文件",
    "repeated_key": "同一处出现两个 {value}，只能写一个",
    "number_not_whole": "数字 {value} 不是普通整数；面积要加引号写成十进制数，人数写整数",
    "number_too_big": "数字 {value} 太大",
    "empty_list": "列表里一件都没有",
    "not_object": "应当是一个对象（花括号）",
    "not_list": "应当是一个列表（方括号）",
    "field_unknown": "不认识的字段 {value}",
    "field_missing": "缺少字段 {value}",
    "format_unknown": "格式 {value} 不认识，应当写 anju-recount/1",
    "matter_unknown": "事项 {value} 不认识，应当写 ordinary（一般）或 special（特别）",
    "profile_unknown": "规则 {value} 不认识，应当写 civil-code-278 或 regulation-2018",
    "flag_not_boolean": "应当写 true 或 false，不能写 {value}",
    "roll_and_totals": "名册（roll）和合计（totals）只能写一样",
    "no_figures": "要么写名册和选票（roll 和 ballots），要么写合计（totals）",
    "ballots_without_roll": "有选票（ballots）就要有名册（roll）",
    "text_wrong": "{value} 不能当名称：要用引号写 1 到 200 个字，前后不留空格，没有控制符和看不见的字符",
    "area_not_text": '面积 {value} 要加引号写成十进制数，例如 "88.50"',
    "area_not_decimal": '面积 {value} 不是十进制数，要写成 "88.50" 这样（半角数字，不用逗号、指数和单位）',
    "area_negative": "面积 {value} 是负数",
    "heads_not_whole": "人数 {value} 不是整数",
    "heads_negative": "人数 {value} 是负数",
    "choice_unknown": "选择 {value} 不认识，应当写 agree、oppose、abstain、invalid 或 silent",
    "unit_repeated": "房屋 {value} 在名册里出现两次",
    "voter_repeated": "业主 {value} 有两张选票，同一事项只能有一张",
    "voter_unknown": "业主 {value} 不在名册里",
    "participating_above_total": "参加的 {value} 比全部的还多",
    "agree_above_participating": "同意的 {value} 比参加的还多",
}


_SHOWN = 40


class BadFile(ValueError):
    """A file that is not a recount, or contradicts itself. `where` is a path such as roll[3].area; empty for the whole."""

    def __init__(self, code: str, where: str = "", value: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.where = where
        self.value = value

    def sentence(self) -> str:
        """Return one line in Chinese that says where and what; safe to print whatever the file holds."""
        told = WORDS[self.code].format(value=self.value)
        return f"[{self.code}] {self.where}：{told}" if self.where else f"[{self.code}] {told}"


def shown(value: object) -> str:
    """Return a value of the file for a sentence: quoted, cut short, nothing in it that could move or hide text."""
    if isinstance(value, str):
        text = "".join(mark if mark.isprintable() else f"\\u{ord(mark):04x}" for mark in value[:_SHOWN])
        return f"“{text}{'…' if len(value) > _SHOWN else ''}”"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return "null" if value is None else "（列表或对象）"
