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
from anju.places.services.compound_merge import end_compound, merge_compounds
from anju.places.services.organisation_merge import merge_organisations
from anju.rules.permissions import Permission
from anju.rules.roles import ROLES
from anju.rules.separation import DECIDERS, Area

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


def _compound_facts(payload: Payload) -> Facts:
    facts = {"compound": _whereabouts(_row(Compound, payload["compound"]))}
    return facts | {"into": _whereabouts(_row(Compound, payload["into"]))} if "into" in payload else facts


def _whereabouts(compound: Compound) -> str:
    return f"{compound.name}（{compound.division.name}，编号 {compound.pk}）"


def _merge_compounds(actor: Actor, payload: Payload, at: datetime) -> object:
    gone, into = _row(Compound, payload["compound"]), _row(Compound, payload["into"])
    return merge_compounds(actor=actor, compound=gone, into=into, reason=payload["reason"], at=at)


def _end_compound(actor: Actor, payload: Payload, at: datetime) -> object:
    return end_compound(actor=actor, compound=_row(Compound, payload["compound"]), reason=payload["reason"], at=at)


def _about_compounds(payload: Payload) -> Touched:
    """Whoever is recused from the unit above a compound is recused from the compound."""
    ids = frozenset({payload["compound"], payload.get("into", payload["compound"])})
    units = Compound.objects.filter(pk__in=ids, supervising_unit__isnull=False)
    return Touched(compounds=ids, organisations=frozenset(units.values_list("supervising_unit_id", flat=True)))


def _organisation_facts(payload: Payload) -> Facts:
    return {key: _described(_row(Organisation, payload[key])) for key in ("organisation", "into")}


def _described(organisation: Organisation) -> str:
    return f"{organisation.name}（{organisation.get_kind_display()}，{organisation.division.name}）"


def _merge_organisations(actor: Actor, payload: Payload, at: datetime) -> object:
    gone, into = _row(Organisation, payload["organisation"]), _row(Organisation, payload["into"])
    return merge_organisations(actor=actor, organisation=gone, into=into, reason=payload["reason"], at=at)


def _about_organisations(payload: Payload) -> Touched:
    return Touched(organisations=frozenset({payload["organisation"], payload["into"]}))


_APPOINT, _EDIT, _RESET, _MERGE = (
    Permission.POST_APPOINT,
    Permission.PERSON_EDIT,
    Permission.PERSON_RESET,
    Permission.COMPOUND_MERGE,
)
_RULING, _WORK = Area.ADMINISTRATION, Area.BUSINESS

# code and its payload's keys, beside the reason that `propose` adds
_ACTS = (
    # person, role, organisation, starts_on, ends_on (a date as text, or empty)
    Act("post.appoint_administrator", _APPOINT, _RULING, _appointment_facts, _about_person, _appoint),
    # post, ends_on
    Act("post.end_administrator", _APPOINT, _RULING, _end_facts, _about_post, _end),
    # post, to (a person), on
    Act("post.hand_over_administrator", _APPOINT, _RULING, _hand_over_facts, _about_post, _hand_over),
    # person
    Act("person.disable_administrator", _EDIT, _RULING, _person_facts, _about_person, _disable),
    Act("person.reset_administrator", _RESET, _RULING, _person_facts, _about_person, _reset),
    # compound, into
    Act("compound.merge", _MERGE, _WORK, _compound_facts, _about_compounds, _merge_compounds),
    # compound
    Act("compound.end", _MERGE, _WORK, _compound_facts, _about_compounds, _end_compound),
    # organisation, into
    Act(
        "organisation.merge",
        Permission.ORGANISATION_EDIT,
        _WORK,
        _organisation_facts,
        _about_organisations,
        _merge_organisations,
    ),
)

ACTS: dict[str, Act] = {act.code: act for act in _ACTS}


def acts_of(*areas: Area) -> frozenset[str]:
    return frozenset(code for code, act in ACTS.items() if act.area in areas)


def acts_decided_by(role: str) -> frozenset[str]:
    """Return the acts for which somebody in this role can be the second person."""
    return acts_of(*(area for area, roles in DECIDERS.items() if role in roles))
