"""Filing a problem, and what a citizen does to his own: join, nudge, supplement, rate, withdraw, ask to reopen.

A stranger files without an account. Afterwards he holds a number and a code; `lookups` opens the case with them.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import uuid4

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.crypto import constant_time_compare, salted_hmac

from anju.base import audit
from anju.base.actor import STRANGER, Actor, Denied, Refused
from anju.cases.models import Case, CaseEvent, CaseParty, Matter
from anju.cases.queries.catalogue import OTHER, catalogue_in_force, workflow_of_case
from anju.cases.queries.published import is_hidden
from anju.cases.queries.reckoning import units_of
from anju.cases.services.acting import Wish, apply_wish, around_of, locked_case, send_back
from anju.cases.services.beginning import MOST_TEXT, Beginning, begin_case, code_of, digest_of
from anju.cases.services.papers import MOST, Paper
from anju.places.models import Compound
from anju.rules.cases.facts import Act, Clerk, Mode, Payload
from anju.rules.cases.identity import DEFAULT_MODE
from anju.rules.cases.roles import ENTERED_BY, played_by_post
from anju.rules.names import BadName, plain_words, tidy_name
from anju.rules.permissions import Permission
from anju.rules.phones import BadPhone, normalise_phone

# Where a problem comes from. Those in `_VOICES` carry the words of a citizen, whoever types them.
SOURCES: Final[dict[str, str]] = {
    "qr": "扫码反映",
    "web": "网页反映",
    "counter": "窗口反映（代录）",
    "phone": "电话反映（代录）",
    "hotline": "12345 转办",
    "round": "公示征集",
    "patrol": "巡查发现",
    "survey": "排查发现",
    "inspection": "检查发现",
    "company": "物业企业报告",
    "superior": "上级交办",
    "derived": "由别的事派生",
}
_VOICES: Final = frozenset({"qr", "web", "counter", "phone", "hotline", "round"})
_OWN_ROLES: Final = ("intake", "community", "town", "handler", "supervisor", "company", "owners_org")
_BODIES: Final = frozenset({"company", "owners_org"})
_LONGEST_KEY, _SHORTEST_KEY = 64, 16
_MOST_SPOT: Final = 100


@dataclass(frozen=True, slots=True)
class Filing:
    """A problem as it is told. `matter` empty: 其他; `type` empty: its matter's.

    `key`: a random token of the form (16 to 64 characters); the same key is one case.

    `respondents`: ids of the organisations it is about, where that is known. `undisclosed`: to be counted only, not shown to everyone.
    `phone` and `name` are kept apart from the case.
    """

    compound: Compound
    matter: str = ""
    type: str = ""
    circumstances: tuple[str, ...] = ()
    text: str = ""
    spot: str = ""
    files: tuple[Paper, ...] = ()
    mode: Mode = DEFAULT_MODE
    phone: str = ""
    name: str = ""
    source: str = "web"
    respondents: frozenset[int] = frozenset()
    undisclosed: bool = False
    key: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the one who filed takes away. `code` is empty for a case of the office's own; `again`: it was filed before."""

    case: Case
    number: str
    code: str
    again: bool = False


def submit_case(*, actor: Actor, filing: Filing, at: datetime) -> Receipt:
    """File a problem once: the same form sent again gives the same receipt. Raises `Refused`, `BadFile`.

    A stranger speaks for himself. Who signs in needs CASE_FILE, and enters a citizen's words from counter, telephone or 12345 as 代录.
    """
    if actor.user_id is not None:
        actor.require(Permission.CASE_FILE)
    elif actor is not STRANGER and actor.role != "system":
        raise Denied(Permission.CASE_FILE)
    key = _key(filing.key)
    try:
        with transaction.atomic():
            return _filed_before(key) or _file(actor, filing, key, at)
    except IntegrityError:
        found = _filed_before(key)
        if found is None:
            raise
        return found


def _key(given: str) -> str:
    key = given or uuid4().hex
    if not (_SHORTEST_KEY <= len(key) <= _LONGEST_KEY and key.isascii() and key.isprintable()):
        raise Refused("case.bad_form")
    return key


def _filed_before(key: str) -> Receipt | None:
    event = CaseEvent.objects.filter(key=key, seq=1).select_related("case").first()
    return replace(_receipt(event.case, key), again=True) if event else None


def _receipt(case: Case, key: str) -> Receipt:
    return Receipt(case, case.number, code_of(key) if case.lookup_digest else "")


def _file(actor: Actor, filing: Filing, key: str, at: datetime) -> Receipt:
    text, phone, name = _checked(filing)
    role, clerk = _voice(actor, filing.source)
    told = Beginning(
        role=role,
        compound=filing.compound,
        matter=_matter(filing.matter),
        type=filing.type,
        text=text,
        source=filing.source,
        key=key,
        spot=filing.spot.strip(),
        circumstances=tuple(code for code in filing.circumstances if code in catalogue_in_force().circumstances),
        papers=filing.files,
        mode=filing.mode,
        reachable=role == "reporter" and (bool(phone) or filing.mode is not Mode.ANONYMOUS),
        units=frozenset() if role == "reporter" else units_of(actor.organisation_id),
        clerk=clerk,
        respondents=filing.respondents,
        undisclosed=filing.undisclosed and role == "reporter",
    )
    case = begin_case(actor, told, at)
    CaseParty.objects.create(
        case=case,
        role=CaseParty.Role.REPORTER,
        organisation_id=actor.organisation_id if role in _BODIES else None,
        user_id=None if role == "reporter" else actor.user_id,
        name="" if filing.mode is Mode.ANONYMOUS else name,
        phone=phone,
        added_at=at,
    )
    return _receipt(case, key)


def _checked(filing: Filing) -> tuple[str, str, str]:
    if filing.compound.ended_on is not None:
        raise Refused("place.ended", name=filing.compound.name)
    if filing.source not in SOURCES:
        raise Refused("case.bad_form")
    if len(filing.files) > MOST:
        raise Refused("case.too_many_files", limit=MOST)
    text = plain_words(filing.text).strip()
    if len(text) > MOST_TEXT or len(filing.spot.strip()) > _MOST_SPOT:
        raise Refused("case.text_too_long", limit=MOST_TEXT if len(text) > MOST_TEXT else _MOST_SPOT)
    if "\0" in text + filing.spot:
        raise Refused("case.bad_text")
    try:
        return text, normalise_phone(filing.phone), tidy_name(filing.name) if filing.name.strip() else ""
    except BadPhone as bad:
        raise Refused("person.bad_phone") from bad
    except BadName as bad:
        raise Refused("person.bad_name", limit=50) from bad


def _matter(code: str) -> Matter:
    row = Matter.objects.filter(code=code or OTHER, ended_on=None).first()
    if row is None:
        raise Refused("case.matter_unknown", matter=code or OTHER)
    return row


def _voice(actor: Actor, source: str) -> tuple[str, Clerk | None]:
    """Return the role a problem is told in, and who types it where that is another."""
    if actor.user_id is None:
        return "reporter" if actor.role != "system" else "system", None
    own = played_by_post(actor.role)
    if source in _VOICES:
        clerks = sorted(own & ENTERED_BY["reporter"])
        if not clerks:
            raise Refused("case.may_not_enter")
        return "reporter", Clerk(clerks[0], units_of(actor.organisation_id))
    role = next((role for role in _OWN_ROLES if role in own), None)
    if role is None:
        raise Denied(Permission.CASE_FILE)
    return role, None


@transaction.atomic
def join_case(*, actor: Actor, case: Case, household: str, phone: str = "", at: datetime) -> Case:
    """我也遇到了: counted once a household, or once a device where no household is told (`household` is either, in any form)."""
    row = locked_case(case.pk)
    if row.kind not in ("open", "waiting") or is_hidden(row):
        raise Refused("case.not_joinable")
    once = salted_hmac("anju.cases.joined", household, algorithm="sha256").hexdigest()
    if not household or row.parties.filter(role=CaseParty.Role.JOINED, once=once).exists():
        raise Refused("case.joined_already")
    try:
        number = normalise_phone(phone)
    except BadPhone as bad:
        raise Refused("person.bad_phone") from bad
    CaseParty.objects.create(case=row, role=CaseParty.Role.JOINED, phone=number, once=once, added_at=at)
    Case.objects.filter(pk=row.pk).update(joined=F("joined") + 1)
    audit.record(actor=actor, action="case.joined", subject=row, note={"number": row.number}, at=at)
    row.joined += 1
    return row


def holds(case: Case, code: str) -> bool:
    """Say whether the code is the one of this case; a case of the office's own has none. Counting guesses is for `lookups`."""
    return bool(case.lookup_digest) and constant_time_compare(digest_of(case.number, code), case.lookup_digest)


@transaction.atomic
def act_as_reporter(*, actor: Actor, case: Case, code: str, wish: Wish, at: datetime) -> Case:
    """Apply an act of the reporter, who shows number and code. Raises `Refused("case.no_such_number")` where they do not fit."""
    row = locked_case(case.pk)
    if not holds(row, code):
        raise Refused("case.no_such_number")
    act = Act(
        wish.transition,
        "reporter",
        at,
        evidence=wish.evidence,
        payload=wish.payload,
        around=around_of(row, wish.payload),
    )
    return apply_wish(actor, row, wish, [act], at)


def nudge_case(*, actor: Actor, case: Case, code: str, at: datetime) -> Case:
    """催单: heard once in two working days, never moves a deadline."""
    return act_as_reporter(actor=actor, case=case, code=code, wish=Wish("nudge"), at=at)


def rate_case(*, actor: Actor, case: Case, code: str, score: int, reason: str = "", at: datetime) -> Case:
    """Rate 1 to 5. A low rating makes the case be done again once, by the unit that led it; the next is heard by a supervisor."""
    if not 1 <= score <= 5:
        raise Refused("case.bad_form")
    note = {"reason": reason.strip() or "未写理由"}
    payload = Payload(score=score)
    if score >= workflow_of_case(case).limits.satisfied_from:
        return act_as_reporter(actor=actor, case=case, code=code, wish=Wish("rate_ok", payload, note), at=at)
    try:
        with transaction.atomic():
            row = act_as_reporter(actor=actor, case=case, code=code, wish=Wish("rate_bad", payload, note), at=at)
            return send_back(row, at)
    except Refused as refusal:
        if refusal.code != "case.not_allowed":
            raise
        wish = Wish("rate_unsettled", payload, note)
        return act_as_reporter(actor=actor, case=case, code=code, wish=wish, at=at)


def provide_info(
    *, actor: Actor, case: Case, code: str, text: str, files: tuple[Paper, ...] = (), at: datetime
) -> Case:
    """补正: what was asked for, as words, pictures or both (a file's evidence is `supplement`)."""
    wish = Wish("provide_info", note={"supplement": text}, files=files)
    return act_as_reporter(actor=actor, case=case, code=code, wish=wish, at=at)


def withdraw_case(*, actor: Actor, case: Case, code: str, at: datetime) -> Case:
    """Withdraw a complaint, or step back from a lead or hazard, which goes on without its reporter."""
    act = "step_back" if case.type in ("enforcement_lead", "hazard") else "withdraw"
    return act_as_reporter(actor=actor, case=case, code=code, wish=Wish(act), at=at)


def ask_privacy(*, actor: Actor, case: Case, code: str, wanted: bool, at: datetime) -> Case:
    """申请不公开, or 同意公开 again: what was released is taken back at once."""
    wish = Wish("ask_privacy" if wanted else "drop_privacy")
    return act_as_reporter(actor=actor, case=case, code=code, wish=wish, at=at)


def reopen_own_case(*, actor: Actor, case: Case, code: str, facts: str, at: datetime) -> Case:
    wish = Wish("reopen", note={"new_facts": facts})
    return act_as_reporter(actor=actor, case=case, code=code, wish=wish, at=at)
