"""Who must keep out of what (回避)."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from anju.accounts.models import Recusal, User
from anju.accounts.queries.acting import held_on
from anju.accounts.queries.people import people_for
from anju.base.actor import Actor
from anju.places.models import Compound, Organisation


def recused_from(
    user: User, *, organisation: Organisation | None = None, compound: Compound | None = None, on: date
) -> bool:
    """Say whether a person must keep out of an organisation or a compound on that day."""
    subjects = ([organisation.pk] if organisation else [], [compound.pk] if compound else [])
    return user.pk in recused_users(organisations=subjects[0], compounds=subjects[1], on=on)


def recused_users(*, organisations: Iterable[int], compounds: Iterable[int], on: date) -> frozenset[int]:
    """Return everyone who must keep out of any of these on that day."""
    about = Q(organisation__in=organisations) | Q(compound__in=compounds)
    return frozenset(Recusal.objects.filter(held_on(on), about).values_list("user_id", flat=True))


def recusals_for(actor: Actor, *, on: date) -> "QuerySet[Recusal]":
    """The recusals of people the actor may see, one's own always among them, the running ones first."""
    seen = people_for(actor, on=on).filter(pk=OuterRef("user_id"))
    rows = Recusal.objects.filter(Exists(seen)).select_related("user", "organisation", "compound")
    return rows.order_by("ends_on", "-id")
