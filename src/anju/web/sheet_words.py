"""What is wrong with a file that should hold a table, in one place for every page and command that takes one."""

from collections.abc import Mapping

from anju.base.sheet_faults import BadSheet

SHEET_WORDS: dict[str, str] = {
    "too_big": "文件太大（解压后最多 300 MB）。请只留要导入的内容，另存后再选。",
    "far_cells": "表里有很远处的单元格（例如最右或最下一格里有字）。请只留要用的行和列，另存后再选。",
    "too_many_rows": "行数太多，一个文件最多 200,000 行。请分成几份。",
    "too_many_errors": "表里出错的公式太多。请改正，或全选后“选择性粘贴为数值”，另存后再选。",
    "cell_too_long": "有一格的内容超过 32,767 个字。请缩短后再选。",
    "empty": "文件里没有内容。",
    "encoding": "文字编码认不出来。请用 Excel、WPS 另存为 .xlsx。",
    "encrypted": "文件加了密码，读不了。请去掉密码，另存后再选。",
    "html": "这其实是网页，只是起了表格的名字（网站导出的表常常这样）。请用 Excel、WPS 打开，另存为 .xlsx。",
    "xml_2003": "这是 2003 版的 XML 表格。请用 Excel、WPS 打开，另存为 .xlsx。",
    "other_workbook": "这种表格（.xlsb、.ods 等）读不了。请用 Excel、WPS 打开，另存为 .xlsx。",
    "damaged": "文件已损坏，或不是 Excel、WPS 存的。请用 Excel、WPS 打开，另存为 .xlsx 再选。",
    "not_a_sheet": "这不是能读的 .xlsx、.xls 或 .csv 文件。请用 Excel、WPS 另存为 .xlsx。",
}
MACROS = "这个文件带有宏。只读了格子里的数值，宏没有运行，也没有保存。"


def said_sheet(bad: BadSheet, words: Mapping[str, str] = SHEET_WORDS) -> str:
    """Return the sentence for a refused file, with the row where one is to blame."""
    return (f"第 {bad.line} 行：" if bad.line else "") + words[bad.code]
