"""What cases may be about and how they run: the catalogue in force, and the workflow of an edition. No secret, so no actor."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from anju.base.actor import Refused
from anju.base.composed import composed
from anju.cases.models import Case, Matter, MatterCatalogue, UnitCode, WorkflowEdition
from anju.rules.cases.matters import Matter as MatterRow
from anju.rules.cases.matters import Tile, When
from anju.rules.cases.workflow import Amount, Urgency, Workflow
from anju.rules.cases.workflow_file import parse_workflow

if TYPE_CHECKING:
    from django.db.models import QuerySet

OTHER = "PC08"  # 其他物业管理问题: where a citizen names no matter


_BY_DIGEST: dict[str, Workflow] = {}  # an edition never changes, so what was read of it stays true


def workflow_of(edition_id: int) -> Workflow:
    """Return the workflow of an edition, read once a process."""
    digest = WorkflowEdition.objects.values_list("digest", flat=True).get(pk=edition_id)
    return _workflow(edition_id, digest)


def _workflow(edition_id: int, digest: str) -> Workflow:
    if digest not in _BY_DIGEST:
        content = WorkflowEdition.objects.values_list("content", flat=True).get(pk=edition_id)
        units = frozenset(UnitCode.objects.values_list("code", flat=True))
        _BY_DIGEST[digest] = parse_workflow(content, units=units)
    return _BY_DIGEST[digest]


def edition_in_force() -> WorkflowEdition:
    """Return the newest edition: what a new case begins with."""
    edition = WorkflowEdition.objects.defer("content").order_by("-version", "-pk").first()
    if edition is None:
        raise Refused("case.no_workflow")
    return edition


def is_loaded() -> bool:
    """Say whether the county has a workflow yet: one that an older release founded gets it from the ticker's first minute."""
    return bool(_newest())


def workflow_in_force() -> Workflow:
    for pk, digest in _newest():
        return _workflow(pk, digest)
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
    """Return what a citizen presses, in the catalogue's order."""
    return [Tile(**{**one, "more": tuple(one["more"])}) for one in catalogue_in_force().tiles]


def matters_in_force() -> dict[str, Matter]:
    return {row.code: row for row in Matter.objects.filter(ended_on=None).order_by("position")}


def matter_row(matter: Matter) -> MatterRow:
    """Return a stored matter as the rules know it."""
    body: dict[str, Any] = dict(matter.body)
    handle = body.pop("handle")
    when = tuple(_when(one) for one in body.pop("when"))
    urgency = Urgency(body.pop("urgency"))
    plain: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in body.items()}
    return MatterRow(**plain, urgency=urgency, when=when, handle=Amount.of(handle) if handle else None)


def _when(told: Mapping[str, str | None]) -> When:
    urgency = told["urgency"]
    return When(
        told["circumstance"] or "", told["lead"] or "", Urgency(urgency) if urgency else None, told["first"] or ""
    )


def limits_of_matters() -> dict[tuple[str, str], Amount]:
    """Return the matters' own limits for `Book.matter_limits`, ended matters too: their cases run on."""
    rows = Matter.objects.exclude(body__handle=None).values_list("code", "body__handle")
    return {("handle", code): Amount.of(handle) for code, handle in rows}
