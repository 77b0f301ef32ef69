"""What can be wrong with a county's policy files: a code for the program, a sentence for whoever mends the file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong. `line` counts from 1, 0 where a file is missing or not wanted; `values` fill the sentence of `code`."""

    file: str
    line: int
    code: str
    values: Mapping[str, str] = field(default_factory=dict)


class PolicyFaults(ValueError):
    """Everything that is wrong with a policy, in the order of files and lines. Nothing of it may be used."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(faults, key=lambda fault: (fault.file, fault.line, fault.code)))
        super().__init__("\n".join(f"{fault.file}:{fault.line} {fault.code}" for fault in self.faults))


WORDS: dict[str, str] = {
    "missing_file": "缺少这个文件。",
    "unknown_file": "方案文件夹里不应有这个文件，请移走。",
    "not_utf8": "不是 UTF-8 编码，请用 UTF-8 另存。",
    "syntax": "写法有误（{reason}）。",
    "missing_key": "缺少“{key}”。",
    "unknown_key": "不认识“{key}”，请检查拼写或删去。",
    "wrong_type": "“{key}”应为{expected}。",
    "text_empty": "“{key}”是空的。",
    "text_too_long": "“{key}”超过 {limit} 个字符。",
    "text_control": "“{key}”含有控制字符，请重新输入。",
    "text_deceiving": "“{key}”含有看不见或改变文字方向的字符，请重新输入。",
    "text_untidy": "“{key}”首尾有空格，或中间有多余的空白、换行，请整理。",
    "list_empty": "“{key}”至少要有一个。",
    "bad_shape": "“{key}”的写法不对：{value}。",
    "unknown_choice": "“{key}”不能是“{value}”，只能是：{choices}。",
    "out_of_range": "“{key}”应在 {low} 到 {high} 之间。",
    "version_differs": "“version”是 {version}，与 policy.toml 的 {expected} 不同。",
    "dates_reversed": "“{key}”早于 {earliest}。",
    "repeated_code": "编号“{value}”在第 {first} 行已经用过。",
    "name_of_two": "“{value}”已是第 {first} 行那个单位的名称或别名。",
    "unknown_unit": "units.toml 里没有编号为“{value}”的单位。",
    "parent_not_above": "上级“{value}”没有写在它前面。",
    "unknown_division": "divisions.csv 里没有代码为“{value}”的区划。",
    "wrong_level": "区划“{value}”不是{expected}级。",
    "one_bureau": "没有上级的住建部门（bureau）须有且只有一个，现在有 {count} 个。",
    "repeated_unit": "单位“{value}”在本条里写了两次。",
    "units_text_unknown": "责任单位原文里的“{value}”，不是任何单位的名称或别名。",
    "units_text_differs": "责任单位原文与单位编号对不上，按原文应为：{expected}。",
    "not_in_text": "“{key}”没有原样出现在“text”里。",
    "wrong_header": "表头应为：{expected}。",
    "wrong_columns": "应有 {expected} 列，这一行有 {count} 列。",
    "bad_date": "“{value}”不是日期，应写作 2024-10-30。",
    "wrong_code": "代码“{value}”的位数不对，或与上级代码不衔接。",
    "county_missing": "没有县级区划。",
    "second_county": "一个方案只有一个县，“{value}”是第二个。",
    "bad_hours": "“{key}”应为一天里先后分开的时段，每段写作 08:00-12:00。",
    "too_many_days": "“{key}”离“first”太远，一行最多 {limit} 天。",
    "day_of_another_year": "“{key}”不在 {value} 年的安排里（只可以是当年和上一年12月29日至31日）。",
    "worked_weekday": "调休上班（work）只能是周六、周日。",
    "region_unset": "{value} 年写明自治区（省）的放假日未配置（unset），又列出了放假日，请改其一。",
    "day_twice": "{value} 已经在前面列过。",
    "unknown_name": "“{key}”里的“{value}”没有这一项。",
    "limit_empty": "时限“{value}”至少要写一个紧急程度的期限。",
    "never_fires": "动作“{value}”在任何事项里都不会发生。",
    "dead_end": "到了状态“{value}”就再也不能归档。",
    "citizen_only": "状态“{value}”只有反映人能离开，他不作声事情就停住了。",
    "clock_without_limit": "时限“{value}”没有写期限。",
    "clock_never_starts": "事项“{value}”有这个时限，却没有起算它的动作。",
    "clock_never_stops": "事项“{value}”有这个时限，却没有停止它的动作。",
    "not_by_system": "到期自动办理的动作“{value}”，须允许系统办理。",
    "beyond_differs": "主办、协办超出方案责任单位之外的，应写明：{expected}。",
    "unknown_item": "items.toml 里没有编号为“{value}”的条目。",
    "county_differs": "“{key}”与 divisions.csv 的县“{value}”不同。",
}


def sentence(fault: Fault) -> str:
    """Return where the fault is, what it is and how to mend it, in Chinese."""
    where = f"{fault.file} 第 {fault.line} 行" if fault.line else fault.file
    return f"{where}：{WORDS[fault.code].format(**fault.values)}"
