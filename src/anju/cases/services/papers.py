"""Files that come with an act: checked and kept by `base.attachments`, linked here with what they prove."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO, Final

from anju.base.actor import Actor
from anju.base.attachments import keep_file
from anju.base.models import Attachment
from anju.cases.models import CaseEvent, CaseFile

MOST: Final = 9
_KINDS: Final = {"photo": "before", "after_photo": "after", "scene_photo": "scene"}


@dataclass(frozen=True, slots=True)
class Paper:
    """A file as it was handed in. `evidence` is its code in the workflow, such as photo, after_photo or scan.

    `kept`: it was kept before, as the photos of a citizen who looked at his report once more; then there is no `content`.
    """

    evidence: str
    name: str
    content: BinaryIO | None = None
    consent: bool = False
    seal: bool = False
    images_only: bool = False
    kept: Attachment | None = None


def keep_papers(actor: Actor, papers: Iterable[Paper], at: datetime) -> list[tuple[Paper, Attachment]]:
    """Keep the bytes before anything is decided: a case never names a file that is not there. Raises `BadFile`."""
    return [(one, one.kept or _kept(actor, one, at)) for one in papers]


def _kept(actor: Actor, one: Paper, at: datetime) -> Attachment:
    assert one.content is not None
    return keep_file(
        actor=actor,
        name=one.name,
        content=one.content,
        consent=one.consent,
        seal=one.seal,
        images_only=one.images_only,
        at=at,
    )


def link_papers(event: CaseEvent, kept: Iterable[tuple[Paper, Attachment]]) -> None:
    CaseFile.objects.bulk_create(
        CaseFile(
            case_id=event.case_id,
            event=event,
            attachment=row,
            kind=_KINDS.get(paper.evidence, "document"),
            evidence=paper.evidence,
        )
        for paper, row in kept
    )
