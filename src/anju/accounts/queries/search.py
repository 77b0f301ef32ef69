"""The search of the top bar: compounds, bodies and people within what the actor may see, the first twenty of each."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q

from anju.accounts.queries.people import find_people
from anju.base.actor import Actor
from anju.places.models import CompoundAlias, OrganisationAlias
from anju.places.queries.scoped import compounds_for, organisations_for
from anju.rules.permissions import Permission

MOST = 20
LONGEST = 50


@dataclass(frozen=True, slots=True)
class Hit:
    """One row found. `note` says where it is or what it does; `also` is the other name it was found by."""

    pk: int
    name: str
    note: str
    also: str = ""
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found of one kind, and whether there is more."""

    kind: str
    rows: tuple[Hit, ...]
    more: bool


def search(actor: Actor, text: str, *, on: date) -> list[Hits]:
    """Return the kinds of which something was found, in the order compounds, bodies, people."""
    wanted = " ".join(text.split())[:LONGEST]
    if not wanted or "\x00" in wanted:
        return []
    found = [
        _hits("compound", _compounds(actor, wanted)),
        _hits("organisation", _organisations(actor, wanted)),
        _hits("person", _people(actor, wanted, on)),
    ]
    return [hits for hits in found if hits.rows]


def _hits(kind: str, rows: list[Hit]) -> Hits:
    return Hits(kind, tuple(rows[:MOST]), more=len(rows) > MOST)


def _compounds(actor: Actor, text: str) -> list[Hit]:
    spelled = text.replace(" ", "").lower()
    named = CompoundAlias.objects.filter(compound=OuterRef("pk"), name__icontains=text)
    called = Q(name__icontains=text) | Q(pinyin__icontains=spelled) | Q(initials__contains=spelled) | Exists(named)
    rows = compounds_for(actor).filter(called).select_related("division").prefetch_related("aliases")
    return [
        Hit(row.pk, row.name, row.division.name, _other(row, text), row.ended_on is not None)
        for row in rows.order_by("-ended_on", "pinyin", "id")[: MOST + 1]
    ]


def _organisations(actor: Actor, text: str) -> list[Hit]:
    spelled = text.replace(" ", "").lower()
    named = OrganisationAlias.objects.filter(organisation=OuterRef("pk"), name__icontains=text)
    called = Q(name__icontains=text) | Q(pinyin__icontains=spelled) | Q(credit_code=text.upper()) | Exists(named)
    rows = organisations_for(actor).filter(called).prefetch_related("aliases")
    return [
        Hit(row.pk, row.name, row.get_kind_display(), _other(row, text), row.ended_on is not None)
        for row in rows.order_by("-ended_on", "pinyin", "id")[: MOST + 1]
    ]


def _people(actor: Actor, text: str, on: date) -> list[Hit]:
    if not actor.may(Permission.PERSON_VIEW):
        return []
    rows = find_people(actor, text=text, state="", on=on)[: MOST + 1]
    return [Hit(row.pk, row.name, row.username, ended=not row.is_active) for row in rows]


def _other(row: object, text: str) -> str:
    """Return the alias that was found, where the name itself does not show why the row is here."""
    if text in getattr(row, "name", ""):
        return ""
    return next((alias.name for alias in row.aliases.all() if text in alias.name), "")  # type: ignore[attr-defined]
