"""The number under which an office takes reports. What it was before stays as a row of the past."""

from datetime import datetime

from django.db import transaction

from anju.base import audit
from anju.base.actor import Actor, Refused
from anju.places.models import Organisation, OrganisationPhone
from anju.places.queries.phones import phone_of
from anju.places.services.reach import locked_organisations
from anju.rules.permissions import Permission
from anju.rules.phones import BadPhone, office_phone


@transaction.atomic
def set_organisation_phone(*, actor: Actor, organisation: Organisation, phone: str, at: datetime) -> str:
    """Give an office its number; an empty one takes it away. Return the number in force. Raises `Refused`."""
    actor.require(Permission.ORGANISATION_EDIT)
    row = locked_organisations(actor, Permission.ORGANISATION_EDIT, organisation.pk)[organisation.pk]
    try:
        wanted = office_phone(phone)
    except BadPhone as bad:
        raise Refused("organisation.bad_phone") from bad
    before = phone_of(row)
    if wanted == before:
        return before
    OrganisationPhone.objects.filter(organisation=row, ended_at=None).update(ended_at=at)
    if wanted:
        OrganisationPhone.objects.create(organisation=row, phone=wanted, set_at=at)
    change = {"duty_phone": (before, wanted)}
    audit.record(actor=actor, action="organisation.phone_set", subject=row, change=change, at=at)
    return wanted
