"""The acts that need two persons (双人办理): who may propose each, who decides, what is shown, and what is done.

Their words are in `web/people/words.py`. An act is carried out with the proposer's rights, as they stand at that moment, by the service
that does the same for anybody else.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from django.db.models import Model

from anju.accounts.models import Post, User
from anju.accounts.services.handover import hand_over_post
from anju.accounts.services.passwords import reset_password
from anju.accounts.services.people import disable_person
from anju.accounts.services.posts import appoint_post, end_post
from anju.base.actor import Actor, Refused
from anju.places.models import Compound, Organisation
from anju.rules.permissions import Permission
from anju.rules.roles import ROLES
from anju.rules.separation import Area

Payload = Mapping[str, Any]
Facts = dict[str, str]
Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Touched:
    """Ids of what an act is about: these people, and whoever is recused from these places, keep out of deciding it."""

    people: frozenset[int] = frozenset()
    organisations: frozenset[int] = frozenset()
    compounds: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Act:
    """`facts` names, from the rows as they stand, what the payload's ids mean: it is what the second person reads."""

    code: str
    permission: Permission
    area: Area
    facts: Callable[[Payload], Facts]
    touches: Callable[[Payload], Touched]
    carry_out: Callable[[Actor, Payload, datetime], object] = field(repr=False)


def _row(kind: type[Row], pk: object) -> Row:
    row = kind._default_manager.filter(pk=pk).first()
    if row is None:
        raise Refused("proposal.row_missing")
    return row


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _named(person: User) -> str:
    return f"{person.name}（{person.username}）"


def _appointment_facts(payload: Payload) -> Facts:
    return {
        "person": _named(_row(User, payload["person"])),
        "role": ROLES[payload["role"]].name,
        "organisation": _row(Organisation, payload["organisation"]).name,
        "starts_on": payload["starts_on"],
        "ends_on": payload["ends_on"] or "",
    }


def _appoint(actor: Actor, payload: Payload, at: datetime) -> object:
    return appoint_post(
        actor=actor,
        person=_row(User, payload["person"]),
        role=payload["role"],
        organisation=_row(Organisation, payload["organisation"]),
        starts_on=date.fromisoformat(payload["starts_on"]),
        ends_on=_day(payload["ends_on"]),
        reason=payload["reason"],
        at=at,
        approved=True,
    )


def _post_facts(payload: Payload) -> Facts:
    post = _row(Post, payload["post"])
    return {"person": _named(post.user), "role": ROLES[post.role].name, "organisation": post.organisation.name}


def _end_facts(payload: Payload) -> Facts:
    return _post_facts(payload) | {"ends_on": payload["ends_on"]}


def _end(actor: Actor, payload: Payload, at: datetime) -> object:
    post, day = _row(Post, payload["post"]), date.fromisoformat(payload["ends_on"])
    return end_post(actor=actor, post=post, ends_on=day, reason=payload["reason"], at=at, approved=True)


def _hand_over_facts(payload: Payload) -> Facts:
    return _post_facts(payload) | {"to": _named(_row(User, payload["to"])), "on": payload["on"]}


def _hand_over(actor: Actor, payload: Payload, at: datetime) -> object:
    return hand_over_post(
        actor=actor,
        post=_row(Post, payload["post"]),
        to=_row(User, payload["to"]),
        on=date.fromisoformat(payload["on"]),
        reason=payload["reason"],
        at=at,
        approved=True,
    )


def _person_facts(payload: Payload) -> Facts:
    return {"person": _named(_row(User, payload["person"]))}


def _disable(actor: Actor, payload: Payload, at: datetime) -> object:
    person = _row(User, payload["person"])
    return disable_person(actor=actor, person=person, reason=payload["reason"], at=at, approved=True)


def _reset(actor: Actor, payload: Payload, at: datetime) -> object:
    return reset_password(actor=actor, person=_row(User, payload["person"]), at=at, approved=True)


def _about_person(payload: Payload) -> Touched:
    return Touched(people=frozenset({payload["person"]}))


def _about_post(payload: Payload) -> Touched:
    holder = _row(Post, payload["post"]).user_id
    return Touched(people=frozenset({holder, payload.get("to", holder)}))


def _about_compounds(payload: Payload) -> Touched:
    ids = frozenset({payload.get("kept", payload.get("compound")), payload.get("merged", payload.get("compound"))})
    units = (
        Compound.objects.filter(pk__in=ids).exclude(supervising_unit=None).values_list("supervising_unit_id", flat=True)
    )
    return Touched(compounds=ids, organisations=frozenset(units))


def _about_organisations(payload: Payload) -> Touched:
    return Touched(organisations=frozenset({payload["kept"], payload["merged"]}))


_ADMINISTRATION = (
    Act(
        "post.appoint_administrator",
        Permission.POST_APPOINT,
        Area.ADMINISTRATION,
        _appointment_facts,
        _about_person,
        _appoint,
    ),
    Act("post.end_administrator", Permission.POST_APPOINT, Area.ADMINISTRATION, _end_facts, _about_post, _end),
    Act(
        "post.hand_over_administrator",
        Permission.POST_APPOINT,
        Area.ADMINISTRATION,
        _hand_over_facts,
        _about_post,
        _hand_over,
    ),
    Act(
        "person.disable_administrator",
        Permission.PERSON_EDIT,
        Area.ADMINISTRATION,
        _person_facts,
        _about_person,
        _disable,
    ),
    Act(
        "person.reset_administrator", Permission.PERSON_RESET, Area.ADMINISTRATION, _person_facts, _about_person, _reset
    ),
)

ACTS: dict[str, Act] = {act.code: act for act in _ADMINISTRATION}


def acts_of(area: Area) -> frozenset[str]:
    return frozenset(code for code, act in ACTS.items() if act.area is area)
