"""Questions of yes or no as forms answer them. There are four answers: unknown is never no, and not applicable is neither."""

import re
from typing import Final

from anju.rules.lists.readings import Answer, Doubtful, Known, Missing, Reading
from anju.rules.lists.text import said_nothing

YES, NO, UNKNOWN, NOT_APPLICABLE = "yes", "no", "unknown", "not_applicable"
ANSWERS: Final = (YES, NO, UNKNOWN, NOT_APPLICABLE)
_DONE: Final = "成立|组建|划定?|建立?|备案|覆盖|设立?|签订?|公示|公开|完成|达标|配备|安装|有"
_WORDS: Final = {
    YES: re.compile(
        rf"是|有|√|✓|✔|☑|■|对|y|yes|true|1|(?:已经?)(?:{_DONE})|(?:成立|组建|划定|覆盖|设立)了?|全覆盖|正常"
    ),
    NO: re.compile(
        rf"否|无|没有?|×|✗|✘|x|❌|n|no|false|0|(?:未|没有?|尚未|还没有?|暂未|无)(?:{_DONE})|不是|正在(?:筹备|组建|成立)|筹备中|筹建中"
    ),
    UNKNOWN: re.compile("未知|不详|不清楚|待核实|待查|不明"),
    NOT_APPLICABLE: re.compile("不适用|不涉及|无需|不需要|无此项|免"),
}
_HEDGED: Final = re.compile("基本|部分|大致|一半|个别|少量|多数|大部分|正在|准备|拟")


def read_answer(text: str) -> Reading:
    """Read a plain text as one of the four answers; half answers and two answers at once are doubted."""
    bare = text.strip(" 。.()□").lower()
    for code, words in _WORDS.items():
        if words.fullmatch(bare):
            return Known(Answer(code), text if code == NO and "筹" in bare else "")
    if nothing := said_nothing(text):
        return nothing
    parts = {
        code for part in re.split(r"[/、,;\s]+|或", bare) for code, words in _WORDS.items() if words.fullmatch(part)
    }
    if len(parts) > 1:
        return Doubtful("two_answers")
    if _HEDGED.search(bare):
        return Doubtful("half_answer")
    return Doubtful("has_remark", Answer(parts.pop())) if parts else _from_the_beginning(bare)


def _from_the_beginning(bare: str) -> Reading:
    """已成立（2021年5月） begins with its answer; 5栋 is none."""
    for code in (NO, NOT_APPLICABLE, YES):
        found = re.match(rf"(?:{_WORDS[code].pattern})(?=[^\w]|\d)", bare)
        if found and not bare[0].isdigit():
            return Doubtful("has_remark", Answer(code))
    return Missing(bare) if not bare else Doubtful("unreadable")
