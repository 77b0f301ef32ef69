"""Whether somebody else could confirm what one person recorded: small bureaus must be able to work, large ones must use two."""

from datetime import date

from anju.accounts.queries.acting import scopes_of_roles
from anju.base.actor import Actor
from anju.places.queries.scoped import compounds_for
from anju.rules.permissions import Permission
from anju.rules.roles import ROLES
from anju.rules.scope import Scope

_CONFIRMERS = tuple(code for code, role in ROLES.items() if Permission.FACT_CONFIRM in role.permissions)


def has_second_confirmer(compound: int, *, apart: int | None, on: date) -> bool:
    """Say whether a person other than `apart` holds a post that may confirm facts about this compound."""
    others = [(user, scope) for user, scope in scopes_of_roles(_CONFIRMERS, on) if user != apart]
    return any(_sees(user, scope, compound) for user, scope in others)


def _sees(user: int, scope: Scope, compound: int) -> bool:
    actor = Actor(user_id=user, name="", permissions=frozenset({Permission.COMPOUND_VIEW}), scope=scope)
    return compounds_for(actor).filter(pk=compound).exists()
