"""`disclosure.toml` of a county's policy: when a correction is owed its reply, whom citizens may call."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from anju.rules.policy_faults import Fault, PolicyFaults
from anju.rules.policy_shapes import DISCLOSURE
from anju.rules.policy_tables import Field, Row, Shape, read_toml, shape_faults
from anju.rules.workdays.limits import Limit, Unit

_VERSION: Final[Shape] = {
    "version": Field(int, low=1, high=9999),
    "reply": Field(dict, required=False),
    "complaint": Field(dict, required=False),
}
_REPLY: Final[Shape] = {
    "days": Field(int, low=1, high=365),
    "working": Field(bool, required=False),
    "cite": Field(str, limit=50),
}
_COMPLAINT: Final[Shape] = {
    "phone": Field(str, limit=50, required=False),
    "item": Field(str, limit=40, required=False, pattern=r"[a-z][a-z0-9_]{1,39}"),
}


@dataclass(frozen=True, slots=True)
class PolicyDisclosure:
    """`reply`: how long there is to answer a correction, in natural or working days; None where the county has not set it (未配置).

    `complaint_phone`: the number printed on cards and posters; `complaint_item`: the one item of type phone that may be public.
    """

    reply: Limit | None = None
    complaint_phone: str = ""
    complaint_item: str = ""


def parse_disclosure(files: Mapping[str, str | bytes]) -> PolicyDisclosure:
    """Return what the county has set, or raise `PolicyFaults`. No file: nothing is set."""
    if DISCLOSURE not in files:
        return PolicyDisclosure()
    content = files[DISCLOSURE]
    try:
        text = content if isinstance(content, str) else content.decode()
    except UnicodeDecodeError:
        raise PolicyFaults([Fault(DISCLOSURE, 0, "not_utf8")]) from None
    root = read_toml(DISCLOSURE, text)
    if isinstance(root, Fault):
        raise PolicyFaults([root])
    if faults := [*shape_faults(root, _VERSION), *_tables(root)]:
        raise PolicyFaults(faults)
    reply, complaint = root.table("reply").values, root.table("complaint").values
    unit = Unit.WORKING_DAYS if reply.get("working") else Unit.DAYS
    limit = Limit(unit, reply["days"]) if reply else None
    return PolicyDisclosure(limit, complaint.get("phone", ""), complaint.get("item", ""))


def _tables(root: Row) -> list[Fault]:
    shapes = {"reply": _REPLY, "complaint": _COMPLAINT}
    return [
        fault
        for key, shape in shapes.items()
        if isinstance(root.values.get(key), dict)
        for fault in shape_faults(root.table(key), shape)
    ]
