"""The numbers under which offices take reports: they stand on boards for everyone, so they are no secret."""

from collections.abc import Iterable

from django.db.models import QuerySet

from anju.base.actor import Actor
from anju.places.models import OPEN, Organisation, OrganisationPhone
from anju.places.queries.scoped import organisations_for


def phone_of(organisation: Organisation) -> str:
    return phones_of([organisation.pk]).get(organisation.pk, "")


def phones_of(organisations: Iterable[int]) -> dict[int, str]:
    """Return the numbers in force by organisation; who has none is missing."""
    rows = OrganisationPhone.objects.filter(organisation__in=set(organisations), ended_at=None)
    return dict(rows.values_list("organisation_id", "phone"))


def offices_for(actor: Actor) -> "QuerySet[Organisation]":
    """Return the bodies of government whose numbers the actor may see."""
    kinds = ("bureau", "department", "government", "town", "community", "court")
    return organisations_for(actor).filter(OPEN, kind__in=kinds).order_by("kind", "pinyin", "id")


def past_phones(organisation: Organisation) -> "QuerySet[OrganisationPhone]":
    return OrganisationPhone.objects.filter(organisation=organisation).order_by("-id")
