"""Saying which company a name in the lists is. A person says it, one name or many; a name alone never decides."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from anju.base import audit
from anju.base.actor import Actor, Refused
from anju.places.models import Division, Organisation
from anju.places.queries.scoped import organisations_for
from anju.places.services.organisations import OrganisationFacts, create_organisation
from anju.registry.models import CompanyName, Fact
from anju.registry.queries.companies import credit_codes_beside
from anju.registry.services.terms import refresh_terms
from anju.rules.lists.names import name_key
from anju.rules.permissions import Permission


@dataclass(frozen=True, slots=True)
class Naming:
    """A name as lists write it and the company it is; without one, the company is registered under that name."""

    name: str
    organisation: Organisation | None = None


@transaction.atomic
def settle_company_names(*, actor: Actor, namings: Sequence[Naming], at: datetime) -> list[CompanyName]:
    """Say for each name which company it is, and register those that are new. All of them or none."""
    actor.require(Permission.COMPANY_SETTLE)
    if not namings:
        raise Refused("company.nothing_chosen")
    codes = credit_codes_beside(actor, [one.name for one in namings if one.organisation is None])
    rows = [_settled(actor, one, codes.get(name_key(one.name), ""), at) for one in namings]
    refresh_terms(_compounds_named(row.key for row in rows))
    note: dict[str, object] = {"names": {row.name: row.organisation_id for row in rows}}
    audit.record(actor=actor, action="company_name.settled", note=note, at=at)
    return rows


@transaction.atomic
def release_company_name(*, actor: Actor, name: CompanyName, reason: str, at: datetime) -> None:
    """Take back what somebody said about a name; the terms that followed from it go with it."""
    actor.require(Permission.COMPANY_SETTLE)
    if not reason.strip():
        raise Refused("fact.reason_missing")
    row = CompanyName.objects.select_for_update().filter(pk=name.pk, organisation__isnull=False).first()
    if row is None:
        raise Refused("company.not_settled", name=name.name)
    was = row.organisation
    row.organisation, row.settled_by_id, row.settled_at = None, actor.user_id, at
    row.save()
    refresh_terms(_compounds_named([row.key]))
    note = {"name": row.name, "reason": reason}
    audit.record(actor=actor, action="company_name.released", subject=was, note=note, at=at)


def _settled(actor: Actor, naming: Naming, credit_code: str, at: datetime) -> CompanyName:
    organisation = _company(actor, naming, credit_code, at)
    row, _ = CompanyName.objects.update_or_create(
        key=name_key(naming.name),
        defaults={
            "name": naming.name,
            "organisation": organisation,
            "settled_by_id": actor.user_id,
            "settled_at": at,
        },
    )
    return row


def _company(actor: Actor, naming: Naming, credit_code: str, at: datetime) -> Organisation:
    if naming.organisation is None:
        county = Division.objects.get(level=Division.Level.COUNTY)
        facts = OrganisationFacts(kind=Organisation.Kind.COMPANY, division=county, credit_code=credit_code)
        return create_organisation(actor=actor, name=naming.name, facts=facts, at=at)
    found = organisations_for(actor).filter(pk=naming.organisation.pk, kind=Organisation.Kind.COMPANY).first()
    if found is None or found.ended_on is not None:
        raise Refused("company.no_such", name=naming.organisation.name)
    return found


def _compounds_named(keys: Iterable[str]) -> set[int]:
    """Return the compounds about which anybody ever named one of these companies."""
    wanted = set(keys)
    rows = Fact.objects.filter(indicator__code="service").exclude(text="")
    return {
        compound for compound, text in rows.values_list("statement__compound_id", "text") if name_key(text) in wanted
    }
