"""The quiet numbers of a desk: counts in the actor's scope, all asked in one query."""

from collections.abc import Mapping
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
_Rows = Mapping[str, "QuerySet[Any]"]


def numbers_for(actor: Actor, codes: tuple[str, ...], *, at: datetime) -> dict[str, int]:
    """Return the count behind each code."""
    if not codes:
        return {}
    rows = {**_of_places(actor), **_of_people(actor, at), **_of_trail(actor, at)}
    counts = Installation.objects.values_list(*(_count(rows[code]) for code in codes)).first()
    return dict(zip(codes, counts or [0] * len(codes), strict=True))


def _of_places(actor: Actor) -> _Rows:
    compounds = compounds_for(actor).filter(IN_FORCE)
    divisions = divisions_for(actor).filter(IN_FORCE)
    organisations = organisations_for(actor).filter(IN_FORCE)
    return {
        "compounds": compounds,
        "mine": compounds,
        "unmanaged": compounds.filter(service_state="unmanaged"),
        "unknown": compounds.filter(Q(service_state="unknown") | Q(kind="unknown")),
        "old": compounds.filter(kind="old"),
        "towns": divisions.filter(Exists(compounds.filter(division__path__startswith=OuterRef("path"))), _A_TOWN),
        "communities": divisions.filter(level="community"),
        "organisations": organisations,
        "companies": organisations.filter(kind="company"),
        "committees": organisations.filter(kind="committee"),
    }


def _of_people(actor: Actor, at: datetime) -> _Rows:
    today = timezone.localdate(at)
    posts = posts_for(actor).filter(held_on(today), user__is_active=True)
    return {
        "posts": posts,
        "delegated": posts.filter(delegated_from__isnull=False),
        "recusals": recusals_for(actor, on=today).filter(held_on(today)),
        "people": people_for(actor, on=today).filter(is_active=True),
        "dormant": dormant_people(actor, at),
    }


def _of_trail(actor: Actor, at: datetime) -> _Rows:
    return {
        "entries": entries_for(actor, Sought(since=at - WEEK)),
        "refused": entries_for(actor, Sought(outcome="refused", since=at - WEEK)),
    }


def _count(rows: "QuerySet[Any]") -> Coalesce:
    counted = rows.order_by().values(all=Value(1)).annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
