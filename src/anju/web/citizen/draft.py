"""What a citizen has chosen so far, carried in the address and signed: nothing is kept for somebody who may never send it.

Only the photos are kept, under their random names, and forgotten after a day where nothing came of them.
"""

import secrets
from dataclasses import asdict, dataclass
from datetime import timedelta

from django.core import signing

LIFE = timedelta(hours=3)
_SALT = "anju.citizen.draft"


@dataclass(frozen=True, slots=True)
class Draft:
    """`photos` are public names of attachments; `key` makes the same sending twice one case."""

    compound: int
    tile: str
    photos: tuple[str, ...]
    key: str

    @property
    def sealed(self) -> str:
        return signing.dumps(asdict(self), salt=_SALT, compress=True)


def begin(compound: int, tile: str, photos: tuple[str, ...]) -> Draft:
    return Draft(compound, tile, photos, secrets.token_urlsafe(16))


def open_draft(sealed: str, compound: int, *, late: bool = False) -> Draft | None:
    """Return the draft of this compound that was sealed by us lately, or None. `late`: also one of long ago."""
    try:
        told = signing.loads(sealed[:2000], salt=_SALT, max_age=None if late else LIFE)
        found = Draft(**{**told, "photos": tuple(told["photos"])})
    except (signing.BadSignature, ValueError, TypeError, KeyError):
        return None
    return found if found.compound == compound else None
