"""Names and phones of people as everyone sees them who has no reason to see more. 个人信息保护法 第六条: no more than the purpose needs."""

import re
from typing import Final

from anju.rules.phones import mask_phone

_BETWEEN: Final = re.compile(r"[、,，;；/／\s]+")
_DEMO: Final = "示例·"
PERSONAL: Final = frozenset({"person", "phone"})  # types of indicators whose values are masked


def mask_name(name: str) -> str:
    """Return 李** whatever stands behind the first sign; the prefix of the demonstration stays."""
    bare = name.strip().removeprefix(_DEMO)
    return f"{_DEMO if name.strip().startswith(_DEMO) else ''}{bare[:1]}**" if bare else ""


def mask_phones(text: str) -> str:
    """Return each number of a text masked: 135****0000、0774-*****00."""
    return "、".join(mask_phone(part) for part in _BETWEEN.split(text.strip()) if part)


def masked_text(text: str, type_: str) -> str:
    """Return what of a text of an indicator of `type_` everyone may see."""
    if type_ == "person":
        return mask_name(text)
    return mask_phones(text) if type_ == "phone" else text
