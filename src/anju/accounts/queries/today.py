"""今日: what is due for one actor, and the quiet numbers beside it. A bounded number of queries, whatever the rows."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from anju.accounts.models import Post, Proposal, User
from anju.accounts.queries.people import people_for
from anju.accounts.queries.posts import posts_for
from anju.accounts.queries.proposals import waiting_for
from anju.accounts.queries.recusals import recusals_for
from anju.accounts.queries.separation import holdings_on
from anju.base.actor import Actor
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
    """One row of the worklist. `due` is the last day, None where nobody has set one; `own`: it is about the actor.

    `person` and `body` are whom and where a post is about. `left`: this row stands for so many more of its kind.
    """

    kind: Kind
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


def tasks_for(actor: Actor, *, acts: frozenset[str], at: datetime) -> list[Task]:
    """Return what is due, by its last day; what has none comes last, in the order of `Kind`. `acts` are those the actor may decide."""
    today = timezone.localdate(at)
    found = [
        *_proposals(actor, acts),
        *_posts(actor, today),
        *_recusals(actor, today),
        *_gaps(actor, today),
        *_compounds(actor),
        *_dormant(actor, at),
        *_calendar(actor, today),
    ]
    order = list(Kind)
    return sorted(found, key=lambda task: (task.due or date.max, order.index(task.kind), bool(task.left)))


def _proposals(actor: Actor, acts: frozenset[str]) -> Iterator[Task]:
    if not actor.may(Permission.PROPOSAL_DECIDE):
        return
    rows = list(waiting_for(actor, acts).order_by("id")[: EACH + 1])
    for row in rows[:EACH]:
        since, other = timezone.localdate(row.proposed_at), row.proposed_by.name
        yield Task(Kind.PROPOSAL, row.pk, since=since, what=row.act, place=_about(row), other=other)
    if len(rows) > EACH:
        yield Task(Kind.PROPOSAL, left=len(rows) - EACH)


def _about(proposal: Proposal) -> str:
    """Return the name of what the act is about; what tells it apart stands in brackets behind it, on the proposal's page."""
    facts = proposal.payload.get("facts", {})
    named = (facts[key] for key in ("compound", "organisation", "person") if key in facts)
    return str(next(named, "")).split("（", 1)[0]


def _posts(actor: Actor, today: date) -> Iterator[Task]:
    """Posts of the scope that end within thirty days, and those that ended and that nobody has taken up."""
    ending = Q(ends_on__gt=today, ends_on__lte=today + SOON)
    over = Q(ends_on__lte=today, ends_on__gt=today - LAPSED, delegated_from__isnull=True)
    lapsed = over & Q(ends_on__gt=F("starts_on"))
    rows = posts_for(actor).filter(ending | (lapsed & ~Exists(_successors(today))), starts_on__lte=today)
    for post in rows.filter(organisation__ended_on__isnull=True).order_by("ends_on", "id")[: 3 * EACH]:
        yield _post_task(actor, post, today)


def _successors(today: date) -> "QuerySet[Post]":
    return Post.objects.filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=today),
        role=OuterRef("role"),
        organisation=OuterRef("organisation"),
        user__is_active=True,
    ).filter(Q(compound=OuterRef("compound")) | Q(compound__isnull=True))


def _post_task(actor: Actor, post: Post, today: date) -> Task:
    kind = Kind.DELEGATION if post.delegated_from_id else Kind.POST
    ends_on = post.ends_on or today
    place = post.compound or post.division
    return Task(
        kind=kind if ends_on > today else Kind.LAPSED,
        pk=post.pk,
        due=ends_on - timedelta(days=1),
        what=f"{post.user.name}·{ROLES[post.role].name}",
        place=place.name if place else "",
        other=post.organisation.name,
        own=post.user_id == actor.user_id,
        person=post.user_id,
        body=post.organisation_id,
    )


def _recusals(actor: Actor, today: date) -> Iterator[Task]:
    """Recusals that run out: somebody should ask whether the reason has gone."""
    if not (actor.may(Permission.POST_RECUSE) or actor.may(Permission.POST_APPOINT)):
        return
    ending = recusals_for(actor, on=today).filter(ends_on__gt=today, ends_on__lte=today + SOON)
    for row in ending.order_by("ends_on", "id")[:EACH]:
        about = row.compound or row.organisation
        due = (row.ends_on or today) - timedelta(days=1)
        own = row.user_id == actor.user_id
        yield Task(Kind.RECUSAL, due=due, what=row.user.name, place=about.name if about else "", own=own)


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
    for kind, position, count, pk, name, division in numbered.order_by("task", "position").values_list(*columns):
        yield Task(Kind(kind), pk, what=name, place=name, other="" if kind == Kind.AWAITING else division)
        if position == EACH and count > EACH:
            yield Task(Kind(kind), left=count - EACH)


def _tends(actor: Actor) -> bool:
    return actor.scope.everything or bool(actor.scope.divisions)


def _dormant(actor: Actor, at: datetime) -> Iterator[Task]:
    """People who were given an account two weeks ago and have never used it."""
    if not (actor.may(Permission.PERSON_VIEW) and (actor.may(Permission.PERSON_EDIT) or not actor.scope.everything)):
        return
    rows = dormant_people(actor, at).annotate(in_all=Window(Count("id")))
    columns = ("id", "name", "created_at", "in_all")
    for pk, name, created, _ in (found := list(rows.order_by("created_at", "id").values_list(*columns)[:EACH])):
        yield Task(Kind.DORMANT, pk, since=timezone.localdate(created), what=name)
    if found and found[0][3] > EACH:
        yield Task(Kind.DORMANT, left=found[0][3] - EACH)


def dormant_people(actor: Actor, at: datetime) -> "QuerySet[User]":
    """Return people the actor may see who have never signed in though their account is two weeks old."""
    old_enough = Q(created_at__lte=at - DORMANT, last_login__isnull=True, is_active=True)
    return people_for(actor, on=timezone.localdate(at)).filter(old_enough)
