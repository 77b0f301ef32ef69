"""What each role sees of the person who reported, in the three modes (个人信息保护法 6, 25; 方案二(二)5 泄露、报复).

Hidden from the respondent is the default. A company never learns who reported, not even when the reporter gave his name to the
office; nor does anybody of a unit that the case is about. Revealing is an act of its own, with a reason, in the trail.
"""

from enum import IntEnum
from typing import Final

from anju.rules.cases.facts import Mode

DEFAULT_MODE: Final = Mode.HIDDEN


class Sight(IntEnum):
    """How much is shown. LABEL: that there is somebody. MASKED: surname and covered number. REVEALABLE: masked, and more by a logged
    act. FULL: one's own.
    """

    NOTHING = 0
    LABEL = 1
    MASKED = 2
    REVEALABLE = 3
    FULL = 4


_NEVER: Final = frozenset({"company", "owners_org"})
# role: named, hidden. Anonymous has no name to show.
_TABLE: Final[dict[str, tuple[Sight, Sight]]] = {
    "intake": (Sight.REVEALABLE, Sight.REVEALABLE),
    "supervisor": (Sight.REVEALABLE, Sight.REVEALABLE),
    "dispatcher": (Sight.MASKED, Sight.MASKED),
    "handler": (Sight.MASKED, Sight.LABEL),
    "unit_lead": (Sight.MASKED, Sight.LABEL),
    "mediator": (Sight.MASKED, Sight.LABEL),
    "community": (Sight.MASKED, Sight.LABEL),
    "town": (Sight.MASKED, Sight.LABEL),
    "station": (Sight.LABEL, Sight.LABEL),
    "court": (Sight.LABEL, Sight.LABEL),
    "reviewer": (Sight.LABEL, Sight.LABEL),
}
LABELS: Final[dict[Mode, str]] = {
    Mode.NAMED: "实名反映人",
    Mode.HIDDEN: "反映人（身份保密）",
    Mode.ANONYMOUS: "匿名反映人",
}


def sight(role: str, mode: Mode, *, is_respondent: bool = False, is_reporter: bool = False) -> Sight:
    """Return what a role sees. `is_respondent`: of a unit the case is about; `is_reporter`: it is their own case."""
    if is_reporter:
        return Sight.FULL
    if is_respondent or role in _NEVER or role not in _TABLE:
        return Sight.NOTHING
    if mode is Mode.ANONYMOUS:
        return Sight.LABEL
    named, hidden = _TABLE[role]
    return named if mode is Mode.NAMED else hidden


def may_reveal(role: str, mode: Mode, *, is_respondent: bool = False) -> bool:
    """Say whether a role may uncover the reporter, giving a reason."""
    return sight(role, mode, is_respondent=is_respondent) is Sight.REVEALABLE


def masked_name(name: str) -> str:
    """Return the surname with a star for every other character; 欧阳 and the like are not told apart."""
    return name[:1] + "*" * (len(name) - 1)
