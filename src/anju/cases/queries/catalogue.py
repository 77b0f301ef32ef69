"""What cases may be about and how they run: the catalogue in force, and the workflow of an edition. No secret, so no actor."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.db.models.fields.json import KT

from anju.base.actor import Refused
from anju.base.composed import composed
from anju.cases.models import Case, Matter, MatterCatalogue, MatterVersion, UnitCode, WorkflowEdition
from anju.rules.cases.matter_changes import read_plain
from anju.rules.cases.matters import Matter as MatterRow
from anju.rules.cases.matters import Tile
from anju.rules.cases.workflow import Amount, Workflow
from anju.rules.cases.workflow_file import parse_workflow

if TYPE_CHECKING:
    from django.db.models import QuerySet

OTHER = "PC08"  # 其他物业管理问题: where a citizen names no matter


_BY_DIGEST: dict[str, Workflow] = {}  # an edition never changes, so what was read of it stays true


def workflow_of(edition_id: int) -> Workflow:
    """Return the workflow of an edition, read once a process."""
    [(digest,)] = _digest(edition_id)
    return _workflow(edition_id, digest)


@composed
def _digest(edition: int) -> "QuerySet[Any, tuple[str]]":
    return WorkflowEdition.objects.filter(pk=edition).values_list("digest")


def _workflow(edition_id: int, digest: str) -> Workflow:
    if digest not in _BY_DIGEST:
        content = WorkflowEdition.objects.values_list("content", flat=True).get(pk=edition_id)
        units = frozenset(UnitCode.objects.values_list("code", flat=True))
        _BY_DIGEST[digest] = parse_workflow(content, units=units)
    return _BY_DIGEST[digest]


def is_loaded() -> bool:
    """Say whether the county has a workflow yet: one that an older release founded gets it from the ticker's first minute."""
    return bool(_newest())


def workflow_in_force() -> Workflow:
    return edition_in_force()[1]


def workflow_if_loaded() -> Workflow | None:
    """Return the newest workflow, None where the county has none yet (`is_loaded`)."""
    return next((_workflow(pk, digest) for pk, digest in _newest()), None)


def edition_in_force() -> tuple[int, Workflow]:
    """Return the newest edition, by its id, and its workflow: what a new case begins with."""
    for pk, digest in _newest():
        return pk, _workflow(pk, digest)
    raise Refused("case.no_workflow")


@composed
def _newest() -> "QuerySet[Any, tuple[int, str]]":
    return WorkflowEdition.objects.order_by("-version", "-pk").values_list("pk", "digest")[:1]


def workflow_of_case(case: Case) -> Workflow:
    return workflow_of(case.workflow_id)


def catalogue_in_force() -> MatterCatalogue:
    catalogue = MatterCatalogue.objects.order_by("-version", "-pk").first()
    if catalogue is None:
        raise Refused("case.no_workflow")
    return catalogue


def tiles() -> list[Tile]:
    """Return what a citizen presses, in the catalogue's order; a matter that was retired is not behind it any more."""
    there = set(Matter.objects.filter(ended_on=None).values_list("code", flat=True))
    shown = (Tile(**{**one, "more": tuple(one["more"])}) for one in catalogue_in_force().tiles)
    return [tile for tile in (_standing(tile, there) for tile in shown) if tile.matter]


def _standing(tile: Tile, there: set[str]) -> Tile:
    codes = [code for code in (tile.matter, *tile.more) if code in there]
    return replace(tile, matter=codes[0] if codes else "", more=tuple(codes[1:]))


def matters_in_force() -> dict[str, Matter]:
    return {row.code: row for row in Matter.objects.filter(ended_on=None).order_by("position")}


def matter_row(matter: Matter) -> MatterRow:
    """Return a matter as it holds now, as the rules know it."""
    return read_plain(matter.body)


def matter_row_of_case(case: Case) -> MatterRow:
    """Return the matter of a case as it read when the case was filed under it."""
    return read_plain(case.matter_version.body)


def newest_version(matter: Matter) -> MatterVersion:
    return MatterVersion.objects.filter(matter=matter).order_by("-version")[:1].get()


def limits_for(case: Case | None) -> dict[tuple[str, str], Amount]:
    """Return the matters' own limits for `Book.matter_limits`: what holds now, and for the case's own matter what held then."""
    limits = limits_of_matters()
    if case is not None:
        own = matter_row_of_case(case)
        limits.pop(("handle", own.code), None)
        limits |= {("handle", own.code): own.handle} if own.handle else {}
    return limits


def limits_of_matters() -> dict[tuple[str, str], Amount]:
    """Return the matters' own limits for `Book.matter_limits`, ended matters too: their cases run on."""
    return {("handle", code): Amount.of(handle) for code, handle in _handled()}


@composed
def _handled() -> "QuerySet[Any, tuple[str, str]]":
    return Matter.objects.exclude(body__handle=None).values_list("code", KT("body__handle"))
