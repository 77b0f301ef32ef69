"""今日: what of people, posts and places is due for one actor. A bounded number of queries, each composed once a day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, TextField, Value, When, Window
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, RowNumber
from django.utils import timezone

from anju.accounts.models import Post, User
from anju.accounts.queries.people import people_for
from anju.accounts.queries.posts import posts_for
from anju.accounts.queries.proposals import waiting_for
from anju.accounts.queries.recusals import recusals_for
from anju.accounts.queries.separation import holdings_on
from anju.base.actor import Actor
from anju.base.composed import composed
from anju.base.queries.calendar import years_known
from anju.places.queries.scoped import compounds_for
from anju.rules.permissions import Permission
from anju.rules.roles import ADMINISTRATORS, ROLES
from anju.rules.separation import gaps
from anju.rules.workdays.years import years_to_confirm

SOON = timedelta(days=30)
LAPSED = timedelta(days=30)
DORMANT = timedelta(days=14)
EACH = 8  # rows of one kind; the rest is one line with a link


class Kind(StrEnum):
    """What kind of thing is due."""

    PROPOSAL = "proposal"
    POST = "post"
    DELEGATION = "delegation"
    LAPSED = "lapsed"
    RECUSAL = "recusal"
    GAP = "gap"
    AWAITING = "awaiting"
    UNMANAGED = "unmanaged"
    UNKNOWN = "unknown"
    DORMANT = "dormant"
    CALENDAR = "calendar"


@dataclass(frozen=True, slots=True)
class Task:
    """One row of the worklist. `kind` is a member of its app's own `Kind`. `due` is the last day, None where nobody has set one.

    `own`: it is about the actor. `person` and `body` are whom and where a post is about. `left`: this row stands for so many more
    of its kind.
    """

    kind: str
    pk: int | None = None
    due: date | None = None
    since: date | None = None
    what: str = ""
    place: str = ""
    other: str = ""
    own: bool = False
    person: int | None = None
    body: int | None = None
    left: int = 0


def tasks_for(actor: Actor, *, acts: frozenset[str], at: datetime) -> Iterator[Task]:
    """Yield what is due. `acts` are those the actor may decide."""
    today = timezone.localdate(at)
    yield from _proposals(actor, acts)
    yield from _posts(actor, today)
    yield from _recusals(actor, today)
    yield from _gaps(actor, today)
    yield from _compounds(actor)
    yield from _dormant(actor, today)
    yield from _calendar(actor, today)


def _proposals(actor: Actor, acts: frozenset[str]) -> Iterator[Task]:
    if not actor.may(Permission.PROPOSAL_DECIDE):
        return
    rows = _waiting(actor, acts)
    for pk, act, proposed_at, proposer, about in rows[:EACH]:
        # What tells it apart stands in brackets behind the name, on the proposal's page.
        place = about.split("（", 1)[0]
        yield Task(Kind.PROPOSAL, pk, since=timezone.localdate(proposed_at), what=act, place=place, other=proposer)
    if len(rows) > EACH:
        yield Task(Kind.PROPOSAL, left=len(rows) - EACH)


@composed
def _waiting(actor: Actor, acts: frozenset[str]) -> "QuerySet[Any, Any]":
    named = (KT(f"payload__facts__{key}") for key in ("compound", "organisation", "person"))
    rows = waiting_for(actor, acts).order_by("id").annotate(about=Coalesce(*named, Value("", TextField())))
    return rows.values_list("id", "act", "proposed_at", "proposed_by__name", "about")[: EACH + 1]


def _posts(actor: Actor, today: date) -> Iterator[Task]:
    for row in _ending(actor, today):
        yield _post_task(actor, _Ending(*row), today)


class _Ending(NamedTuple):
    """A post that ends or has ended, as far as its row needs it."""

    pk: int
    user: int
    name: str
    role: str
    organisation: int
    organisation_name: str
    delegated_from: int | None
    ends_on: date
    place: str


_ENDING = (
    "id",
    "user_id",
    "user__name",
    "role",
    "organisation_id",
    "organisation__name",
    "delegated_from_id",
    "ends_on",
)


@composed
def _ending(actor: Actor, today: date) -> "QuerySet[Any, Any]":
    """Posts of the scope that end within thirty days, and those that ended and that nobody has taken up."""
    ending = Q(ends_on__gt=today, ends_on__lte=today + SOON)
    over = Q(ends_on__lte=today, ends_on__gt=today - LAPSED, delegated_from__isnull=True)
    lapsed = over & Q(ends_on__gt=F("starts_on"))
    rows = posts_for(actor).filter(ending | (lapsed & ~Exists(_successors(today))), starts_on__lte=today)
    placed = rows.filter(organisation__ended_on__isnull=True).annotate(
        place=Coalesce("compound__name", "division__name", Value(""))
    )
    return placed.order_by("ends_on", "id").values_list(*_ENDING, "place")[: 3 * EACH]


def _successors(today: date) -> "QuerySet[Post]":
    return Post.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=today),
        role=OuterRef("role"),
        organisation=OuterRef("organisation"),
        user__is_active=True,
    ).filter(Q(compound=OuterRef("compound")) | Q(compound__isnull=True))


def _post_task(actor: Actor, post: _Ending, today: date) -> Task:
    kind = Kind.DELEGATION if post.delegated_from else Kind.POST
    return Task(
        kind=kind if post.ends_on > today else Kind.LAPSED,
        pk=post.pk,
        due=post.ends_on - timedelta(days=1),
        what=f"{post.name}·{ROLES[post.role].name}",
        place=post.place,
        other=post.organisation_name,
        own=post.user == actor.user_id,
        person=post.user,
        body=post.organisation,
    )


def _recusals(actor: Actor, today: date) -> Iterator[Task]:
    """Recusals that run out: somebody should ask whether the reason has gone."""
    if not (actor.may(Permission.POST_RECUSE) or actor.may(Permission.POST_APPOINT)):
        return
    for user, name, ends_on, about in _recusals_ending(actor, today):
        due = ends_on - timedelta(days=1)
        yield Task(Kind.RECUSAL, due=due, what=name, place=about, own=user == actor.user_id)


@composed
def _recusals_ending(actor: Actor, today: date) -> "QuerySet[Any, Any]":
    ending = recusals_for(actor, on=today).filter(ends_on__gt=today, ends_on__lte=today + SOON)
    about = Coalesce("compound__name", "organisation__name", Value(""))
    return ending.order_by("ends_on", "id").values_list("user_id", "user__name", "ends_on", about)[:EACH]


def _gaps(actor: Actor, today: date) -> Iterator[Task]:
    """Posts without which duties are not apart, said to those who look after the whole county."""
    if not (actor.may(Permission.POST_VIEW) and actor.scope.everything):
        return
    for gap in gaps(holdings_on(today)):
        yield Task(Kind.GAP, what=gap.value)


def _calendar(actor: Actor, today: date) -> Iterator[Task]:
    """Years of the working-day calendar that should have been confirmed: this one, and from 15 December the next (rules.workdays).

    A county that has loaded none of it yet hears so on its page and from `anju check`.
    """
    if not (actor.may(Permission.CALENDAR_EDIT) or actor.may(Permission.CALENDAR_CONFIRM)):
        return
    known = dict(years_known(actor))
    confirmed = {year for year, is_confirmed in known.items() if is_confirmed}
    for year in years_to_confirm(confirmed, today) if known else ():
        yield Task(Kind.CALENDAR, due=date(year - 1, 12, 31), what=str(year))


def _compounds(actor: Actor) -> Iterator[Task]:
    """Compounds whose identity is not settled, to those who register or verify them."""
    if not actor.may(Permission.COMPOUND_VIEW) or actor.role in ADMINISTRATORS or not _tends(actor):
        return
    for kind, position, count, pk, name, division in _unsettled(actor):
        yield Task(kind, pk, what=name, place=name, other="" if kind == Kind.AWAITING else division)
        if position == EACH and count > EACH:
            yield Task(kind, left=count - EACH)


@composed
def _unsettled(actor: Actor) -> "QuerySet[Any, Any]":
    """The first few of each kind, with their place among their kind and how many it has."""
    named = Case(
        When(division__awaiting=True, then=Value(Kind.AWAITING.value)),
        When(service_state="unmanaged", supervising_unit__isnull=True, then=Value(Kind.UNMANAGED.value)),
        When(Q(service_state="unknown") | Q(kind="unknown"), then=Value(Kind.UNKNOWN.value)),
    )
    rows = compounds_for(actor).filter(ended_on__isnull=True).annotate(task=named).filter(task__isnull=False)
    numbered = rows.annotate(
        position=Window(RowNumber(), partition_by=F("task"), order_by=[F("pinyin").asc(), F("id").asc()]),
        of_kind=Window(Count("id"), partition_by=F("task")),
    ).filter(position__lte=EACH)
    columns = ("task", "position", "of_kind", "id", "name", "division__name")
    return numbered.order_by("task", "position").values_list(*columns)


def _tends(actor: Actor) -> bool:
    return actor.scope.everything or bool(actor.scope.divisions)


def _dormant(actor: Actor, today: date) -> Iterator[Task]:
    """People who were given an account two weeks ago and have never used it."""
    if not (actor.may(Permission.PERSON_VIEW) and (actor.may(Permission.PERSON_EDIT) or not actor.scope.everything)):
        return
    found = _longest_dormant(actor, today)
    for pk, name, created, _ in found:
        yield Task(Kind.DORMANT, pk, since=timezone.localdate(created), what=name)
    if found and found[0][3] > EACH:
        yield Task(Kind.DORMANT, left=found[0][3] - EACH)


@composed
def _longest_dormant(actor: Actor, today: date) -> "QuerySet[Any, Any]":
    rows = dormant_people(actor, on=today).annotate(in_all=Window(Count("id")))
    return rows.order_by("created_at", "id").values_list("id", "name", "created_at", "in_all")[:EACH]


def dormant_people(actor: Actor, *, on: date) -> "QuerySet[User]":
    """Return people the actor may see who have never signed in though their account was made two weeks ago or earlier."""
    after = midnight(on - DORMANT + timedelta(days=1))
    return people_for(actor, on=on).filter(created_at__lt=after, last_login__isnull=True, is_active=True)


def midnight(day: date) -> datetime:
    """Return the moment at which a day of the county begins."""
    return timezone.make_aware(datetime.combine(day, time.min))
