"""The catalogue as the bureau keeps it: one matter with its history, what is 待确认, what a newer policy file says, the routing table."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from django.db.models import Count

from anju.accounts.models import User
from anju.accounts.queries.separation import holdings_on
from anju.base.actor import Actor
from anju.cases.models import Case, Matter, MatterConfirmation, MatterOffer, MatterVersion, UnitCode
from anju.cases.queries.catalogue import catalogue_in_force, matter_row
from anju.cases.queries.places import units_by_code
from anju.places.models import Division, Organisation, PolicyEdition, PolicyItem
from anju.places.queries.divisions import towns_for
from anju.places.queries.phones import phones_of
from anju.rules.cases.matter_changes import Change, Gap, changes, gaps, read_plain
from anju.rules.cases.matters import TOWN
from anju.rules.cases.matters import Matter as MatterRow
from anju.rules.masking import mask_name
from anju.rules.permissions import Permission
from anju.rules.separation import Area, deciders

if TYPE_CHECKING:
    from django.db.models import QuerySet

HISTORY: Final = 50
REVIEWER: Final = "bureau_reviewer"


@dataclass(frozen=True, slots=True)
class MatterLine:
    """A matter in a list: as it holds now, what of it is 待确认, whether a newer policy file waits for an answer."""

    matter: Matter
    row: MatterRow
    gaps: tuple[Gap, ...]
    offered: bool

    @property
    def open_in_the_plan(self) -> bool:
        """Say whether the plan's own list leaves a gap here that nobody has settled."""
        return any(gap.kind in ("beyond", "note", "unit") for gap in self.gaps)


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One version: what it was about and what changed, old beside new; or a confirmation, which has no changes."""

    at: datetime
    by: str
    what: str
    version: int
    changes: tuple[Change, ...]
    reason: str
    cite: str
    alone: bool = False


def matters_for(actor: Actor) -> "QuerySet[Matter]":
    """Return all matters, retired ones too, in the catalogue's order."""
    if not actor.may(Permission.POLICY_VIEW):
        return Matter.objects.none()
    return Matter.objects.order_by("position")


def matter_lines(actor: Actor) -> list[MatterLine]:
    """Return every matter with its gaps; a handful of queries, whatever the rows."""
    missing, waiting = missing_units(), {one.matter_id for one in pending_offers()}
    return [
        MatterLine(one, row, gaps(row, confirmed=one.confirmed, missing=missing), one.pk in waiting)
        for one in matters_for(actor)
        for row in [matter_row(one)]
    ]


def gaps_of(matter: Matter) -> tuple[Gap, ...]:
    return gaps(matter_row(matter), confirmed=matter.confirmed, missing=missing_units())


def missing_units() -> frozenset[str]:
    """Return the codes of the document for which the county has no body. 属地 is worked out for each compound."""
    return frozenset(catalogue_in_force().units) - set(units_by_code()) - {TOWN}


def unit_names() -> dict[str, str]:
    """Return the codes a matter may name with how a page calls each; 属地 first."""
    named = {code: row.name for code, row in units_by_code().items()}
    return {TOWN: "属地乡镇人民政府"} | {
        code: named.get(code, name) for code, name in catalogue_in_force().units.items() if code != TOWN
    }


def pending_offers() -> list[MatterOffer]:
    """Return what newer policy files say otherwise than what holds, and nobody has answered yet: the newest of each matter."""
    rows = MatterOffer.objects.select_related("matter", "catalogue", "answer")
    newest = rows.order_by("matter_id", "-pk").distinct("matter_id")
    return sorted((one for one in newest if _waits(one)), key=lambda one: one.matter.position)


def pending_offer(matter: Matter) -> MatterOffer | None:
    offer = MatterOffer.objects.filter(matter=matter).select_related("matter", "catalogue", "answer").last()
    return offer if offer and _waits(offer) else None


def _waits(offer: MatterOffer) -> bool:
    if hasattr(offer, "answer"):
        return False
    if offer.body is None or offer.matter.ended_on is not None:
        return (offer.body is None) != (offer.matter.ended_on is not None)
    return read_plain(offer.body) != read_plain(offer.matter.body)


def offer_changes(offer: MatterOffer) -> tuple[Change, ...]:
    """Return where the file's row differs from what holds: `old` is the bureau's, `new` the file's."""
    held = read_plain(offer.matter.body)
    return changes(held, read_plain(offer.body)) if offer.body else ()


def who_made_the_route(matter: Matter) -> int | None:
    """Return who made the version with which the route last changed; None where it came from the policy file."""
    return MatterVersion.objects.values_list("user_id", flat=True).get(matter=matter, version=matter.route)


def matter_history(actor: Actor, matter: Matter) -> list[HistoryEntry]:
    """Return versions and confirmations, the newest first, for those who may see who changed what."""
    if not actor.may(Permission.MATTER_VIEW):
        return []
    confirmed = list(MatterConfirmation.objects.filter(matter=matter).select_related("version"))
    versions = list(matter.versions.order_by("-version")[: HISTORY + 1])
    made_by = {one.user_id or 0 for one in confirmed} | {one.user_id or 0 for one in versions}
    told = User.objects.filter(pk__in=made_by)
    names = {pk: mask_name(name) for pk, name in told.values_list("pk", "name")}
    said, made = [_said(one, names) for one in confirmed], list(_made(versions, names))
    return sorted([*made, *said], key=lambda one: (one.at, one.version), reverse=True)


def _made(rows: list[MatterVersion], names: Mapping[int, str]) -> Iterator[HistoryEntry]:
    before: Mapping[int, MatterVersion] = {row.version: row for row in rows}
    for row in rows[:HISTORY]:
        last = before.get(row.version - 1)
        told = changes(read_plain(last.body), read_plain(row.body)) if last else ()
        yield HistoryEntry(
            row.made_at, _person(row, names), row.get_change_display(), row.version, told, row.reason, row.cite
        )


def _said(row: MatterConfirmation, names: Mapping[int, str]) -> HistoryEntry:
    what = "确认主办、协办和时限"
    return HistoryEntry(
        row.made_at, _person(row, names), what, row.version.version, (), row.reason, row.cite, row.alone
    )


def _person(row: MatterVersion | MatterConfirmation, names: Mapping[int, str]) -> str:
    """Return the post and who held it, the name masked: who answers for a rule is asked of the post, the person is told apart."""
    name = names.get(row.user_id or 0, "")
    return f"{row.made_as}，{name}" if name else row.made_as


def confirmation_of(matter: Matter) -> MatterConfirmation | None:
    """Return who confirmed the route that holds now."""
    return MatterConfirmation.objects.filter(matter=matter, route=matter.route).first()


def may_confirm(actor: Actor, on: date) -> bool:
    """Say whether the page offers to confirm: a reviewer does, an officer only where the county has no reviewer but himself."""
    if not actor.may(Permission.MATTER_CONFIRM):
        return False
    return actor.role == REVIEWER or not other_deciders(actor, on)


def other_deciders(actor: Actor, on: date) -> bool:
    """Say whether the county has somebody else who may decide such a thing."""
    return bool(deciders(Area.BUSINESS, holdings_on(on), proposer=actor.user_id or 0))


def units_of_matter(row: MatterRow) -> frozenset[str]:
    """Return the codes of all units a matter may go to, circumstances among them."""
    return frozenset({row.lead, *row.joint, *(one.lead for one in row.when if one.lead)})


def board_phones() -> dict[str, str]:
    """Return the numbers that the boards print, by code of the unit."""
    units = units_by_code()
    known = phones_of(unit.pk for unit in units.values())
    return {code: known[unit.pk] for code, unit in units.items() if unit.pk in known}


def running_by_version(matter: Matter) -> list[tuple[int, int]]:
    """Return how many cases run under each version of a matter, in the whole county."""
    running = Case.objects.filter(matter=matter, kind__in=("open", "waiting"))
    counted = running.order_by("matter_version__version").values_list("matter_version__version")
    return [(version, count) for version, count in counted.annotate(count=Count("pk"))]


def item_choices(codes: Iterable[str]) -> list[tuple[str, str]]:
    """Return items of the plan in its order, as a page names them."""
    edition = PolicyEdition.objects.order_by("-in_force_from", "-version", "-id").first()
    rows = PolicyItem.objects.filter(edition=edition).values_list("code", "cite", "heading")
    headings = {code: f"{cite} {heading}" for code, cite, heading in rows}
    ordered = sorted(codes, key=lambda code: [int(part) for part in code.split(".")])
    return [(code, headings.get(code, f"方案第 {code} 项")) for code in ordered]


def town_units(actor: Actor) -> list[tuple[Division, Organisation | None]]:
    """Return each town with the government that 属地 stands for there, None where the county has not registered it."""
    rows = UnitCode.objects.filter(organisation__kind="town").select_related("organisation")
    known = {row.organisation.division_id: row.organisation for row in rows}
    return [(town, known.get(town.pk)) for town in towns_for(actor)]
