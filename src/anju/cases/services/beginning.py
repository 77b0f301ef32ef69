"""The first event of a case: its number, its code, its row. Called by filing, and by the act that derives one case from another."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import connection
from django.utils import timezone

from anju.base import audit
from anju.base.actor import Actor, Refused
from anju.cases.models import Case, Matter
from anju.cases.queries.catalogue import edition_in_force, matter_row, newest_version
from anju.cases.queries.places import place_of
from anju.cases.queries.published import is_hidden
from anju.cases.queries.reckoning import book_of
from anju.cases.services import keeping
from anju.cases.services.papers import Paper, keep_papers
from anju.places.models import Compound
from anju.rules.cases.decision import words
from anju.rules.cases.engine import NotAllowed, apply
from anju.rules.cases.facts import Act, Clerk, Facts, Mode, Payload
from anju.rules.cases.lookups import lookup_code, lookup_digest
from anju.rules.cases.numbers import MOST, CaseNumber
from anju.rules.cases.routing import route
from anju.rules.periods import UnknownYear

MOST_TEXT: Final = 5000
_TEXT, _PHOTO, _SCAN = "text", "photo", "scan"
_COUNT_ON: Final = (
    "insert into cases_casecounter as counter (prefix, year, last) values (%s, %s, 1)"
    " on conflict (prefix, year) do update set last = counter.last + 1 returning last"
)


@dataclass(frozen=True, slots=True)
class Beginning:
    """All that a new case is begun with. `type`: empty for that of the matter, or what a citizen's report of it runs as.

    `key` is a secret of the form it came from; the citizen's code follows from it.
    """

    role: str
    compound: Compound
    matter: Matter
    text: str
    source: str
    key: str
    type: str = ""
    spot: str = ""
    circumstances: tuple[str, ...] = ()
    papers: Sequence[Paper] = ()
    mode: Mode = Mode.HIDDEN
    reachable: bool = False
    undisclosed: bool = False
    units: frozenset[str] = frozenset()
    clerk: Clerk | None = None
    respondents: frozenset[int] = frozenset()
    parent: Case | None = None


def begin_case(actor: Actor, told: Beginning, at: datetime) -> Case:
    """Write the case with its event `submit`. Raises `Refused` and `BadFile`."""
    edition, workflow = edition_in_force()
    kept = keep_papers(actor, told.papers, at)
    book, counting = book_of(workflow)
    act = _act(actor, told, workflow.types[told.matter.type].reported_as, at)
    try:
        applied = apply(book, Facts(), act)
    except NotAllowed as no:
        why = "".join(words(reason, dict(workflow.evidence)) for reason in no.decision.reasons)
        raise Refused("case.not_allowed", why=why) from no
    except UnknownYear as unknown:
        raise Refused("case.year_unknown", year=unknown.args[0]) from unknown
    case = _row(told, edition, at)
    keeping.fill_case(case, workflow, applied.facts, provisional=counting.provisional)
    number = _next_number(workflow.types[case.type].prefix, timezone.localdate(at).year)
    case.number = str(number)
    case.lookup_digest = digest_of(case.number, code_of(told.key)) if told.role == "reporter" else ""
    case.save(force_insert=True)
    note = {_TEXT: told.text} if told.text else {}
    under = keeping.Under(filed=case.matter_version.version)
    keeping.append_event(actor, case, applied, note=note, papers=kept, key=told.key, under=under)
    keeping.mirror_tasks(case, Facts(), applied.facts, at)
    keeping.mirror_clocks(case, Facts(), applied.facts, counting.provisional)
    keeping.mirror_respondents(case, Facts(), applied.facts, applied.event)
    audit.record(actor=actor, action="case.filed", subject=case, note={"number": case.number, "as": told.role}, at=at)
    return case


def begin_derived(actor: Actor, parent: Case, case_type: str, matter: str, at: datetime) -> Case:
    """Open the case that comes out of another: same compound, spot and text, and no more public; its own matter and number."""
    rows = Matter.objects.filter(type=case_type, ended_on=None)
    found = rows.filter(code=matter).first() or rows.order_by("position").first()
    if found is None:
        raise Refused("case.matter_unknown", matter=matter)
    told = Beginning(
        role="system",
        compound=parent.compound,
        matter=found,
        text=parent.text,
        source="derived",
        key=hashlib.sha256(f"{parent.number}:{parent.version}".encode()).hexdigest(),
        spot=parent.spot,
        mode=Mode.ANONYMOUS,
        parent=parent,
    )
    return begin_case(actor, told, at)


def _act(actor: Actor, told: Beginning, reported_as: str, at: datetime) -> Act:
    row = matter_row(told.matter)
    on = timezone.localdate(at)
    place = place_of(told.compound, circumstances=frozenset(told.circumstances), respondents=told.respondents, on=on)
    way = route(row, place, confirmed=told.matter.confirmed)
    evidence = {paper.evidence for paper in told.papers} | ({_TEXT} if told.text else set())
    if told.clerk and _SCAN not in evidence:
        evidence.add("call_note")  # what was typed is the note of the call
    payload = Payload(
        type=told.type or (told.role == "reporter" and reported_as) or told.matter.type,
        matter=told.matter.code,
        compound=str(told.compound.pk),
        urgency=way.urgency,
        mode=told.mode,
        reachable=told.reachable,
        private=row.private,
        undisclosed=told.undisclosed,
        respondents=frozenset(str(pk) for pk in told.respondents),
        about=frozenset(),
    )
    person = "" if actor.user_id is None else str(actor.user_id)
    act = Act("submit", told.role, at, person, told.units, frozenset(evidence), payload, clerk=told.clerk)
    return replace(act, evidence=act.evidence | {_PHOTO}) if told.parent else act


def _row(told: Beginning, edition: int, at: datetime) -> Case:
    return Case(
        workflow_id=edition,
        matter=told.matter,
        matter_version=newest_version(told.matter),
        compound=told.compound,
        spot=told.spot,
        text=told.text,
        circumstances=list(told.circumstances),
        source=told.source,
        derived_from=told.parent,
        veiled=told.parent is not None and is_hidden(told.parent),
        filed_at=at,
    )


def _next_number(prefix: str, year: int) -> CaseNumber:
    """Count on in one statement; the row stays locked until the case is written."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_ON, [prefix, year])
        [last] = cursor.fetchone()
    if last > MOST:
        raise Refused("case.numbers_spent", year=year)
    return CaseNumber(prefix, year, last)


def code_of(key: str) -> str:
    """Return the six digits that belong to a submission: the same form sent twice shows the same code."""
    chance = hmac.new(_secret(), b"anju.cases.code:" + key.encode(), hashlib.sha256).digest()
    return lookup_code(int.from_bytes(chance[:8]))


def digest_of(number: str, code: str) -> str:
    return lookup_digest(number, code, _secret())


def _secret() -> bytes:
    return settings.SECRET_KEY.encode()
