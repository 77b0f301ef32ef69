"""The quiet numbers of a desk: counts in the actor's scope, all asked in one query."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from anju.accounts.queries.acting import held_on
from anju.accounts.queries.people import people_for
from anju.accounts.queries.posts import posts_for
from anju.accounts.queries.recusals import recusals_for
from anju.accounts.queries.today import dormant_people
from anju.base.actor import Actor
from anju.base.models import Installation
from anju.base.trail import Sought, entries_for
from anju.places.queries.scoped import compounds_for, divisions_for, organisations_for

WEEK = timedelta(days=7)
IN_FORCE = Q(ended_on__isnull=True)
_A_TOWN = Q(level="town", awaiting=False)
_Rows = Mapping[str, Callable[[], "QuerySet[Any]"]]  # built only for the codes that are asked for


def numbers_for(actor: Actor, codes: tuple[str, ...], *, at: datetime) -> dict[str, int]:
    """Return the count behind each code."""
    if not codes:
        return {}
    rows = {**_of_places(actor), **_of_people(actor, at), **_of_trail(actor, at)}
    counts = Installation.objects.values_list(*(_count(rows[code]()) for code in codes)).first()
    return dict(zip(codes, counts or [0] * len(codes), strict=True))


def _of_places(actor: Actor) -> _Rows:
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


def _of_people(actor: Actor, at: datetime) -> _Rows:
    today = timezone.localdate(at)

    def posts() -> "QuerySet[Any]":
        return posts_for(actor).filter(held_on(today), user__is_active=True)

    return {
        "posts": posts,
        "delegated": lambda: posts().filter(delegated_from__isnull=False),
        "recusals": lambda: recusals_for(actor, on=today).filter(held_on(today)),
        "people": lambda: people_for(actor, on=today).filter(is_active=True),
        "dormant": lambda: dormant_people(actor, at),
    }


def _of_trail(actor: Actor, at: datetime) -> _Rows:
    return {
        "entries": lambda: entries_for(actor, Sought(since=at - WEEK)),
        "refused": lambda: entries_for(actor, Sought(outcome="refused", since=at - WEEK)),
    }


def _count(rows: "QuerySet[Any]") -> Coalesce:
    counted = rows.order_by().values(all=Value(1)).annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
