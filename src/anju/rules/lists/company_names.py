"""Which company of ours a name may mean. Only the credit code says that two are one; by name there are candidates, and a person decides.

《企业名称登记管理规定》 art. 6: a name is 行政区划名称, 字号, 行业 and 组织形式; lists leave out or change any of them but the 字号.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from anju.rules.lists.matching import LIKELY, NONE, OFFERED, SAME, Candidate, Match, Reason
from anju.rules.lists.names import name_key
from anju.rules.lists.text import plain

_BOXED: Final = re.compile(r"[(\[【][^()\[\]【】]{1,10}[)\]】]")
_FORM: Final = re.compile("(?:股份|集团)*(?:有限责任公司|有限公司|公司)$|股份$")
_TRADE: Final = re.compile("物业(?:服务|管理|经营)*(?:集团)?$")
_BRANCH: Final = re.compile(
    r"(.{2,}?(?:公司|集团))\(?([^()]{0,15}?(?:分公司|分部|项目部|管理处|服务中心|服务处))\)?|(.{2,}?物业(?:服务|管理)*)(.{1,12}分公司)"
)
_LEAST: Final = 2


@dataclass(frozen=True, slots=True)
class KnownCompany:
    """An organisation that we have."""

    pk: int
    name: str
    aliases: tuple[str, ...] = ()
    credit_code: str = ""


def company_key(name: str, places: Collection[str] = ()) -> str:
    """Return what spellings of one name share: 甲物业服务（示例）有限责任公司 and 甲物业服务有限公司.

    `places`: names of divisions that a name may begin with and lists leave out.
    """
    text = plain(name)
    key = name_key(_BOXED.sub("", text)) or name_key(text)
    key = _FORM.sub("", key) or key
    for place in sorted(places, key=len, reverse=True):
        if place and key.startswith(place) and len(key) >= len(place) + _LEAST:
            return key.removeprefix(place)
    return key


def company_core(name: str, places: Collection[str] = ()) -> str:
    """Return the 字号 of a company, without 物业服务 and the like: 甲乙 of 甲乙物业服务有限公司; "" where less than two signs are left."""
    core = _TRADE.sub("", company_key(name, places))
    return core if len(core) >= _LEAST else ""


def branch_of(name: str) -> tuple[str, str] | None:
    """Return the company and the branch of a branch's name (甲物业有限公司示例分公司); None for what is none. A branch is no
    person of its own (公司法 art. 13: the company bears what its branch does).
    """
    found = _BRANCH.fullmatch("".join(plain(name).split()))
    return (found[1] or found[3], found[2] or found[4]) if found else None


class CompanyIndex:
    """All known companies, to be asked name by name."""

    def __init__(self, companies: Iterable[KnownCompany], places: Collection[str] = ()) -> None:
        self._places = frozenset(places)
        self._by_code: dict[str, KnownCompany] = {}
        self._by_name: dict[tuple[str, str], list[KnownCompany]] = {}
        for company in companies:
            if company.credit_code:
                self._by_code[company.credit_code] = company
            for kind, key in dict.fromkeys(self._known_as(company)):
                self._by_name.setdefault((kind, key), []).append(company)

    def match(self, name: str, credit_code: str = "") -> Match:
        """Return the company of the credit code, which is the same, or else those that the name may mean, the likeliest first."""
        if credit_code and (company := self._by_code.get(credit_code)):
            return Match(SAME, (_candidate(company, Reason("same_credit_code", (("name", company.name),))),))
        found: dict[int, Candidate] = {}
        for reason, company in self._candidates(name):
            contradicted = bool(credit_code and company.credit_code)
            if company.pk not in found and not (contradicted and reason in {"company_name", "company_core"}):
                reasons = [Reason(reason, (("name", company.name),))]
                if contradicted and reason in {"same_name", "same_alias"}:
                    reasons.append(Reason("credit_code_differs", (("known", company.credit_code),)))
                found[company.pk] = _candidate(company, *reasons)
        return Match(LIKELY, tuple(found.values())[:OFFERED]) if found else Match(NONE)

    def _known_as(self, company: KnownCompany) -> Iterator[tuple[str, str]]:
        yield "name", name_key(company.name)
        for alias in company.aliases:
            yield "alias", name_key(alias)
        for name in (company.name, *company.aliases):
            branch = branch_of(name)
            whole = branch[0] if branch else name
            yield ("branch" if branch else "key"), company_key(whole, self._places)
            if not branch and (core := company_core(name, self._places)):
                yield "core", core

    def _candidates(self, name: str) -> Iterator[tuple[str, KnownCompany]]:
        """Yield reasons and companies from the surest to the vaguest."""
        branch = branch_of(name)
        key = company_key(branch[0] if branch else name, self._places)
        asked = [("same_name", "name", name_key(name)), ("same_alias", "alias", name_key(name))]
        if branch:
            asked += [("company_branch", "key", key), ("company_sister", "branch", key)]
        else:
            asked += [("company_name", "key", key), ("company_of_branch", "branch", key)]
            asked.append(("company_core", "core", company_core(name, self._places)))
        for reason, kind, text in asked:
            for company in self._by_name.get((kind, text), ()):
                yield reason, company


def _candidate(company: KnownCompany, *reasons: Reason) -> Candidate:
    return Candidate(company.pk, company.name, reasons)
