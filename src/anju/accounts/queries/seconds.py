"""Whether somebody else could confirm what one person recorded: small bureaus must be able to work, large ones must use two."""

from datetime import date

from anju.accounts.models import Post
from anju.accounts.queries.acting import held_on, scope_of
from anju.base.actor import Actor
from anju.places.queries.scoped import compounds_for
from anju.rules.permissions import Permission
from anju.rules.roles import ROLES

_CONFIRMERS = tuple(code for code, role in ROLES.items() if Permission.FACT_CONFIRM in role.permissions)


def has_second_confirmer(compound: int, *, apart: int | None, on: date) -> bool:
    """Say whether a person other than `apart` holds a post that may confirm facts about this compound."""
    posts = Post.objects.filter(held_on(on), role__in=_CONFIRMERS, user__is_active=True).exclude(user=apart)
    rows = posts.select_related("organisation__division", "division", "compound").order_by("id")
    return any(_sees(post, compound) for post in rows)


def _sees(post: Post, compound: int) -> bool:
    permissions = frozenset({Permission.COMPOUND_VIEW})
    actor = Actor(user_id=post.user_id, name="", permissions=permissions, scope=scope_of(post))
    return compounds_for(actor).filter(pk=compound).exists()
