"""Writing a version of a matter: the next one behind the newest, the matter made to say the same. Everything else asks this."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Max
from django.utils import timezone

from anju.base.actor import SYSTEM, Actor
from anju.cases.models import Matter, MatterCatalogue, MatterConfirmation, MatterOffer, MatterVersion
from anju.rules.cases.matter_changes import Offer, moves_route, offered, plain, read_plain
from anju.rules.cases.matters import Matter as MatterRow
from anju.rules.cases.matters import Matters

BY_FILE: Final = "系统"
_Change = MatterVersion.Change


@dataclass(frozen=True, slots=True)
class Why:
    """Who changes a matter, in which words, by what document, when."""

    actor: Actor
    reason: str
    cite: str
    at: datetime


def write_version(
    matter: Matter,
    change: MatterVersion.Change,
    row: MatterRow,
    why: Why,
    *,
    retired: bool = False,
    auto: bool = False,
    offer: MatterOffer | None = None,
) -> MatterVersion:
    """Append the next version of a locked matter. A route that moves loses its confirmation, and with it automatic dispatch."""
    version = _next_version(matter, change, row, why, retired=retired, auto=auto, offer=offer)
    matter.save()
    version.save(force_insert=True)
    return version


def _next_version(
    matter: Matter,
    change: MatterVersion.Change,
    row: MatterRow,
    why: Why,
    *,
    retired: bool,
    auto: bool,
    offer: MatterOffer | None,
) -> MatterVersion:
    """Make the matter say what its next version says, and return that version; neither is written."""
    number = matter.version + 1
    moved = matter.version == 0 or moves_route(read_plain(matter.body), row)
    matter.version, matter.body, matter.name, matter.type = number, plain(row), row.name, row.type
    matter.route = number if moved else matter.route
    matter.confirmed = matter.confirmed and not moved
    matter.auto = auto and matter.confirmed and not retired
    matter.ended_on = (matter.ended_on or timezone.localdate(why.at)) if retired else None
    return MatterVersion(
        matter=matter,
        version=number,
        route=matter.route,
        change=change,
        body=matter.body,
        retired=retired,
        auto=matter.auto,
        offer=offer,
        reason=why.reason,
        cite=why.cite,
        user_id=why.actor.user_id,
        made_as=why.actor.post_name or BY_FILE,
        made_at=why.at,
    )


def begin_matter(row: MatterRow, position: int) -> Matter:
    """Return a matter without a version yet, not written; `write_version` gives it its first."""
    return Matter(code=row.code, name=row.name, type=row.type, position=position, body=plain(row))


def confirm_version(version: MatterVersion, why: Why, *, alone: bool = False) -> MatterConfirmation:
    matter = version.matter
    matter.confirmed = True
    matter.save(update_fields=["confirmed"])
    return MatterConfirmation.objects.create(
        matter=matter,
        route=version.route,
        version=version,
        alone=alone,
        reason=why.reason,
        cite=why.cite,
        user_id=why.actor.user_id,
        made_as=why.actor.post_name or BY_FILE,
        made_at=why.at,
    )


def last_position() -> int:
    return Matter.objects.aggregate(last=Max("position"))["last"] or 0


def offer_rows(catalogue: MatterCatalogue, matters: Matters, at: datetime) -> None:
    """Hold every row of a newer file against what it said before and against what holds (`rules.cases.matter_changes.offered`)."""
    why = Why(SYSTEM, "", "", at)
    known = {row.code: row for row in Matter.objects.select_for_update().order_by("position")}
    said = _said_last()
    listed = [
        (known.get(code) or begin_matter(row, position), row)
        for position, (code, row) in enumerate(matters.matters.items(), last_position() + 1)
    ]
    gone = [(matter, None) for code, matter in known.items() if code not in matters.matters]
    made = [_offer(catalogue, matter, said.get(matter.code), row, why) for matter, row in (*listed, *gone)]
    _write_together([one for one in made if one])
    if matters.confirmed:
        for matter, row in listed:
            if not row.pending and not matter.confirmed and plain(row) == matter.body:
                _confirm_by_file(catalogue, matter, at)


def _write_together(made: "list[tuple[MatterOffer, MatterVersion | None]]") -> None:
    """A county begins with some sixty matters: they are written in as many statements as one is."""
    versions = [version for _, version in made if version]
    Matter.objects.bulk_create(version.matter for version in versions if version.matter.pk is None)
    for version in versions:
        if version.version > 1:
            version.matter.save()
    MatterOffer.objects.bulk_create(offer for offer, _ in made)
    MatterVersion.objects.bulk_create(versions)


def _said_last() -> dict[str, MatterRow | None]:
    """Return what the file said of each matter last; a matter that it never named is not there."""
    newest = MatterOffer.objects.order_by("matter_id", "-pk").distinct("matter_id").values_list("matter__code", "body")
    return {code: read_plain(body) if body else None for code, body in newest}


def _offer(
    catalogue: MatterCatalogue, matter: Matter, base: MatterRow | None, filed: MatterRow | None, why: Why
) -> tuple[MatterOffer, MatterVersion | None] | None:
    """Return what the file says newly of a matter and, where that is taken over, the matter's next version; neither is written."""
    if filed == base:
        return None
    held = read_plain(matter.body) if matter.version and matter.ended_on is None else None
    found = offered(base=base, held=held, filed=filed)
    body = plain(filed) if filed else None
    offer = MatterOffer(matter=matter, catalogue=catalogue, body=body, made_at=why.at)
    if found is not Offer.TAKE:
        return offer, None
    row = filed or read_plain(matter.body)
    retired = filed is None
    return offer, _next_version(matter, _Change.LOADED, row, why, retired=retired, auto=matter.auto, offer=offer)


def _confirm_by_file(catalogue: MatterCatalogue, matter: Matter, at: datetime) -> None:
    """The county's own file says that its leads and limits hold (`confirmed = true`); what the plan leaves open it does not settle."""
    version = MatterVersion.objects.select_related("matter").get(matter=matter, version=matter.version)
    version.matter = matter
    cite = f"{catalogue.policy} 事项目录第 {catalogue.version} 版"
    confirm_version(version, Why(SYSTEM, "目录已经县里确认", cite, at))
