"""What is said about a table or a figure that cannot be counted."""

from anju.rules.voting.recount_refusals import BadFile
from anju.rules.voting.spreadsheet import Fault, Found
from anju.web.sheet_words import SHEET_WORDS

_COLUMNS = {"unit": "房号", "area": "面积", "voter": "业主", "choice": "意见"}
_FAULTS: dict[Fault, str] = {
    Fault.NO_LINES: "表里没有一行房屋。",
    Fault.COLUMN_MISSING: "第 {line} 行的列名里没有找到“{column}”。四列都要有：房号、面积、业主、意见。",
    Fault.UNIT_WRONG: "第 {line} 行的房号“{text}”不能用：要写 1 到 200 个字，不带看不见的字符。",
    Fault.VOTER_WRONG: "第 {line} 行的业主“{text}”不能用：要写 1 到 200 个字，不带看不见的字符。",
    Fault.AREA_WRONG: "第 {line} 行的面积“{text}”不是数，要写成 88.50 这样。",
    Fault.CHOICE_WRONG: "第 {line} 行的意见“{text}”不认识，要写同意、反对、弃权、废票或未表决（没投的也可以空着）。",
    Fault.UNIT_REPEATED: "第 {line} 行的房号“{text}”前面已经有了。不同楼栋请写上楼栋号，例如 3-101。",
    Fault.CHOICES_DIFFER: "第 {line} 行业主“{text}”的意见和前面的不一样。"
    "一位业主对一件事只有一个意见；同名的不同人请区分开，例如 张三（3栋）。",
}
SHEETS: dict[str, str] = {
    **SHEET_WORDS,
    "too_big": "文件太大（最多 5 MB、20,000 行）。更大的表请用命令 anju recount。",
    "not_a_sheet": "这不是能读的 .xlsx、.csv 或重算文件（.json）。",
    "too_many_rows": "行数太多，一次最多 20,000 行。更大的表请用命令 anju recount。",
    "several": "这个文件里有几件表决。网页一次看一件，请用命令 anju recount。",
}
NOTHING_GIVEN = "请把表格粘进来，或者选一个文件。"
BOTH_GIVEN = "粘贴和文件只要一样，请去掉一样。"


def fault(found: Found) -> str:
    return _FAULTS[found.fault].format(line=found.line, text=found.text, column=_COLUMNS.get(found.text, ""))


def bad_file(bad: BadFile) -> str:
    """The format's own sentence, without the code that programs use."""
    return bad.sentence().partition("] ")[2] + "。"
