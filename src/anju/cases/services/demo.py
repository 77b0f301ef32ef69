"""Cases of the demo county, made by the services that make real ones: all constructed, all labelled 示例."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from django.utils import timezone

from anju.accounts.models import Post, User
from anju.accounts.queries.acting import actor_of
from anju.base.actor import STRANGER, SYSTEM, Actor
from anju.cases.models import Case
from anju.cases.queries.places import units_by_code
from anju.cases.services.acting import Clearing, Wish, act_on_case
from anju.cases.services.filing import Filing, Receipt, join_case, nudge_case, rate_case, submit_case
from anju.cases.services.sweeping import sweep_cases
from anju.places.models import Compound, Organisation
from anju.rules.cases.facts import Payload
from anju.rules.cases.workflow import Urgency
from anju.rules.permissions import Permission

_HOUSEHOLDS: Final = ("示例3幢201", "示例3幢302", "示例5幢101")


@dataclass(frozen=True, slots=True)
class _Step:
    """Who (a username), what, so many days after the filing; `until` and `meets_at` so many days after that.

    `lead` and `unit` are codes of units or names of bodies.
    """

    who: str
    act: str
    days: float
    note: Mapping[str, str] = field(default_factory=dict)
    told: Mapping[str, Any] = field(default_factory=dict)
    enter_for: str = ""


def _accept(urgency: str = "b", who: str = "wei", days: float = 0.1) -> _Step:
    note = {"duplicates": "是"} | ({"emergency_call": "已转告 119"} if urgency == "a" else {})
    return _Step(who, "accept", days, note, {"urgency": Urgency(urgency)})


def _dispatch(lead: str, days: float = 0.2) -> _Step:
    return _Step("chen", "dispatch", days, told={"lead": lead})


_SIGN: Final = _Step("mo", "sign", 0.4)
_RESULT: Final = _Step(
    "mo",
    "report_result",
    2,
    {"reply_text": "已责令改正并退还多收的费用。", "no_photo_reason": "与现场无关"},
    {"outcome": "solved"},
)
_CHECK: Final = _Step("wu", "verify_pass", 3, {"call_note": "电话核实，已退还。"})
_BY_PAPER: Final = {"scan": "回执（示例）"}
# matter, compound, spot, words, days ago, what was done
_CASES: Final[tuple[tuple[str, str, str, str, float, tuple[_Step, ...]], ...]] = (
    ("SF01", "碧水花园", "物业服务中心", "示例：装修押金扣着不退。", 20, (_accept(), _dispatch("market"), _SIGN, _RESULT, _CHECK)),
    ("SF03", "碧水花园", "南门收费亭", "示例：停车收费没有公示价格。", 12, (_accept(), _dispatch("market"), _SIGN, _RESULT)),
    ("SF01", "江畔名邸", "", "示例：公摊水电费说不清。", 10, (_accept(), _dispatch("market"), _SIGN, _RESULT, _CHECK)),
    (
        "SF03", "金桂园", "地下车库入口", "示例：临时停车费没有标价牌。", 9,
        (
            _accept(), _dispatch("market"), _SIGN,
            _Step("mo", "ask_suspension", 1, {"reason": "等价格备案", "public_note": "等备案后办理"}, {"until": 20}),
            _Step("chen", "suspend", 2, {"approval_basis": "价格备案须 20 日"}, {"until": 20}),
        ),
    ),
    ("SF01", "桂湖新城", "", "示例：物业费涨价没有说明。", 45, (_accept(), _dispatch("market"), _SIGN)),
    (
        "WL03", "碧水花园", "3幢2单元天台", "示例：天台正在搭建，用的是彩钢板。", 6,
        (
            _accept(who="wu"),
            _Step("chen", "order_dissuade", 0.2, {"dissuasion_order": "请先劝阻并拍照"}, {"unit": "示例物业公司"}),
            _Step("li", "dissuade", 0.3, {"dissuasion_record": "上门劝阻，当事人不停工"}, {"dissuasion": "refused"}),
            _Step(
                "li", "transfer", 0.35, {"dissuasion_record": "两次劝阻无效"},
                {"dissuasion": "in_vain", "lead": "law_enforcement"},
            ),
            _Step("chen", "sign", 0.5, _BY_PAPER, enter_for="handler"),
            _Step(
                "chen", "convene_joint", 1, {"meeting_place": "示例，3幢天台", "division": "各查各的"},
                {"helpers": "natural_resources", "meets_at": 1},
            ),
        ),
    ),
    ("YJ06", "碧水花园", "北门消防车道", "示例：消防车道停满了车。", 0.05, (_accept("a", days=0.01),)),
    ("SS24", "碧水花园", "2幢垃圾房", "示例：垃圾两天没有清运。", 0.2, (_accept(), _dispatch("law_enforcement"))),
    ("PC08", "江畔名邸", "", "示例：门禁坏了一个星期。", 0.2, ()),
    ("SS07", "江畔名邸", "", "示例：路面破了。", 2, (_Step("wei", "ask_info", 0.3, {"missing_list": "请写明是哪一段路，附一张照片"}),)),
    (
        "JF01", "碧水花园", "", "示例：与物业就漏水赔偿有争议。", 8,
        (
            _accept(), _dispatch("town"), _Step("wei", "sign", 0.5),
            _Step("wei", "start_mediation", 2, {"consent_both": "双方同意（示例）"}),
        ),
    ),
    (
        "TC06", "金桂园", "", "示例：问停车位租金。", 15,
        (_Step("wei", "reject", 0.5, {"reason": "属市场自主定价", "where_to_go": "请与出租人协商"}),),
    ),
    ("SS08", "碧水花园", "1幢楼道", "示例：路灯不亮。", 0.3, ()),
)  # fmt: skip


def load_demo_cases(*, actor: Actor, at: datetime) -> None:
    """File constructed problems and bring each to the state it shows."""
    actor.require(Permission.CASE_FILE)
    compounds = {row.name: row for row in Compound.objects.filter(name__startswith="示例·")}
    for number, (matter, compound, spot, text, ago, steps) in enumerate(_CASES):
        filed_at = at - timedelta(days=ago)
        told = Filing(
            compounds[f"示例·{compound}"],
            matter,
            text=text,
            spot=spot,
            source="qr",
            name="示例业主",
            phone=f"1350001{number:04}",
        )
        receipt = submit_case(actor=STRANGER, filing=told, at=filed_at)
        for step in steps:
            _do(receipt.case.pk, step, filed_at, at)
        _ending(number, receipt, filed_at)
    sweep_cases(actor=SYSTEM, at=at)


def _do(pk: int, step: _Step, filed_at: datetime, latest: datetime) -> None:
    case = Case.objects.select_related("matter", "compound").get(pk=pk)
    told = dict(step.told)
    for name in ("lead", "unit"):
        if name in told:
            told[name] = _unit(told[name], case)
    if "helpers" in told:
        told["helpers"] = (_unit(told["helpers"], case),)
    for name in ("until", "meets_at"):
        if name in told:
            told[name] = filed_at + timedelta(days=step.days + told[name])
    if step.act == "accept":
        told["matter"] = case.matter.code
    cleared = Clearing(case.text) if step.act == "accept" else None
    wish = Wish(step.act, Payload(**told), step.note, enter_for=step.enter_for, cleared=cleared)
    at = min(filed_at + timedelta(days=step.days), latest)
    act_on_case(actor=acting_as(step.who, at), case=case, wish=wish, version=case.version, at=at)


def _unit(told: str, case: Case) -> str:
    codes = units_by_code()
    row = codes[told] if told in codes else Organisation.objects.get(name=told)
    return str(row.pk)


def acting_as(username: str, at: datetime) -> Actor:
    person = User.objects.get(username=username)
    on = timezone.localdate(at)
    post = Post.objects.filter(user=person, delegated_from=None).order_by("id").first()
    return actor_of(person, chosen_post=post.pk if post else None, on=on)


def _ending(number: int, receipt: Receipt, filed_at: datetime) -> None:
    """The first is rated, the fifth is nudged and met by neighbours too."""
    case = Case.objects.get(pk=receipt.case.pk)
    if number == 0:
        rate_case(actor=STRANGER, case=case, code=receipt.code, score=5, at=filed_at + timedelta(days=4))
    if number == 4:
        nudge_case(actor=STRANGER, case=case, code=receipt.code, at=filed_at + timedelta(days=30))
        for household in _HOUSEHOLDS:
            join_case(actor=STRANGER, case=case, household=household, at=filed_at + timedelta(days=5))
