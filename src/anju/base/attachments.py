"""Files that people hand in: photos, scans, papers. Private until a named person releases them.

These services ask no permission of their own: the service of the app that the file belongs to has asked before, and keeps the link.
A file goes out only through `web.files.serve_file`, which asks its caller.
"""

import secrets
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import BinaryIO

from django.db import transaction
from django.db.models import Q

from anju.base import audit
from anju.base.actor import Actor, Refused
from anju.base.file_kinds import KINDS, MOST_BYTES, BadFile, Kind, kind_of
from anju.base.images import Box, Picture, blackened, cleaned
from anju.base.models import Attachment
from anju.base.store import store

_NAME_BYTES = 18
UNUSED_KEPT = timedelta(days=1)


@transaction.atomic
def keep_file(
    *,
    actor: Actor,
    name: str,
    content: BinaryIO,
    at: datetime,
    consent: bool = False,
    seal: bool = False,
    images_only: bool = False,
) -> Attachment:
    """Check a file and keep it. Raises `BadFile`; with `images_only` also where it is a paper.

    `consent`: the person agreed that moment and place of the picture are kept. `seal`: the picture is also kept as it came,
    for evidence; only `open_original` reads it, and says so in the trail.
    """
    raw = content.read(MOST_BYTES + 1)
    kind = _picture_kind(name, raw) if images_only else kind_of(name, raw)
    sealed = store().put(raw) if seal and kind.is_image else ""
    if kind.is_image:
        return _keep_picture(actor, cleaned(raw, kind, consent=consent), kind, at, sealed=sealed)
    return _create(actor, kind, at, digest=store().put(raw), size=len(raw))


def _picture_kind(name: str, raw: bytes) -> Kind:
    """Whatever is no picture of ours is told so where only pictures are taken, and not which papers are taken elsewhere."""
    try:
        kind = kind_of(name, raw)
    except BadFile as bad:
        raise BadFile("no_picture" if bad.code == "unknown_kind" else bad.code) from bad
    if not kind.is_image:
        raise BadFile("no_picture")
    return kind


@transaction.atomic
def blacken_picture(*, actor: Actor, file: Attachment, boxes: Sequence[Box], at: datetime) -> Attachment:
    """Return a new file with the boxes covered; the old one stays as it is. Raises `BadFile`."""
    kind = KINDS[file.kind]
    if not kind.is_image or not boxes:
        raise BadFile("bad_box")
    with open_file(file) as stream:
        picture = blackened(stream.read(), kind, boxes)
    made = _keep_picture(actor, picture, kind, at, derived_from=file)
    audit.record(actor=actor, action="file.blackened", at=at, subject=made, note={"from": file.pk, "boxes": len(boxes)})
    return made


@transaction.atomic
def release_file(*, actor: Actor, file: Attachment, at: datetime) -> Attachment:
    """A named person makes a file public (政府信息公开条例 17)."""
    row = Attachment.objects.select_for_update().get(pk=file.pk)
    if actor.user_id is None:
        raise Refused("file.needs_a_person")
    if row.released_at is None:
        row.released_by, row.released_at = actor.user_id, at
        row.save(update_fields=["released_by", "released_at"])
        audit.record(actor=actor, action="file.released", at=at, subject=row)
    return row


@transaction.atomic
def withdraw_file(*, actor: Actor, file: Attachment, reason: str, at: datetime) -> Attachment:
    """Take a release back."""
    row = Attachment.objects.select_for_update().get(pk=file.pk)
    if row.released_at is not None:
        row.released_by = row.released_at = None
        row.save(update_fields=["released_by", "released_at"])
        audit.record(actor=actor, action="file.withdrawn", at=at, subject=row, note={"reason": reason})
    return row


@transaction.atomic
def open_original(*, actor: Actor, file: Attachment, reason: str, at: datetime) -> BinaryIO:
    """Open the sealed original; who did it and why stands in the trail."""
    if not file.sealed_digest:
        raise Refused("file.no_original")
    audit.record(actor=actor, action="file.original_opened", at=at, subject=file, note={"reason": reason})
    return store().open(file.sealed_digest)


def open_file(file: Attachment) -> BinaryIO:
    return store().open(file.digest)


def open_thumbnail(file: Attachment) -> BinaryIO:
    """The small picture, always JPEG. Of a paper there is none."""
    return store().open(file.thumbnail_digest)


def find_file(public_name: str) -> Attachment | None:
    """Return the file of a public name. Whether the asker may have it is the caller's question."""
    return Attachment.objects.filter(public_name=public_name).first()


def forget_unused(*, actor: Actor, at: datetime) -> int:
    """Remove files that nothing came of within a day: photos of reports that were never sent. Return how many.

    A file is in use where any row names it. Its bytes go a day later, so that a backup that is being made never misses them.
    """
    if actor.role != "system":
        raise Refused("file.needs_a_person")
    free = Attachment.objects.filter(kept_at__lt=at - UNUSED_KEPT, released_at=None)
    for relation in Attachment._meta.related_objects:
        name = relation.field.name
        used = relation.related_model._default_manager.filter(**{f"{name}__isnull": False})
        free = free.exclude(pk__in=used.values(name))
    count, _ = Attachment.objects.filter(pk__in=list(free.values_list("pk", flat=True)[:1000])).delete()
    _forget_bytes(at - 2 * UNUSED_KEPT)
    return count


def _forget_bytes(before: datetime) -> None:
    """Remove what no row names and nobody has handed in since then."""
    for digests in _batched(store().untouched_since(before), 500):
        rows = Attachment.objects.filter(
            Q(digest__in=digests) | Q(thumbnail_digest__in=digests) | Q(sealed_digest__in=digests)
        )
        named = {one for row in rows.values_list("digest", "thumbnail_digest", "sealed_digest") for one in row}
        for digest in set(digests) - named:
            store().forget(digest, since=before)


def _batched(digests: Iterable[str], size: int) -> Iterator[list[str]]:
    rest = iter(digests)
    while some := list(islice(rest, size)):
        yield some


def missing_files() -> list[int]:
    """Return the ids of files whose bytes are not in the store."""
    kept = store()
    rows = Attachment.objects.values_list("id", "digest", "thumbnail_digest", "sealed_digest").order_by("id")
    return [
        number for number, *digests in rows.iterator() if not all(kept.holds(digest) for digest in digests if digest)
    ]


def _keep_picture(
    actor: Actor,
    picture: Picture,
    kind: Kind,
    at: datetime,
    *,
    sealed: str = "",
    derived_from: Attachment | None = None,
) -> Attachment:
    return _create(
        actor,
        kind,
        at,
        digest=store().put(picture.content),
        size=len(picture.content),
        thumbnail_digest=store().put(picture.thumbnail),
        sealed_digest=sealed,
        derived_from=derived_from,
        width=picture.width,
        height=picture.height,
        taken_at=picture.taken_at,
        latitude=picture.latitude,
        longitude=picture.longitude,
    )


def _create(actor: Actor, kind: Kind, at: datetime, **fields: object) -> Attachment:
    name = f"{secrets.token_urlsafe(_NAME_BYTES)}.{kind.extensions[0]}"
    return Attachment.objects.create(public_name=name, kind=kind.code, kept_by=actor.user_id, kept_at=at, **fields)
