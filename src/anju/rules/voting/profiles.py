"""The rules by which owners decide together, as dated and cited data.

A result is read by the rule of its own day: the notice of an assembly fixes the profile, and an old result stays readable.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

CIVIL_CODE = "《中华人民共和国民法典》"
INTERPRETATION = "《最高人民法院关于审理建筑物区分所有权纠纷案件适用法律若干问题的解释》（2020年修正）"
REGULATION = "《物业管理条例》（2018年修订）"


class Matter(StrEnum):
    """Which majority a matter needs. 民法典 278 第二款: items 6 to 8 are special, all others ordinary."""

    ORDINARY = "ordinary"
    SPECIAL = "special"


class Whole(StrEnum):
    """Of whom consent is a share: those who took part (民法典 278), or all owners (the rule before 2021)."""

    PARTICIPANTS = "participants"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Threshold:
    """A share of a whole: at least it (以上, which includes the number: 民法典 1259) or strictly more (过半数)."""

    numerator: int
    denominator: int
    inclusive: bool
    words: str

    def is_met(self, have: int, of: int) -> bool:
        """Say whether `have` of `of` is enough, by cross multiplication: never by a rounded percentage."""
        left, right = have * self.denominator, of * self.numerator
        return left >= right if self.inclusive else left > right

    def least(self, of: int) -> int:
        """Return the smallest whole number that is enough of `of`."""
        full, rest = divmod(of * self.numerator, self.denominator)
        return full + (rest > 0) if self.inclusive else full + 1


@dataclass(frozen=True, slots=True)
class Item:
    """One matter that the law gives to the owners together, with the majority it needs."""

    code: str
    words: str
    matter: Matter


@dataclass(frozen=True, slots=True)
class Profile:
    """One rule of decision: its days, its thresholds, its articles. `version` grows when this data is corrected."""

    code: str
    version: int
    title: str
    valid_from: date
    valid_to: date | None
    participation: Threshold
    consent: Mapping[Matter, Threshold]
    consent_of: Whole
    items: tuple[Item, ...]
    participation_article: str
    consent_article: Mapping[Matter, str]
    citations: tuple[str, ...]

    def matter_of(self, code: str) -> Matter:
        """Return the majority that item `code` needs. Raises `KeyError` for an item this rule does not know."""
        return {item.code: item.matter for item in self.items}[code]


_TWO_THIRDS = Threshold(2, 3, inclusive=True, words="三分之二")
_HALF = Threshold(1, 2, inclusive=False, words="一半")
_THREE_QUARTERS = Threshold(3, 4, inclusive=True, words="四分之三")

CIVIL_CODE_278 = Profile(
    code="civil-code-278",
    version=1,
    title=f"{CIVIL_CODE}第二百七十八条",
    valid_from=date(2021, 1, 1),
    valid_to=None,
    participation=_TWO_THIRDS,
    consent={Matter.ORDINARY: _HALF, Matter.SPECIAL: _THREE_QUARTERS},
    consent_of=Whole.PARTICIPANTS,
    items=(
        Item("1", "制定和修改业主大会议事规则", Matter.ORDINARY),
        Item("2", "制定和修改管理规约", Matter.ORDINARY),
        Item("3", "选举业主委员会或者更换业主委员会成员", Matter.ORDINARY),
        Item("4", "选聘和解聘物业服务企业或者其他管理人", Matter.ORDINARY),
        Item("5", "使用建筑物及其附属设施的维修资金", Matter.ORDINARY),
        Item("6", "筹集建筑物及其附属设施的维修资金", Matter.SPECIAL),
        Item("7", "改建、重建建筑物及其附属设施", Matter.SPECIAL),
        Item("8", "改变共有部分的用途或者利用共有部分从事经营活动", Matter.SPECIAL),
        Item("9", "有关共有和共同管理权利的其他重大事项", Matter.ORDINARY),
    ),
    participation_article="民法典第二百七十八条第二款、第一千二百五十九条",
    consent_article={
        Matter.ORDINARY: "民法典第二百七十八条第二款",
        Matter.SPECIAL: "民法典第二百七十八条第二款、第一千二百五十九条",
    },
    citations=(
        f"{CIVIL_CODE}第二百七十八条第二款",
        f"{CIVIL_CODE}第一千二百五十九条（“以上”包括本数）",
        f"{INTERPRETATION}第八条（面积怎么算）",
        f"{INTERPRETATION}第九条（人数怎么算）",
    ),
)

REGULATION_2018 = Profile(
    code="regulation-2018",
    version=1,
    title=f"{REGULATION}第十二条",
    valid_from=date(2018, 3, 19),
    valid_to=date(2020, 12, 31),
    participation=_HALF,
    consent={Matter.ORDINARY: _HALF, Matter.SPECIAL: Threshold(2, 3, inclusive=True, words="三分之二")},
    consent_of=Whole.ALL,
    items=(
        Item("1", "制定和修改业主大会议事规则", Matter.ORDINARY),
        Item("2", "制定和修改管理规约", Matter.ORDINARY),
        Item("3", "选举业主委员会或者更换业主委员会成员", Matter.ORDINARY),
        Item("4", "选聘和解聘物业服务企业", Matter.ORDINARY),
        Item("5", "筹集和使用专项维修资金", Matter.SPECIAL),
        Item("6", "改建、重建建筑物及其附属设施", Matter.SPECIAL),
        Item("7", "有关共有和共同管理权利的其他重大事项", Matter.ORDINARY),
    ),
    participation_article="物业管理条例第十二条第一款",
    consent_article={
        Matter.ORDINARY: "物业管理条例第十二条第三款",
        Matter.SPECIAL: "物业管理条例第十二条第三款",
    },
    citations=(f"{REGULATION}第十二条第一款、第三款（2021年起由民法典第二百七十八条取代，只用于看懂以前的结果）",),
)

PROFILES: Mapping[str, Profile] = {profile.code: profile for profile in (CIVIL_CODE_278, REGULATION_2018)}


def profile_on(day: date) -> Profile:
    """Return the rule in force on the day the notice was issued. Raises `LookupError` before the first rule kept here."""
    for profile in PROFILES.values():
        if profile.valid_from <= day and (profile.valid_to is None or day <= profile.valid_to):
            return profile
    raise LookupError(day)
