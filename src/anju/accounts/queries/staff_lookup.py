"""What a staff list can name: bodies, compounds, divisions and people the actor may see, fetched once for the whole list."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from anju.accounts.models import Post, User
from anju.accounts.queries.people import ends_later, people_for
from anju.base.actor import Actor
from anju.places.models import Compound, Division, Organisation
from anju.places.queries.scoped import compounds_for, divisions_for, organisations_for
from anju.rules.roles import ROLES, Reach
from anju.rules.staff_list import StaffRow

MOST_CANDIDATES = 5
_SHORTEST_PART = 2


@dataclass(slots=True)
class Named:
    """Rows of one kind by their names and by their other names."""

    rows: dict[int, Organisation | Compound | Division] = field(default_factory=dict)
    by_name: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    by_alias: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))

    def called(self, text: str) -> tuple[list[int], bool]:
        """Return the ids of what bears the name, and whether it is only another name of theirs."""
        if text in self.by_name:
            return self.by_name[text], False
        return self.by_alias.get(text, []), True

    def similar(self, text: str) -> list[int]:
        """Return the ids of what holds the text in its name, or is held by it: somebody has to say which is meant."""
        if len(text) < _SHORTEST_PART:
            return []
        names = (*self.by_name.items(), *self.by_alias.items())
        found = [pk for name, ids in names if text in name or name in text for pk in ids]
        return list(dict.fromkeys(found))[:MOST_CANDIDATES]


@dataclass(slots=True)
class Lookup:
    """All that judging a list needs. `posts` are the open posts of the people found, by person."""

    bodies: Named
    compounds: Named
    divisions: Named
    by_username: dict[str, User]
    by_name: dict[str, list[User]]
    posts: dict[int, list[Post]]


def look_up(actor: Actor, rows: Sequence[StaffRow], *, on: date) -> Lookup:
    """Fetch in a number of queries that does not depend on the list's length."""
    reaches = {ROLES[row.role].reach for row in rows if row.role}
    people = _people(actor, rows, on)
    posts = _posts(people, on)
    bodies = organisations_for(actor).filter(ended_on__isnull=True).select_related("division")
    return Lookup(
        bodies=_named(bodies.prefetch_related("aliases")),
        compounds=_named(_open_compounds(actor)) if Reach.COMPOUND in reaches else Named(),
        divisions=_named(divisions_for(actor).filter(ended_on__isnull=True)) if Reach.DIVISION in reaches else Named(),
        by_username={person.username: person for person in people},
        by_name=_by_name(people),
        posts=posts,
    )


def _open_compounds(actor: Actor) -> Iterable[Compound]:
    return compounds_for(actor).filter(ended_on__isnull=True).select_related("division").prefetch_related("aliases")


def _named(rows: Iterable[Organisation | Compound | Division]) -> Named:
    named = Named()
    for row in rows:
        named.rows[row.pk] = row
        named.by_name[row.name].append(row.pk)
        for alias in [] if isinstance(row, Division) else row.aliases.all():
            named.by_alias[alias.name].append(row.pk)
    return named


def _people(actor: Actor, rows: Sequence[StaffRow], on: date) -> list[User]:
    seen = people_for(actor, on=on)
    named = seen.filter(name__in={row.name for row in rows})
    called = seen.filter(username__in={row.username for row in rows if row.username})
    return list((named | called).order_by("id"))


def _by_name(people: Iterable[User]) -> dict[str, list[User]]:
    found: dict[str, list[User]] = defaultdict(list)
    for person in people:
        found[person.name].append(person)
    return found


def _posts(people: Iterable[User], on: date) -> dict[int, list[Post]]:
    found: dict[int, list[Post]] = defaultdict(list)
    for post in Post.objects.filter(ends_later(on), user__in=[person.pk for person in people]):
        found[post.user_id].append(post)
    return found
