"""The organisations of a policy: those it names, and the office of every town and community, found again by any of their names."""

from collections.abc import Mapping
from datetime import date

from django.db.models import Q

from anju.base.actor import Refused
from anju.places.models import OPEN, AliasKind, Division, Organisation
from anju.places.services import naming
from anju.places.services.organisations import save_organisation
from anju.places.services.spelling import spell
from anju.rules.divisions import COMMUNITY, TOWN
from anju.rules.policy import Policy

_OFFICE_ENDS = ("委会", "委员会")


def fill_units(
    policy: Policy, divisions: Mapping[str, Division], on: date
) -> tuple[dict[str, Organisation], list[str]]:
    """Make the organisations the document names that are missing, and add its spellings as aliases.

    Return them by their code in the document, and the names of the new ones.
    """
    units: dict[str, Organisation] = {}
    new: list[str] = []
    for wanted in policy.units:
        division = divisions[wanted.division]
        row = _found(division, (wanted.name, *wanted.aliases))
        if row is None:
            parent = units.get(wanted.parent) if wanted.parent else None
            row = _made(wanted.name, wanted.kind, division, on, parent)
            new.append(row.name)
        for alias in wanted.aliases:
            _also_called(row, alias)
        units[wanted.code] = row
    return units, new


def fill_offices(on: date) -> list[str]:
    """Give every town and community in force its government office where it has none. Return the names of the new ones."""
    return [
        _made(_office_name(row), row.level, row, on).name
        for row in Division.objects.filter(OPEN, level__in=(TOWN, COMMUNITY), awaiting=False).order_by("pk")
        if not row.organisations.filter(OPEN, kind=row.level).exists()
    ]


def _office_name(division: Division) -> str:
    if division.level == TOWN:
        return f"{division.name}人民政府"
    if division.name.endswith(_OFFICE_ENDS):
        return division.name
    return f"{division.name}{'居委会' if division.name.endswith('社区') else '村委会'}"


def _found(division: Division, names: tuple[str, ...]) -> Organisation | None:
    """Return the organisation in force that bears one of the names, best by the first; the document's own name comes first."""
    rows = Organisation.objects.filter(OPEN, division=division)
    for name in names:
        row = rows.filter(Q(name=name) | Q(aliases__name=name)).order_by("pk").first()
        if row is not None:
            return row
    return None


def _made(name: str, kind: str, division: Division, on: date, parent: Organisation | None = None) -> Organisation:
    row = Organisation(name=naming.tidied(name), kind=kind, division=division, parent=parent, valid_from=on)
    row.pinyin = spell(row.name).pinyin
    save_organisation(row)
    return row


def _also_called(row: Organisation, name: str) -> None:
    """Add a spelling of the document; one that somebody gave to another body meanwhile is left where it is."""
    known = row.aliases.filter(name=name, kind=AliasKind.FORMER).exists()
    if known or name == row.name:
        return
    try:
        naming.attach_alias(row, naming.tidied(name))
    except Refused:
        return
