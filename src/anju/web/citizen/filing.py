"""From what a citizen chose to a case: one report, and 我也遇到了 to another's."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO, cast

from django.core.files.uploadedfile import UploadedFile

from anju.base.actor import Refused
from anju.base.attachments import find_file, keep_file
from anju.base.file_kinds import BadFile
from anju.cases.models import Case
from anju.cases.services.filing import Filing, Receipt, join_case, submit_case
from anju.cases.services.papers import Paper
from anju.disclosure.services.knocks import may_upload, sum_needed, take_filing
from anju.places.models import Compound, Organisation
from anju.rules.cases.facts import Mode
from anju.rules.cases.matters import Matter, Tile
from anju.rules.cases.redaction import Personal, proposals
from anju.web.citizen.draft import Draft
from anju.web.citizen.forms import MOST_PHOTOS
from anju.web.disclosure.visitor import device_of, knock_of, solved
from anju.web.doors import ActorRequest
from anju.web.files import FILE_WORDS
from anju.web.words import sentence

COVERED: dict[Personal, str] = {
    Personal.PHONE: "电话",
    Personal.ID_NUMBER: "身份证号",
    Personal.PLATE: "车牌",
    Personal.ROOM: "房号",
    Personal.NAME: "姓名",
}


@dataclass(frozen=True, slots=True)
class Meant:
    """What is reported: the tile that was pressed, the matter behind it, whether it is urgent, the unit it is about if it is one."""

    tile: Tile
    matter: Matter
    urgent: bool
    about: Organisation | None = None

    @property
    def title(self) -> str:
        return f"{self.about.name}不管、不办" if self.about else self.tile.name


def needs_sum(request: ActorRequest, *, at: datetime) -> bool:
    return sum_needed(actor=request.actor, knock=knock_of(request), at=at, kind="filing_address")


def photos_of(request: ActorRequest, *, at: datetime) -> tuple[tuple[str, ...], list[str]]:
    """Keep the photos of the form, written anew without what the phone put into them unless the citizen agreed.

    Return their public names, and why others were not kept: one that is no good does not take the good ones with it.
    """
    handed = [file for file in request.FILES.getlist("photo") if file.name]
    kept: list[str] = []
    faults = [f"一次最多 {MOST_PHOTOS} 张，多出的没有收。"] if len(handed) > MOST_PHOTOS else []
    for file in handed[:MOST_PHOTOS]:
        try:
            kept.append(_kept(request, file, at))
        except BadFile as bad:
            faults.append(FILE_WORDS[bad.code])
        except Refused as refusal:
            faults.append(sentence(refusal))
    return tuple(kept), list(dict.fromkeys(faults))


def _kept(request: ActorRequest, file: "UploadedFile[Any]", at: datetime) -> str:
    if not may_upload(actor=request.actor, knock=knock_of(request), at=at):
        raise Refused("filing.too_many_photos")
    consent, content = request.POST.get("consent") == "1", cast(BinaryIO, file)
    name = file.name or ""
    row = keep_file(actor=request.actor, name=name, content=content, at=at, consent=consent, images_only=True)
    return row.public_name


def file_it(
    request: ActorRequest, compound: Compound, draft: Draft, meant: Meant, data: dict[str, Any], *, at: datetime
) -> Receipt:
    """File the report. Sent twice it is one case. Raises `Refused`."""
    knock = knock_of(request, sum_solved=solved(request, data["seal"], data["sum"]))
    take_filing(actor=request.actor, knock=knock, compound=compound.pk, key=draft.key, urgent=meant.urgent, at=at)
    filing = Filing(
        compound=compound,
        matter=meant.matter.code,
        circumstances=(meant.tile.circumstance,) if meant.tile.circumstance else (),
        text="。".join(part for part in (meant.title, data["note"]) if part),
        spot=place_told(data),
        files=_papers(draft),
        mode=_mode(data),
        phone=data["phone"],
        name=data["name"] if data["mode"] is Mode.NAMED else "",
        source="qr",
        respondents=frozenset({meant.about.pk} if meant.about else ()),
        undisclosed=data["undisclosed"],
        key=draft.key,
    )
    return submit_case(actor=request.actor, filing=filing, at=at)


def join_it(request: ActorRequest, case: Case, data: dict[str, Any], *, at: datetime) -> Case:
    """我也遇到了, once a device."""
    return join_case(
        actor=request.actor, case=case, household=f"device:{device_of(request)}", phone=data["phone"], at=at
    )


def covered(text: str) -> list[str]:
    """Return in words what of a text will be covered before the other side reads it."""
    return list(dict.fromkeys(COVERED[span.kind] for span in proposals(text)))


def place_told(data: dict[str, Any]) -> str:
    return " ".join(part for part in (data["building"], data["spot"]) if part)


def _mode(data: dict[str, Any]) -> Mode:
    """Who left neither name nor number is anonymous, whatever was pressed."""
    mode: Mode = data["mode"]
    return mode if mode is Mode.NAMED or data["phone"] else Mode.ANONYMOUS


def _papers(draft: Draft) -> tuple[Paper, ...]:
    kept = [row for name in draft.photos if (row := find_file(name)) is not None]
    return tuple(Paper("photo", row.public_name, kept=row) for row in kept)
