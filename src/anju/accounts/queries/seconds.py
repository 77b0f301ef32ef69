"""Who else could confirm what one person recorded: small bureaus must be able to work, large ones must use two."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from anju.accounts.models import Post
from anju.accounts.queries.acting import held_on, scopes_of_roles
from anju.places.models import Compound
from anju.rules.permissions import Permission
from anju.rules.roles import ROLES

_CONFIRMERS = tuple(code for code, role in ROLES.items() if Permission.FACT_CONFIRM in role.permissions)


@dataclass(frozen=True, slots=True)
class Second:
    """A person who may confirm, as a page names them."""

    name: str
    unit: str


def second_confirmers(compounds: Collection[int], *, apart: int | None, on: date) -> dict[int, list[Second]]:
    """Return for each compound those other than `apart` whose post may confirm facts about it; three queries, whatever the rows."""
    posts = Post.objects.filter(held_on(on), role__in=_CONFIRMERS, user__is_active=True).order_by("id")
    names = posts.values_list("user_id", "user__name", "organisation__name")
    seeing = dict.fromkeys(scopes_of_roles(_CONFIRMERS, on))
    known = {user: Second(name, unit) for user, name, unit in names if user != apart}
    scopes = [(scope, known[user]) for user, scope in seeing if user in known]
    paths = Compound.objects.filter(pk__in=compounds).values_list("id", "division__path")
    return {
        compound: list(
            dict.fromkeys(
                second
                for scope, second in scopes
                if scope.everything or any(path.startswith(branch) for branch in scope.divisions)
            )
        )
        for compound, path in paths
    }
