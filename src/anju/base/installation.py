"""What this installation is. The row is written once and never changes, so each process asks the database once."""

from datetime import datetime

from anju.base.actor import Refused
from anju.base.models import Installation

_known: Installation | None = None


def installation() -> Installation | None:
    """Return the installation's row, or None while nobody has chosen."""
    global _known
    if _known is None:
        _known = Installation.objects.first()
    return _known


def forget() -> None:
    """Ask the database again next time: another database has taken its place (tests, restore)."""
    global _known
    _known = None


def is_trial() -> bool:
    row = installation()
    return row is not None and row.mode == Installation.Mode.TRIAL


def is_real() -> bool:
    row = installation()
    return row is not None and row.mode == Installation.Mode.REAL


def claim(*, mode: Installation.Mode, county_name: str, policy_code: str, at: datetime) -> Installation:
    """Write the one row; refuse where there is one. Called inside the transaction that fills the county."""
    if Installation.objects.exists():
        raise Refused("installation.taken")
    return Installation.objects.create(mode=mode, county_name=county_name, policy_code=policy_code, created_at=at)
