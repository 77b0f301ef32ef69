"""The worklist and the quiet numbers of people, posts and places in Chinese: what each row says, where its one action leads."""

from dataclasses import dataclass

from anju.accounts.queries.today import Kind
from anju.rules.permissions import Permission as P
from anju.rules.separation import Gap
from anju.web.home.section import Line, Number, Way
from anju.web.people.words import ACTS, GAPS


def _act(code: str) -> str:
    return ACTS.get(code, code)


def _gap(code: str) -> str:
    return GAPS[Gap(code)][0]


def _compound(says: str, act: str, rest: str, unsettled: str) -> Line:
    return Line(
        "小区",
        says,
        Way("places:compound", one=True),
        act,
        Way("places:compound_edit", one=True),
        P.COMPOUND_EDIT,
        rest=rest,
        rest_way=Way("places:compounds", query=(("unsettled", unsettled),)),
    )


_MINE = Way("people:mine")
_APPOINT = Way("people:appoint", query=(("organisation", "{task.body}"),))

LINES: dict[str, Line] = {
    Kind.PROPOSAL: Line(
        "双人复核",
        "复核：{what}",
        Way("people:proposal", one=True),
        "复核",
        permission=P.PROPOSAL_DECIDE,
        rest="另有 {left} 件待复核",
        rest_way=Way("people:proposals"),
        spell=_act,
    ),
    Kind.POST: Line(
        "岗位",
        "{what}将到期，确定是否续任",
        Way("people:posts", query=(("show", "ending"), ("q", "{task.other}"))),
        "续任",
        Way("people:appoint", query=(("organisation", "{task.body}"), ("person", "{task.person}"))),
        P.POST_APPOINT,
        own="您的岗位将到期，请提醒本县续任或交接",
        own_way=_MINE,
    ),
    Kind.DELEGATION: Line(
        "代理",
        "{what}的代理将到期",
        Way("people:posts", query=(("show", "delegated"), ("q", "{task.other}"))),
        own="您代理的岗位将到期",
        own_way=_MINE,
    ),
    Kind.LAPSED: Line(
        "岗位",
        "{what}已到期，没有人接任",
        Way("people:posts", query=(("q", "{task.other}"),)),
        "任命",
        _APPOINT,
        P.POST_APPOINT,
    ),
    Kind.RECUSAL: Line(
        "回避",
        "{what}的回避将到期，确认原因是否消除",
        Way("people:recusals"),
        own="您的回避将到期，原因还在的请重新登记",
    ),
    Kind.GAP: Line(
        "岗位", "{what}", Way("people:separation"), "任命", Way("people:appoint"), P.POST_APPOINT, spell=_gap
    ),
    Kind.AWAITING: _compound("确定所属乡镇和社区", "归属", "另有 {left} 个小区待定乡镇", "awaiting"),
    Kind.UNMANAGED: _compound("失管，确定由哪个单位兜底", "确定", "另有 {left} 个失管小区没有定兜底单位", "unmanaged"),
    Kind.UNKNOWN: _compound("核实小区类型和管理状态", "核实", "另有 {left} 个小区待核实", "unknown"),
    Kind.DORMANT: Line(
        "人员",
        "{what}领了账号还没有登录过",
        Way("people:person", one=True),
        rest="另有 {left} 人没有登录过",
        rest_way=Way("people:people"),
    ),
    Kind.CALENDAR: Line(
        "日历",
        "{what}年工作日历还没有确认，期限只能暂估",
        Way("calendar:year", query=(("year", "{task.what}"),)),
        "登记",
        permission=P.CALENDAR_EDIT,
    ),
}


NUMBERS: dict[str, Number] = {
    "compounds": Number("小区", "个", "places:compounds", P.COMPOUND_VIEW, note="分属 {0} 个乡镇", beside="towns"),
    "mine": Number("我负责的小区", "个", "places:compounds", P.COMPOUND_VIEW),
    "unmanaged": Number("失管小区", "个", "places:compounds", P.COMPOUND_VIEW, "service_state=unmanaged"),
    "unknown": Number(
        "待核实小区", "个", "places:compounds", P.COMPOUND_VIEW, "unsettled=unknown", "类型或管理状态未定"
    ),
    "old": Number("老旧小区", "个", "places:compounds", P.COMPOUND_VIEW, "kind=old"),
    "companies": Number("物业服务企业", "家", "places:organisations", P.ORGANISATION_VIEW, "kind=company"),
    "committees": Number("业委会、物管会", "个", "places:organisations", P.ORGANISATION_VIEW, "kind=committee"),
    "organisations": Number("单位", "个", "places:organisations", P.ORGANISATION_VIEW),
    "communities": Number("社区（村）", "个", "places:divisions", P.DIVISION_VIEW),
    "posts": Number("在任岗位", "个", "people:posts", P.POST_VIEW, note="代理 {0}", beside="delegated"),
    "people": Number("可登录人员", "人", "people:people", P.PERSON_VIEW),
    "dormant": Number("从未登录", "人", "people:people", P.PERSON_VIEW, note="领账号已满 14 日"),
    "recusals": Number("回避", "项", "people:recusals", P.POST_VIEW),
    "entries": Number("近 7 日审计记录", "条", "trail:entries", P.AUDIT_READ),
    "refused": Number("近 7 日被拒绝", "条", "trail:entries", P.AUDIT_READ, "outcome=refused"),
}

_COUNTY = ("compounds", "unmanaged", "unknown", "companies", "committees", "posts")
_PLACE = ("compounds", "unmanaged", "unknown", "old", "companies", "committees")
SHOWN: dict[str, tuple[str, ...]] = {
    "bureau_officer": _COUNTY,
    "bureau_reviewer": _COUNTY,
    "county_supervisor": _COUNTY,
    "town_officer": _PLACE,
    "community_worker": _PLACE,
    "system_admin": ("people", "dormant", "organisations", "communities", "posts"),
    "security_admin": ("posts", "people", "recusals"),
    "audit_admin": ("entries", "refused", "posts"),
    "department_officer": (),
    "company_admin": (),
    "": ("mine",),
}


@dataclass(frozen=True, slots=True)
class Empty:
    """What the desk says when nothing is due, and the one page that is worth opening then."""

    title: str
    text: str
    label: str
    url: str
    permission: P


_NOTHING = "眼下没有要办的事"
_COMPOUNDS = ("看小区", "places:compounds", P.COMPOUND_VIEW)
EMPTY: dict[str, Empty] = {
    "bureau_officer": Empty(
        _NOTHING,
        "岗位到期、失管小区没有定兜底单位、小区待核实，会按期限排在这里。",
        "登记小区",
        "places:compounds",
        P.COMPOUND_EDIT,
    ),
    "bureau_reviewer": Empty(
        _NOTHING, "经办人提出要两个人办的事，会排在这里等您复核。", "看双人复核", "people:proposals", P.POST_VIEW
    ),
    "county_supervisor": Empty(_NOTHING, "失管小区和空缺的岗位会排在这里。", *_COMPOUNDS),
    "town_officer": Empty(_NOTHING, "本乡镇的小区有待核实、失管没有定兜底单位的，会排在这里。", *_COMPOUNDS),
    "community_worker": Empty(_NOTHING, "本社区（村）的小区有待核实的，会排在这里。", *_COMPOUNDS),
    "department_officer": Empty(
        _NOTHING,
        "交给本单位办的事会按期限排在这里。",
        "看问题清单",
        "cases:list",
        P.CASE_VIEW,
    ),
    "company_admin": Empty(
        _NOTHING,
        "交给本企业劝阻、整改的事会排在这里。合同备案、公示以后也在这里，这部分还没有上线。",
        "看本企业",
        "places:organisations",
        P.ORGANISATION_VIEW,
    ),
    "project_manager": Empty(
        _NOTHING, "交给您劝阻、整改的事会排在这里。公示以后也在这里，这部分还没有上线。", *_COMPOUNDS
    ),
    "committee_member": Empty(_NOTHING, "换届、业主大会和公示以后会排在这里，这部分功能还没有上线。", *_COMPOUNDS),
    "supervising_clerk": Empty(_NOTHING, "本单位负责的小区有要办的事，会排在这里。", *_COMPOUNDS),
    "system_admin": Empty(
        _NOTHING, "领了账号两周没有登录的人、空缺的管理员岗位，会排在这里。", "登记人员", "people:people", P.PERSON_EDIT
    ),
    "security_admin": Empty(
        _NOTHING, "将到期的岗位、空缺的岗位、等您复核的事，会排在这里。", "看岗位", "people:posts", P.POST_VIEW
    ),
    "audit_admin": Empty(
        _NOTHING, "请隔几天看一遍审计记录，留意“被拒绝”的，并校验一次。", "看审计记录", "trail:entries", P.AUDIT_READ
    ),
    "": Empty(_NOTHING, "交给您办的事会按期限排在这里。", "看责任清单", "places:policy", P.POLICY_VIEW),
}
