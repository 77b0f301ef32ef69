"""Names of organisations and compounds: tidied, spelled, and never two of the same in one division.

The database's unique constraints decide about names; a name that is another's alias is refused here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from anju.base.actor import Refused
from anju.places.models import OPEN, AliasKind, Compound, CompoundAlias, Division, Organisation, OrganisationAlias
from anju.rules.names import MAX_NAME, BadName, tidy_name

Named = Organisation | Compound


def tidied(name: str) -> str:
    try:
        return tidy_name(name)
    except BadName as bad:
        raise Refused("place.bad_name", limit=MAX_NAME) from bad


@contextmanager
def unique_name(row: Division | Named) -> Iterator[None]:
    """Save inside: what the database's constraint on names finds becomes a refusal that names the row."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as clash:
        if broken_constraint(clash) not in _ON_NAMES:
            raise
        raise Refused("place.name_taken", name=row.name) from clash


_ON_NAMES = {"division_name_in_force", "organisation_name_in_force", "compound_name_in_force"}


def broken_constraint(clash: IntegrityError) -> str:
    """Return the name of the constraint that refused, empty where the driver does not say."""
    return getattr(getattr(clash.__cause__, "diag", None), "constraint_name", None) or ""


def refuse_alias_of_another(row: Named, name: str) -> None:
    """Refuse a name under which another one of the same division is already known."""
    other = _others(row).filter(aliases__name=name).values_list("name", flat=True).first()
    if other is not None:
        raise Refused("place.name_is_alias", name=name, other=other)


def attach_alias(row: Named, name: str) -> bool:
    """Add an alias; return False where it has that one already."""
    if name == row.name:
        raise Refused("place.alias_is_name", name=name)
    other = _others(row).filter(Q(name=name) | Q(aliases__name=name)).values_list("name", flat=True).first()
    if other is not None:
        raise Refused("place.alias_taken", name=name, other=other)
    return _remember(row, name, AliasKind.ALIAS, None)


def remember_former_name(row: Named, name: str, until: date) -> None:
    """Keep a name the row bore, with the day it stopped; a second time only the day moves on."""
    _remember(row, name, AliasKind.FORMER, until)


def inherit_names(row: Named, gone: Named, until: date) -> None:
    """Let the successor be found under every name of the one that went into it; the other keeps its own."""
    for name, kind, day in [*gone.aliases.values_list("name", "kind", "until"), (gone.name, AliasKind.FORMER, until)]:
        if name != row.name:
            _remember(row, name, AliasKind(kind), day)


def detach_alias(alias: OrganisationAlias | CompoundAlias) -> None:
    """Remove an alias. Former names stay: they are history."""
    if alias.kind == AliasKind.FORMER:
        raise Refused("place.former_name_stays", name=alias.name)
    alias.delete()


def _remember(row: Named, name: str, kind: AliasKind, until: date | None) -> bool:
    _, created = row.aliases.update_or_create(name=name, kind=kind, defaults={"until": until})
    return created


def _others(row: Named) -> "QuerySet[Organisation] | QuerySet[Compound]":
    rows: QuerySet[Organisation] | QuerySet[Compound]
    rows = Organisation.objects.all() if isinstance(row, Organisation) else Compound.objects.all()
    return rows.filter(OPEN, division_id=row.division_id).exclude(pk=row.pk)
