"""The column of property companies: a company's name, or words that say who looks after the compound instead."""

import re
from collections.abc import Collection
from typing import Final

from anju.rules.lists.names import read_organisation
from anju.rules.lists.readings import Doubtful, Known, Missing, Reading, Service, Words
from anju.rules.lists.text import plain

OWNERS, COMMUNITY, UNIT, UNMANAGED, UNKNOWN, COMPANY = "owners", "community", "unit", "unmanaged", "unknown", "company"
_FIRM: Final = re.compile("公司|集团|物业(?:服务|管理)?(?:处|部|站|所|中心)$")
_NO_COMPANY: Final = (
    r"(?:该小区|本小区|小区|目前|暂时|现|暂)*(?:无|没有?|未|不)(?:聘请?|引进|有|设|选聘|进驻|入驻)*(?:任何|专业|正规|专门)?"
    r"(?:物业(?:服务|管理)*(?:公司|企业|单位|人员|服务|管理)*|物管(?:公司)?|公司)(?:管理|服务|入驻|进驻)?"
)
_ABANDONED: Final = re.compile(r"失管|弃管|脱管|无人(?:管理|看管|管)|没人管|无管理|没有管理")
_SELF: Final = r"(?:自管|自治|自筹|自理|自聘|自建|自行管理|管理|代管|托管|负责|兜底|选定.*)"
_OWNERS: Final = (
    rf"(?:该|本)?(?:小区)?(?:全体)?(?:业主|屋主|房主|住户|居民|户主)(?:们|大会)?{_SELF}+(?:物业)?"
    rf"|.{{0,20}}(?:业委会|业主委员会|物管会|物业管理委员会){_SELF}*"
)
_COMMUNITY: Final = (
    r".{0,20}(?:社区|居委会?|居民委员会|村委会?|村民委员会|街道(?:办事?处?)?|镇政府|乡政府){1,2}"
    rf"(?:居?委员?会|物业)?(?:管理处)?{_SELF}*"
)
_UNIT: Final = (
    r"(?:.{0,20}(?:单位|学校|医院|厂|局|院|部队|集体|党派机关|出版社|电视台|生活部)(?:集体|宿舍|后勤|安保处|办公室|机关)*)"
    rf"(?:内部)?{_SELF}*(?:处|科)?"
)
_STATES: Final = ((OWNERS, re.compile(_OWNERS)), (COMMUNITY, re.compile(_COMMUNITY)), (UNIT, re.compile(_UNIT)))
_BARE_SELF: Final = re.compile(
    rf"(?:小区|物业|大厦|大厦物业|自己|自)?{_SELF.replace('管理|', '')}(?:物业)?|自管|自主管理"
)
_PRIVATE: Final = re.compile(r"私人|个人|个体|承包|承办|开发商|建设单位|房开")
_LONGEST_STATE: Final = 60
_ADDRESS: Final = re.compile(r"(?:路|街|巷|大道|区|村|园).{0,20}(?:\d+号|交汇处|交叉口|交口|旁|对面|附近)$")


def read_company(raw: str, *, headings: Collection[str] = ()) -> Reading:
    """Read a cell of property companies as who looks after the compound.

    无物业 says that there is no company, not that the compound is 失管: somebody may look after it. Its state stays unknown.
    """
    bare = plain(raw).strip("-.,、 ")
    if 0 < len(bare) <= _LONGEST_STATE and (state := _state(bare)):
        return state
    reading = read_organisation(raw, headings=headings)
    if not isinstance(reading, Known | Doubtful):
        return reading
    words = reading.value if isinstance(reading, Known) else reading.proposed
    if not isinstance(words, Words):
        return reading
    service = Service(COMPANY, words.text)
    if isinstance(reading, Doubtful):
        return Doubtful(reading.reason, service, reading.found)
    if _ADDRESS.search(bare) and not _FIRM.search(bare):
        return Doubtful("wrong_kind", found="address")
    return Known(service, reading.note)


def _state(bare: str) -> Reading | None:
    """Return the state of service that the words tell; None where they name a company or tell nothing."""
    if bare in {"无", "没有"}:
        return Known(Service(UNKNOWN), bare)
    if _FIRM.search(bare) and not re.fullmatch(_NO_COMPANY, bare):
        return None
    if _ABANDONED.search(bare):
        return Known(Service(UNMANAGED), bare)
    without = re.match(_NO_COMPANY, bare)
    rest = bare[without.end() :].strip(" ,、。;:()") if without else bare
    if without and not rest:
        return Known(Service(UNKNOWN), bare)
    for state, words in _STATES:
        if words.fullmatch(rest):
            return Known(Service(state), bare)
    return _self_managed(rest, bare) or (Missing(bare) if without else None)


def _self_managed(rest: str, bare: str) -> Reading | None:
    """自管 does not say by whom; 私人承办物业 and 开发商自管 fit none of the states."""
    if _PRIVATE.search(rest) and re.search("物业|自管|管理", rest):
        return Doubtful("service_unclear", Service(UNKNOWN), bare)
    if _BARE_SELF.fullmatch(rest):
        return Doubtful("service_unclear", Service(OWNERS), bare)
    return None
