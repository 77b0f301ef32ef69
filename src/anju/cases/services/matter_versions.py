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
    number = matter.version + 1
    moved = matter.version == 0 or moves_route(read_plain(matter.body), row)
    matter.version, matter.body, matter.name, matter.type = number, plain(row), row.name, row.type
    matter.route = number if moved else matter.route
    matter.confirmed = matter.confirmed and not moved
    matter.auto = auto and matter.confirmed and not retired
    matter.ended_on = (matter.ended_on or timezone.localdate(why.at)) if retired else None
    matter.save()
    return MatterVersion.objects.create(
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
    """Return a matter without a version yet; `write_version` gives it its first."""
    return Matter.objects.create(code=row.code, name=row.name, type=row.type, position=position, body=plain(row))


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
    for position, (code, row) in enumerate(matters.matters.items(), last_position() + 1):
        matter = known.get(code) or begin_matter(row, position)
        _offer(catalogue, matter, said.get(code), row, why)
        if matters.confirmed and not row.pending and not matter.confirmed and plain(row) == matter.body:
            _confirm_by_file(catalogue, matter, at)
    for code, matter in known.items():
        if code not in matters.matters:
            _offer(catalogue, matter, said.get(code), None, why)


def _said_last() -> dict[str, MatterRow | None]:
    """Return what the file said of each matter last; a matter that it never named is not there."""
    newest = MatterOffer.objects.order_by("matter_id", "-pk").distinct("matter_id").values_list("matter__code", "body")
    return {code: read_plain(body) if body else None for code, body in newest}


def _offer(
    catalogue: MatterCatalogue, matter: Matter, base: MatterRow | None, filed: MatterRow | None, why: Why
) -> None:
    if filed == base:
        return
    held = read_plain(matter.body) if matter.version and matter.ended_on is None else None
    found = offered(base=base, held=held, filed=filed)
    body = plain(filed) if filed else None
    offer = MatterOffer.objects.create(matter=matter, catalogue=catalogue, body=body, made_at=why.at)
    if found is Offer.TAKE:
        row = filed or read_plain(matter.body)
        write_version(matter, _Change.LOADED, row, why, retired=filed is None, auto=matter.auto, offer=offer)


def _confirm_by_file(catalogue: MatterCatalogue, matter: Matter, at: datetime) -> None:
    """The county's own file says that its leads and limits hold (`confirmed = true`); what the plan leaves open it does not settle."""
    version = MatterVersion.objects.select_related("matter").get(matter=matter, version=matter.version)
    version.matter = matter
    cite = f"{catalogue.policy} 事项目录第 {catalogue.version} 版"
    confirm_version(version, Why(SYSTEM, "目录已经县里确认", cite, at))
