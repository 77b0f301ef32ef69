"""What the search found, as the page shows it: groups with the list where there is more."""

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from anju.accounts.queries.search import Hits

# kind of row: heading, page of one row, page of all
_PLACES: dict[str, tuple[str, str, str]] = {
    "compound": ("小区", "places:compound", "places:compounds"),
    "organisation": ("单位与企业", "places:organisation", "places:organisations"),
    "person": ("人员", "people:person", "people:people"),
}


def groups_found(found: list[Hits], asked: str) -> list[dict[str, Any]]:
    return [_group(hits, asked) for hits in found]


def _group(hits: Hits, asked: str) -> dict[str, Any]:
    heading, one, everything = _PLACES[hits.kind]
    rows = [{"hit": hit, "url": reverse(one, args=[hit.pk])} for hit in hits.rows]
    note = f"前 {len(rows)} 条" if hits.more else f"{len(rows)} 条"
    return {"heading": heading, "rows": rows, "note": note, "url": f"{reverse(everything)}?{urlencode({'q': asked})}"}
