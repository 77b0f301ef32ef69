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
    """A file as it was handed in. `evidence` is its code in the workflow, such as photo, after_photo or scan."""

    evidence: str
    name: str
    content: BinaryIO
    consent: bool = False
    seal: bool = False


def keep_papers(actor: Actor, papers: Iterable[Paper], at: datetime) -> list[tuple[Paper, Attachment]]:
    """Keep the bytes before anything is decided: a case never names a file that is not there. Raises `BadFile`."""
    return [
        (one, keep_file(actor=actor, name=one.name, content=one.content, consent=one.consent, seal=one.seal, at=at))
        for one in papers
    ]


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
