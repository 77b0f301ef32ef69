"""The people of the demo county whom a visitor may become, role by role."""

from dataclasses import dataclass
from datetime import date

from anju.accounts.models import Post, User
from anju.accounts.queries.acting import held_on
from anju.base.actor import Actor
from anju.base.installation import is_trial
from anju.rules.roles import ROLES, Role


@dataclass(frozen=True, slots=True)
class Persona:
    """One person: `unit` is where they sit, `place` the compound or division they answer for."""

    pk: int
    name: str
    unit: str
    place: str


@dataclass(frozen=True, slots=True)
class Part:
    """A role with the people one can become in it."""

    role: Role
    people: tuple[Persona, ...]

    @property
    def more(self) -> int:
        return len(self.people) - 1


def parts(actor: Actor, *, on: date) -> list[Part]:
    """Return the roles in the order of `rules.roles`, each with its people. Nothing outside a trial."""
    if not (actor.scope.everything and is_trial()):
        return []
    held = Post.objects.filter(held_on(on), user__persona=True, user__is_active=True, delegated_from__isnull=True)
    found: dict[str, list[Persona]] = {code: [] for code in ROLES}
    for post in held.select_related("user", "organisation", "division", "compound").order_by("id"):
        place = post.compound or post.division
        found[post.role].append(
            Persona(post.user_id, post.user.name, post.organisation.name, place.name if place else "")
        )
    return [Part(ROLES[code], tuple(people)) for code, people in found.items() if people]


def persona_of(pk: int) -> User | None:
    """Return a person of the demo county who can be become."""
    return User.objects.filter(pk=pk, persona=True, is_active=True).first() if is_trial() else None
