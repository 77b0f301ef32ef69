"""Photos of a case on their way to the public: what there is, what of it was blackened, what a named person released."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import QuerySet

from anju.base.actor import Actor
from anju.base.models import Attachment
from anju.cases.models import Case, CaseFile
from anju.cases.queries.catalogue import workflow_of_case
from anju.cases.queries.record import offered_acts

# Publications that may show a place; a result belongs to a person, counts to nobody.
SHOWN: Final = ("ledger", "building")
REVIEW: Final = frozenset({"release", "unpublish"})  # the acts of whoever decides what is public
_KINDS: Final = ("before", "after", "scene")
# What a company or an owners' body photographs while it dissuades is neither before nor after the handling.
_DISSUADING: Final = frozenset({"dissuade", "dissuade_ok"})


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo of a case, or what a person made of it: `covered`, with places blackened."""

    file: Attachment
    kind: str
    covered: bool


def kind_of(kind: str, transition: str) -> str:
    """Return what a file shows: before, after, scene or document as it is kept; dissuasion for a picture of a dissuasion."""
    return "dissuasion" if kind == "before" and transition in _DISSUADING else kind


def may_review(actor: Actor, case: Case, at: datetime) -> bool:
    """Say whether the actor decides now what of this case is public: whoever may release it or take the release back."""
    return any(one.code in REVIEW for one in offered_acts(actor, case, at))


def shows_photos(case: Case) -> bool:
    """Say whether photos of such a case may be public at all: not of what belongs to a person or is only counted."""
    return not case.private and workflow_of_case(case).types[case.type].publication in SHOWN


def photos_of(case: Case) -> list[Photo]:
    """Return the pictures of a case in the order they came, each followed by its blackened versions."""
    rows = CaseFile.objects.filter(case=case, kind__in=_KINDS).exclude(attachment__thumbnail_digest="")
    files = list(rows.select_related("attachment", "event").order_by("pk"))
    made: dict[int, list[Attachment]] = {}
    for one in Attachment.objects.filter(derived_from__in=[row.attachment_id for row in files]).order_by("pk"):
        made.setdefault(one.derived_from_id or 0, []).append(one)
    return [
        Photo(file, kind_of(row.kind, row.event.transition), covered=file is not row.attachment)
        for row in files
        for file in (row.attachment, *made.get(row.attachment_id, ()))
    ]


def free_photos(names: Iterable[str]) -> tuple[str, ...]:
    """Return those of these pictures that are still kept and belong to no case."""
    rows = Attachment.objects.filter(public_name__in=list(names)).exclude(pk__in=CaseFile.objects.values("attachment"))
    return tuple(rows.order_by("pk").values_list("public_name", flat=True))


def photo_of(case: Case, name: str) -> Photo | None:
    return next((one for one in photos_of(case) if one.file.public_name == name), None)


def public_photos(cases: Iterable[int]) -> Mapping[int, list[tuple[str, str]]]:
    """Return what of each case is released, as public name and kind. Whether the case is, the caller has asked."""
    found: dict[int, list[tuple[str, str]]] = {}
    rows = CaseFile.objects.filter(case__in=list(cases), kind__in=_KINDS).order_by("pk")
    plain = rows.filter(attachment__released_at__isnull=False)
    covered = rows.filter(attachment__derivatives__released_at__isnull=False)
    columns = ("case_id", "kind", "event__transition")
    for case, kind, act, name in (
        *plain.values_list(*columns, "attachment__public_name"),
        *covered.values_list(*columns, "attachment__derivatives__public_name"),
    ):
        found.setdefault(case, []).append((name, kind_of(kind, act)))
    return found


def is_public(file: Attachment, released: "QuerySet[Case]") -> bool:
    """Say whether everyone may see a photo now: it is released, its case is, and such cases show photos."""
    if file.released_at is None:
        return False
    row = CaseFile.objects.filter(attachment=file.derived_from_id or file.pk).select_related("case").first()
    return row is not None and released.filter(pk=row.case_id).exists() and shows_photos(row.case)
