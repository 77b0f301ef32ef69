"""The public ledger: what was released by a named reviewer, without a word of anybody, small numbers merged (参考 2.8).

A row says what, where, which unit, how many days, with what result. Enforcement shows no compound but the town: its result belongs to a
person. Compounds with few rows are shown as their town, so that nobody is found by what is rare.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

from django.db.models import Count, Q, QuerySet
from django.utils.timezone import localtime

from anju.cases.models import Case, WorkflowEdition
from anju.cases.queries.catalogue import workflow_of
from anju.cases.queries.ledger import leads_done
from anju.cases.queries.naming import ended_late, late_naming
from anju.cases.queries.photos import SHOWN, public_photos
from anju.rules.cases.figures import SMALL, merged_small

PAGE: Final = 50
_COLUMNS: Final = (
    "id", "type", "workflow_id", "matter__name", "compound_id", "compound__name", "compound__division__level",
    "compound__division__name", "compound__division__parent__name", "filed_at", "ended_at", "outcome",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Released:
    """One anonymised row. `days` are natural days from filing to the end, the first not counted.

    `late`: it was ended late, and the county has decided to say so. `photos`: public name and kind of what a person released; none where
    the row does not say its compound.
    """

    matter: str
    place: str
    unit: str
    days: int
    outcome: str
    ended: str
    photos: tuple[tuple[str, str], ...] = ()
    late: bool = False


@dataclass(frozen=True, slots=True)
class PublicLedger:
    """`counts` are the compounds with enough rows, `rest` what the others have together; `withheld`: all of it is too little to show.

    `counted`: what is ended and only counted (disputes, private matters, what its reporter does not want shown, what came
    out of these), by town, the rest of it as `counted_rest`.
    """

    rows: tuple[Released, ...]
    after: int | None
    counts: tuple[tuple[str, int], ...]
    rest: int
    withheld: bool
    counted: tuple[tuple[str, int], ...] = ()
    counted_rest: int = 0


def is_hidden(case: Case) -> bool:
    """Say whether nothing of a case, nor of what comes out of it, may be shown to everyone."""
    return case.private or case.undisclosed or case.veiled


def released_cases() -> "QuerySet[Case]":
    """Return what is public. Needs no actor: it is what a reviewer let out for everyone."""
    shown = Case.objects.filter(released=True, private=False, undisclosed=False, veiled=False)
    return shown.filter(kind="final").exclude(closing="")


def public_ledger(*, after: int | None = None) -> PublicLedger:
    """Return a page of the public ledger, the newest first."""
    found = _publishable(released_cases())
    per_compound = _per_compound(found)
    shown, rest = merged_small(per_compound)
    counted, counted_rest = _only_counted()
    if 0 < sum(per_compound.values()) < SMALL:
        return PublicLedger((), None, (), 0, True, counted, counted_rest)
    earlier = found.filter(pk__lt=after) if after else found
    rows = list(earlier.order_by("-pk").values(*_COLUMNS)[: PAGE + 1])
    page = rows[:PAGE]
    units = leads_done([row["id"] for row in page])
    workflows = {edition: workflow_of(edition) for edition in {row["workflow_id"] for row in page}}
    names = dict(
        Case.objects.filter(compound__in=[int(pk) for pk in shown]).values_list("compound_id", "compound__name")
    )
    counts = sorted(((names[int(pk)], count) for pk, count in shown.items()), key=lambda pair: (-pair[1], pair[0]))
    photos = public_photos(row["id"] for row in page)
    late = _late(row["id"] for row in page)
    told = tuple(
        replace(
            _told(row, workflows[row["workflow_id"]], shown, units, tuple(photos.get(row["id"], ()))),
            late=row["id"] in late,
        )
        for row in page
    )
    further = page[-1]["id"] if len(rows) > PAGE else None
    return PublicLedger(told, further, tuple(counts), rest, False, counted, counted_rest)


def preview_of(case: Case) -> Released:
    """Return the row that everyone would read of a case if it were released now, for whoever decides that."""
    counts = _per_compound(_publishable(released_cases().exclude(pk=case.pk)))
    counts[str(case.compound_id)] = counts.get(str(case.compound_id), 0) + 1
    shown, _ = merged_small(counts)
    [row] = Case.objects.filter(pk=case.pk).values(*_COLUMNS)
    photos = tuple(public_photos([case.pk]).get(case.pk, ()))
    told = _told(row, workflow_of(case.workflow_id), shown, leads_done([case.pk]), photos)
    return replace(told, late=case.pk in _late([case.pk]))


def _per_compound(found: "QuerySet[Case]") -> dict[str, int]:
    rows = found.order_by().values_list("compound_id").annotate(count=Count("pk"))
    return {str(pk): count for pk, count in rows}


def _late(cases: Iterable[int]) -> frozenset[int]:
    """Return those of these cases that ended late, where the county has decided to say so."""
    named = late_naming()
    return ended_late(list(cases)) if named and named.on else frozenset()


def _only_counted() -> tuple[tuple[tuple[str, int], ...], int]:
    """Count by town what is ended and never shown, all kinds of it together. A handful is not even counted."""
    ended = Case.objects.filter(kind__in=("final", "end")).exclude(closing="")
    rows = ended.filter(Q(type__in=_of_publication("counts")) | Q(private=True) | Q(undisclosed=True) | Q(veiled=True))
    columns = ("compound__division__level", "compound__division__name", "compound__division__parent__name")
    per_town: dict[str, int] = {}
    for row in rows.order_by().values(*columns).annotate(count=Count("pk")):
        per_town[_town(row)] = per_town.get(_town(row), 0) + row["count"]
    shown, rest = merged_small(per_town)
    return tuple(sorted(shown.items(), key=lambda pair: (-pair[1], pair[0]))), rest if rest >= SMALL else 0


def _of_publication(publication: str) -> set[str]:
    """Return the types of all workflows in use of which the most that may be known is this."""
    editions = WorkflowEdition.objects.values_list("pk", flat=True)
    return {kind for pk in editions for kind, one in workflow_of(pk).types.items() if one.publication == publication}


def _publishable(found: "QuerySet[Case]") -> "QuerySet[Case]":
    """Leave out types of which the workflow lets only counts be known."""
    editions = set(found.order_by().values_list("workflow_id", "type").distinct())
    hidden = {kind for edition, kind in editions if workflow_of(edition).types[kind].publication == "counts"}
    return found.exclude(type__in=hidden)


def _told(
    row: dict[str, Any],
    workflow: Any,
    shown: dict[str, int],
    units: dict[int, str],
    photos: tuple[tuple[str, str], ...],
) -> Released:
    outcome = workflow.outcomes.get(row["outcome"])
    open_place = str(row["compound_id"]) in shown and workflow.types[row["type"]].publication != "result"
    filed, ended = localtime(row["filed_at"]).date(), localtime(row["ended_at"]).date()
    return Released(
        matter=row["matter__name"],
        place=row["compound__name"] if open_place else _town(row),
        unit=units.get(row["id"], ""),
        days=(ended - filed).days,
        outcome=outcome.name if outcome else "",
        ended=f"{ended.year}年{ended.month}月",
        photos=photos if open_place and workflow.types[row["type"]].publication in SHOWN else (),
    )


def _town(row: dict[str, Any]) -> str:
    below = row["compound__division__level"] == "community"
    return str(row["compound__division__parent__name"] if below else row["compound__division__name"])
