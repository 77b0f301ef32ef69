"""The registry in Chinese: groups, kinds of doubt, why a company could be the one, and how a value is shown."""

from dataclasses import dataclass
from datetime import date

from anju.registry.models import Fact, Indicator
from anju.registry.queries.companies import Candidate
from anju.registry.queries.sides import value_of_row
from anju.rules.facts import UNKNOWN
from anju.rules.lists.readings import Answer, Value, Words
from anju.rules.lists.spoken import spoken
from anju.rules.masking import PERSONAL, masked_text

GROUPS: dict[str, str] = {
    "place": "位置",
    "management_area": "物业管理区域",
    "service": "物业服务",
    "committee": "业主委员会",
    "party": "党的工作",
    "company": "企业和项目负责人",
    "fee": "服务标准和收费",
}
_WHY_ALIKE: dict[str, str] = {
    "same_credit_code": "信用代码相同",
    "same_name": "名称相同",
    "same_alias": "与它的别名相同",
    "company_name": "只是写法不同",
    "company_core": "字号相同",
    "company_branch": "像是它的分支机构",
    "company_of_branch": "像是它所属的公司",
    "company_sister": "像是同一公司的另一分支机构",
    "credit_code_differs": "但信用代码不同",
}
SHOWS: dict[str, str] = {"conflict": "来源不一致", "unconfirmed": "待确认", "stale": "过期未核实"}
ANSWERS = (("有", "有"), ("无", "无"), ("未知", "未知"), ("不适用", "不适用"))
_TRI = {"yes": "yes", "no": "no", "not_applicable": "na"}


@dataclass(frozen=True, slots=True)
class Shown:
    """A value as a page shows it: `tri` for the four answers, else `text`; `personal`: it is masked."""

    text: str
    tri: str = ""
    personal: bool = False
    known: bool = True


def shown(value: Value, indicator: Indicator) -> Shown:
    """Return how a value is shown to everyone who may see it. Names and numbers of people are always masked here."""
    if isinstance(value, Answer):
        return Shown(spoken(value), _TRI.get(value.code, UNKNOWN), known=value.code != UNKNOWN)
    if isinstance(value, Words) and indicator.type in PERSONAL:
        return Shown(masked_text(value.text, indicator.type), personal=True)
    return Shown(spoken(value, indicator.unit))


def shown_row(row: object, indicator: Indicator) -> Shown:
    """The same for a row that keeps a value: a cell, a fact."""
    return shown(value_of_row(row, indicator.type), indicator)


def named_value(fact: Fact) -> str:
    """Return 户数 1,086户, as a sentence names a value."""
    return f"{fact.indicator.name} {shown_row(fact, fact.indicator).text}"


def aged(days: int) -> str:
    return f"超过{days}天未核实"


def is_stale(stale_on: date | None, today: date) -> bool:
    return stale_on is not None and stale_on <= today


def why_alike(found: Candidate) -> str:
    return "，".join(_WHY_ALIKE[code] for code in found.why)
