"""The quiet numbers of a desk: the rows behind each, in the actor's scope."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from anju.accounts.queries.acting import held_on
from anju.accounts.queries.people import people_for
from anju.accounts.queries.posts import posts_for
from anju.accounts.queries.recusals import recusals_for
from anju.accounts.queries.today import dormant_people, midnight
from anju.base.actor import Actor
from anju.base.composed import Rows
from anju.base.trail import Sought, entries_for
from anju.places.queries.scoped import compounds_for, divisions_for, organisations_for

WEEK = timedelta(days=7)
IN_FORCE = Q(ended_on__isnull=True)
_A_TOWN = Q(level="town", awaiting=False)


def rows_for(actor: Actor, *, on: date) -> Rows:
    """Return the rows to count, by code."""
    return {**_of_places(actor), **_of_people(actor, on), **_of_trail(actor, on)}


def _of_places(actor: Actor) -> Rows:
    compounds = compounds_for(actor).filter(IN_FORCE)
    divisions = divisions_for(actor).filter(IN_FORCE)
    organisations = organisations_for(actor).filter(IN_FORCE)
    inhabited = Exists(compounds.filter(division__path__startswith=OuterRef("path")))
    return {
        "compounds": lambda: compounds,
        "mine": lambda: compounds,
        "unmanaged": lambda: compounds.filter(service_state="unmanaged"),
        "unknown": lambda: compounds.filter(Q(service_state="unknown") | Q(kind="unknown")),
        "old": lambda: compounds.filter(kind="old"),
        "towns": lambda: divisions.filter(inhabited, _A_TOWN),
        "communities": lambda: divisions.filter(level="community"),
        "organisations": lambda: organisations,
        "companies": lambda: organisations.filter(kind="company"),
        "committees": lambda: organisations.filter(kind="committee"),
    }


def _of_people(actor: Actor, today: date) -> Rows:
    def posts() -> "QuerySet[Any]":
        return posts_for(actor).filter(held_on(today), user__is_active=True)

    return {
        "posts": posts,
        "delegated": lambda: posts().filter(delegated_from__isnull=False),
        "recusals": lambda: recusals_for(actor, on=today).filter(held_on(today)),
        "people": lambda: people_for(actor, on=today).filter(is_active=True),
        "dormant": lambda: dormant_people(actor, on=today),
    }


def _of_trail(actor: Actor, today: date) -> Rows:
    since = midnight(today - WEEK)
    return {
        "entries": lambda: entries_for(actor, Sought(since=since)),
        "refused": lambda: entries_for(actor, Sought(outcome="refused", since=since)),
    }
