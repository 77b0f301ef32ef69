"""Refusals in Chinese: what is wrong, where, and how to mend it. One sentence a code; `{name}` is filled from the refusal's values."""

from anju.base.actor import Refused

WORDS: dict[str, str] = {
    "installation.taken": "这里已经有数据了，不能再次初始化。要另建一个县，请换一个数据目录（ANJU_HOME）。",
}


def sentence(refusal: Refused) -> str:
    """Return the sentence of a refusal. A code without words is a defect that the house tests find."""
    return WORDS[refusal.code].format(**refusal.values)
