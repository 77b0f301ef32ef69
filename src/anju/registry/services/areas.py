"""Setting a compound's management area, and ending it. Earlier versions stay: who said where it ran, and when, is never lost."""

from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from anju.base import audit
from anju.base.actor import Actor, Refused
from anju.places.models import Compound
from anju.places.services.reach import locked_compounds
from anju.registry.models import Indicator, ManagementArea, Source
from anju.registry.services.statements import Saying, record_statement
from anju.rules.areas import Area, as_geojson, fault_of, size_fault, square_metres
from anju.rules.lists.readings import Answer, Moment
from anju.rules.permissions import Permission


@transaction.atomic
def set_area(
    *,
    actor: Actor,
    compound: Compound,
    area: Area,
    source: Source,
    observed_on: date,
    filed_on: date | None = None,
    reason: str = "",
    at: datetime,
) -> ManagementArea:
    """Record the area as a new version, and the same source's word that it is delineated (and filed).

    A boundary that is none is refused. One that lies in another's is not: who is right is for people to settle.
    """
    row, last = _at_its_compound(actor, compound, observed_on, at)
    if fault_of(area) is not None or size_fault(area):
        raise Refused("area.faulty")
    if filed_on and filed_on > timezone.localdate(at):
        raise Refused("area.filed_later")
    if last is not None and last.geometry == as_geojson(area) and last.source_id == source.pk:
        raise Refused("area.unchanged")
    box = area.box
    made = ManagementArea.objects.create(
        compound=row,
        version=last.version + 1 if last else 1,
        geometry=as_geojson(area),
        **box._asdict(),
        size=square_metres(area),
        system=area.system,
        source=source,
        filed_on=filed_on,
        observed_on=observed_on,
        reason=reason,
        recorder_id=actor.user_id,
        recorder_post=actor.post_id,
        recorded_at=at,
    )
    _state_facts(actor, made, at)
    audit.record(actor=actor, action="area.set", subject=made.compound, note=_noted(made), at=at)
    return made


@transaction.atomic
def end_area(*, actor: Actor, compound: Compound, reason: str, at: datetime) -> ManagementArea:
    """Record that the area no longer holds: a merger, or a mistake. What was said about the indicator stays to be said anew."""
    today = timezone.localdate(at)
    row, last = _at_its_compound(actor, compound, today, at)
    if last is None or last.ended_on is not None:
        raise Refused("area.none")
    if not reason.strip():
        raise Refused("fact.reason_missing")
    ended = ManagementArea.objects.create(
        compound=row,
        version=last.version + 1,
        source=last.source,
        observed_on=today,
        ended_on=today,
        reason=reason,
        recorder_id=actor.user_id,
        recorder_post=actor.post_id,
        recorded_at=at,
    )
    audit.record(actor=actor, action="area.ended", subject=ended.compound, note=_noted(ended), at=at)
    return ended


def _at_its_compound(
    actor: Actor, compound: Compound, observed_on: date, at: datetime
) -> tuple[Compound, ManagementArea | None]:
    """Return the compound, locked so that versions are counted one by one, and the newest version."""
    actor.require(Permission.FACT_EDIT)
    if observed_on > timezone.localdate(at):
        raise Refused("fact.observed_later")
    row = locked_compounds(actor, Permission.FACT_EDIT, compound.pk)[compound.pk]
    return row, ManagementArea.objects.filter(compound=row).order_by("-version").first()


def _state_facts(actor: Actor, made: ManagementArea, at: datetime) -> None:
    """The area's source says by it that the area is delineated, and when it was filed."""
    asked = {row.code: row for row in Indicator.objects.filter(code__in=_SAID, ended_on__isnull=True, owner="")}
    sayings = {}
    if delineated := asked.get("management_area_delineated"):
        sayings[delineated] = Saying(Answer("yes"), "有")
    if made.filed_on and (filed := asked.get("management_area_filed_on")):
        sayings[filed] = Saying(Moment(made.filed_on, made.filed_on, "day"), made.filed_on.isoformat())
    if sayings:
        record_statement(
            actor=actor,
            compound=made.compound,
            source=made.source,
            observed_on=made.observed_on,
            sayings=sayings,
            at=at,
        )


_SAID = ("management_area_delineated", "management_area_filed_on")


def _noted(row: ManagementArea) -> dict[str, object]:
    return {"version": row.version, "source": row.source.name, "size": row.size, "reason": row.reason}
