"""What the citizen of a case does to it: one button each. Returns the sentence that says it was done."""

from collections.abc import Callable
from datetime import datetime
from typing import BinaryIO, cast

from django.utils import timezone

from anju.base.actor import Refused
from anju.cases.models import Case
from anju.cases.services.filing import ask_privacy, nudge_case, provide_info, rate_case, reopen_own_case, withdraw_case
from anju.cases.services.papers import Paper
from anju.cases.services.rating import add_reason
from anju.rules.names import plain_words
from anju.web.citizen.forms import LONGEST_NOTE, MOST_PHOTOS
from anju.web.doors import ActorRequest

SCORES = {"good": 5, "fair": 3, "bad": 1}
Act = Callable[[ActorRequest, Case, str, datetime], str]


def do_act(request: ActorRequest, case: Case, code: str) -> str:
    """Do what the pressed button says. Raises `Refused`, `BadFile`."""
    pressed = next((name for name in _ACTS if name in request.POST), None)
    if pressed is None:
        raise Refused("case.bad_form")
    return _ACTS[pressed](request, case, code, timezone.now())


def _nudge(request: ActorRequest, case: Case, code: str, at: datetime) -> str:
    nudge_case(actor=request.actor, case=case, code=code, at=at)
    return "催过了，办的人和督办的人都会看到。"


def _rate(request: ActorRequest, case: Case, code: str, at: datetime) -> str:
    score = SCORES.get(request.POST["rate"])
    if score is None:
        raise Refused("case.bad_form")
    rate_case(actor=request.actor, case=case, code=code, score=score, reason=_words(request, "why"), at=at)
    return "记下了，退回去重办，并换人核查。" if score == SCORES["bad"] else "记下了，谢谢您。"


def _tell_why(request: ActorRequest, case: Case, code: str, at: datetime) -> str:
    add_reason(actor=request.actor, case=case, code=code, reason=request.POST["because"][:40], at=at)
    return "原因记下了。"


def _supply(request: ActorRequest, case: Case, code: str, at: datetime) -> str:
    handed = [file for file in request.FILES.getlist("photo") if file.name][:MOST_PHOTOS]
    files = tuple(Paper("supplement", file.name or "", cast(BinaryIO, file), images_only=True) for file in handed)
    text = _words(request, "text")
    if not text and not files:
        raise Refused("filing.nothing_added")
    provide_info(actor=request.actor, case=case, code=code, text=text, files=files, at=at)
    return "补上了，接着办。"


def _withdraw(request: ActorRequest, case: Case, code: str, at: datetime) -> str:
    withdraw_case(actor=request.actor, case=case, code=code, at=at)
    return "好的，按您说的不办了。"


def _reopen(request: ActorRequest, case: Case, code: str, at: datetime) -> str:
    facts = _words(request, "facts")
    if not facts:
        raise Refused("filing.nothing_added")
    reopen_own_case(actor=request.actor, case=case, code=code, facts=facts, at=at)
    return "重新办了，编号不变。"


def _hide(request: ActorRequest, case: Case, code: str, at: datetime) -> str:
    ask_privacy(actor=request.actor, case=case, code=code, wanted=True, at=at)
    return "好的，这件事不公开，只计数。"


def _show(request: ActorRequest, case: Case, code: str, at: datetime) -> str:
    ask_privacy(actor=request.actor, case=case, code=code, wanted=False, at=at)
    return "记下了，办结并审查以后可以公开，不会写您是谁、住哪里。"


def _words(request: ActorRequest, name: str) -> str:
    text = plain_words(request.POST.get(name, "")).strip()
    if len(text) > LONGEST_NOTE:
        raise Refused("filing.too_long", limit=LONGEST_NOTE, count=len(text))
    if any(ord(sign) < 32 and sign not in "\n\r\t" for sign in text):
        raise Refused("case.bad_text")
    return text


_ACTS: dict[str, Act] = {
    "nudge": _nudge,
    "rate": _rate,
    "because": _tell_why,
    "supply": _supply,
    "withdraw": _withdraw,
    "reopen": _reopen,
    "hide": _hide,
    "show": _show,
}
