"""Photos for the public: blackened by hand, released and taken back by the named person who reviews the case."""

from collections.abc import Sequence
from datetime import datetime
from typing import BinaryIO

from django.db import transaction

from anju.base.actor import Actor, Denied, Refused
from anju.base.attachments import blacken_picture, open_original, release_file, withdraw_file
from anju.base.images import Box
from anju.base.models import Attachment
from anju.cases.models import Case
from anju.cases.queries.parties import is_outsider
from anju.cases.queries.photos import Photo, may_review, photo_of, shows_photos
from anju.cases.queries.record import files_for
from anju.cases.queries.scoped import cases_for
from anju.rules.permissions import Permission


@transaction.atomic
def blacken_photo(*, actor: Actor, case: Case, name: str, boxes: Sequence[Box], at: datetime) -> Attachment:
    """Return a new picture with the boxes covered; the one it was made from stays as it is. Raises `Refused`, `BadFile`."""
    return blacken_picture(actor=actor, file=_reviewed(actor, case, name, at).file, boxes=boxes, at=at)


@transaction.atomic
def release_photo(*, actor: Actor, case: Case, name: str, looked: bool, at: datetime) -> Attachment:
    """Let everyone see a photo once its case is public. `looked`: the person says that nothing in it tells of anybody."""
    photo = _reviewed(actor, case, name, at)
    if not shows_photos(case):
        raise Refused("photo.never_public")
    if not looked:
        raise Refused("photo.look_first")
    return release_file(actor=actor, file=photo.file, at=at)


@transaction.atomic
def withdraw_photo(*, actor: Actor, case: Case, name: str, at: datetime) -> Attachment:
    photo = _reviewed(actor, case, name, at)
    return withdraw_file(actor=actor, file=photo.file, reason="公开审查", at=at)


@transaction.atomic
def open_evidence(*, actor: Actor, case: Case, name: str, reason: str, at: datetime) -> tuple[Attachment, BinaryIO]:
    """Open the picture as it came, for whoever works on the case; who did and why stands in the trail."""
    actor.require(Permission.CASE_ACT)
    if not cases_for(actor).filter(pk=case.pk).exists() or is_outsider(actor, case):
        raise Denied(Permission.CASE_ACT)
    file = next((row.attachment for row in files_for(actor, case) if row.attachment.public_name == name), None)
    if file is None:
        raise Refused("photo.none")
    return file, open_original(actor=actor, file=file, reason=reason, at=at)


def _reviewed(actor: Actor, case: Case, name: str, at: datetime) -> Photo:
    actor.require(Permission.CASE_ACT)
    if not cases_for(actor).filter(pk=case.pk).exists() or not may_review(actor, case, at):
        raise Denied(Permission.CASE_ACT)
    photo = photo_of(case, name)
    if photo is None:
        raise Refused("photo.none")
    return photo
