"""A round and a survey of the demo county, made by the services that make real ones: all constructed, all labelled 示例."""

from datetime import datetime, timedelta
from typing import Final

from django.utils.timezone import localdate

from anju.base.actor import STRANGER, Actor
from anju.cases.models import Matter
from anju.cases.services.demo import acting_as
from anju.inspections.models import Channel, Round, RoundPlace
from anju.inspections.services.rounds import (
    NewRound,
    begin_round,
    file_problem,
    hand_in_opinion,
    sort_opinions,
    word_problem,
)
from anju.inspections.services.surveys import Reply, answer_survey, print_slips
from anju.places.models import Compound
from anju.rules.permissions import Permission
from anju.rules.surveys import QUESTIONS, Level

_OFFICER: Final = "chen"
_ASKED: Final = ("碧水花园", "江畔名邸")
_BEGUN, _OPEN_FOR = timedelta(days=10), timedelta(days=30)
# How it came in, what was said. The first four are one problem; the fifth is none; the others still wait for somebody.
_SAID: Final = (
    (Channel.QR, "示例：南门到3幢那段路晚上黑，老人摔过。"),
    (Channel.QR, "示例：3幢前的路灯坏了两个。"),
    (Channel.PHONE, "示例：晚上回家看不清路，希望装灯。"),
    (Channel.COUNTER, "示例：南门路灯不亮一个月了。"),
    (Channel.QR, "示例：祝大家身体健康。"),
    (Channel.QR, "示例：电动车没地方充电，都推到楼道里。"),
    (Channel.QR, "示例：充电桩太少，晚上排队。"),
    (Channel.PAPER, "示例：健身器材生锈了，小孩会割手。"),
    (Channel.PHONE, "示例：垃圾桶离1幢太近，夏天有味。"),
)
_ELSEWHERE: Final = ((Channel.QR, "示例：门口路面破了，下雨积水。"), (Channel.PHONE, "示例：想要一块晾衣服的地方。"))
_SLIPS, _ANSWERS, _FEW = 20, 24, 3
# Of each question: so many of 24 satisfied, so many fairly; of the rest two in three are not, the others do not know.
_PLEASED: Final = ((9, 9), (14, 6), (12, 6), (5, 7), (3, 6), (5, 5), (8, 8))


def load_demo_rounds(*, actor: Actor, at: datetime) -> None:
    """Ask for opinions and for satisfaction, and bring both as far as the pages show."""
    actor.require(Permission.ROUND_RUN)
    _ask_for_opinions(at - _BEGUN, at)
    _ask_how_satisfied(at - _BEGUN, at)


def _begin(kind: Round.Kind, title: str, question: str, begun: datetime) -> list[RoundPlace]:
    wanted = NewRound(
        kind,
        title,
        question,
        [Compound.objects.get(name=f"示例·{name}") for name in _ASKED],
        localdate(begun),
        localdate(begun + _OPEN_FOR),
        QUESTIONS if kind == Round.Kind.SURVEY else (),
    )
    row = begin_round(actor=acting_as(_OFFICER, begun), wanted=wanted, at=begun)
    return list(row.places.select_related("round", "compound").order_by("id"))


def _ask_for_opinions(begun: datetime, at: datetime) -> None:
    officer = acting_as(_OFFICER, at)
    question = "您觉得小区里最该先解决的是什么"
    first, second = _begin(Round.Kind.OPINIONS, "小区问题大家提（示例）", question, begun)
    said = [
        hand_in_opinion(
            actor=STRANGER if channel == Channel.QR else officer,
            place=place,
            text=text,
            key=f"demo.opinion:{place.pk}:{number}",
            channel=channel,
            at=begun + timedelta(hours=5 * number),
        )
        for place, told in ((first, _SAID), (second, _ELSEWHERE))
        for number, (channel, text) in enumerate(told)
    ]
    title = "南门至3幢路灯不亮"
    problem = word_problem(actor=officer, place=first, matter=Matter.objects.get(code="SS08"), title=title, at=at)
    sort_opinions(actor=officer, place=first, opinions=said[:4], problem=problem, reason="", at=at)
    sort_opinions(actor=officer, place=first, opinions=said[4:5], problem=None, reason="祝福，不是问题", at=at)
    file_problem(actor=officer, problem=problem, at=at)


def _ask_how_satisfied(begun: datetime, at: datetime) -> None:
    """In one compound enough answers to show, half of them by household slips; in the other too few."""
    first, second = _begin(Round.Kind.SURVEY, "物业服务满意度调查（示例）", "您对小区的物业服务满意吗", begun)
    slips = print_slips(actor=acting_as(_OFFICER, begun), place=first, count=_SLIPS, at=begun)
    for place, answers in ((first, _ANSWERS), (second, _FEW)):
        for number in range(answers):
            reply = Reply(
                {question: _level(question, number) for question in range(len(QUESTIONS))},
                slip=slips[number // 2].code if place == first and number % 2 else "",
                key=f"demo.survey:{place.pk}:{number}",
            )
            answer_survey(actor=STRANGER, place=place, reply=reply, at=begun + timedelta(hours=6 * number))


def _level(question: int, number: int) -> Level:
    good, fair = _PLEASED[question]
    if number < good:
        return Level.GOOD
    if number < good + fair:
        return Level.FAIR
    return Level.UNKNOWN if number % 3 == 0 else Level.BAD
