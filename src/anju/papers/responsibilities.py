"""责任清单 on paper."""

from collections.abc import Sequence
from datetime import date

from anju.papers.typeset import pdf
from anju.places.models import Organisation, PolicyEdition
from anju.places.queries.policy import ItemRow


def responsibilities_pdf(
    *,
    edition: PolicyEdition,
    rows: Sequence[ItemRow],
    unit: Organisation | None,
    county: str,
    on: date,
    trial: bool,
) -> bytes:
    """Return the list of an edition as an A4 PDF: of all units in short, of one unit with the paragraphs in full."""
    data = {
        "title": edition.title,
        "source": f"{edition.number}　{edition.issuer} {edition.issued_on} 印发",
        "county": county,
        "printed": str(on),
        "unit": unit.name if unit else "",
        "tasks": [_printed(row, in_full=unit is not None) for row in rows if row.units],
        "demands": [_printed(row, in_full=False) for row in rows if not row.units],
    }
    return pdf("responsibilities.typ", data, trial=trial)


def _printed(row: ItemRow, *, in_full: bool) -> dict[str, object]:
    return {
        "cite": row.item.cite,
        "heading": row.item.heading,
        "text": row.item.text if in_full else "",
        "units": [unit.name for unit in row.units],
    }
