"""When a picture is also kept as it came: as evidence of an offence (行政处罚法 46：证据须查证属实), never a reporter's own.

Everything else is kept as it was written anew, without what the camera put into it (个人信息保护法 6：限于最小范围).
"""

from typing import Final

_OFFENCES: Final = frozenset({"enforcement_lead"})
_PICTURES: Final = frozenset({"scene_photo", "after_photo"})


def keeps_original(case_type: str, evidence: str, role: str) -> bool:
    """Say whether the original of a picture is sealed: taken in an enforcement lead, as evidence, by somebody at work."""
    return case_type in _OFFENCES and evidence in _PICTURES and role != "reporter"
