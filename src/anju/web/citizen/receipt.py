"""The receipt: number, code, who handles it and until when, with a code of squares that leads to the case."""

from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.safestring import mark_safe

from anju.cases.models import Case
from anju.cases.queries.citizen import status_of
from anju.cases.services.filing import Receipt
from anju.papers.codes import qr_svg
from anju.rules.cases.facts import Mode
from anju.web.citizen.draft import Draft
from anju.web.citizen.filing import Meant, covered, place_told
from anju.web.citizen.passes import seal_pass
from anju.web.citizen.showing import until_of
from anju.web.disclosure.views_posters import public_base
from anju.web.doors import ActorRequest


def receipt_of(
    request: ActorRequest, receipt: Receipt, meant: Meant, draft: Draft, data: dict[str, Any], *, at: datetime
) -> dict[str, Any]:
    """Return what `citizen/receipt.html` shows."""
    status = status_of(receipt.case, at)
    url = reverse("citizen:case", args=[seal_pass(receipt.number, receipt.code, at)])
    return {
        "number": receipt.number,
        "code_words": in_twos(receipt.code),
        "what": meant.title,
        "photos": len(draft.photos),
        "filed_at": status.filed_at,
        "unit": status.unit,
        "until": until_of(status, at),
        "covered": covered(data["note"]),
        "unsaved": receipt.again and _differs(receipt.case, data),
        "note": data["note"],
        "silent": is_silent(receipt.case, data["phone"]),
        "status_url": url,
        "qr": mark_safe(qr_svg(public_base(request) + url, scaled=True)),  # noqa: S308  drawn by us from an address of ours
    }


def _differs(case: Case, data: dict[str, Any]) -> bool:
    """Say whether a report that came a second time, as by the way back, says more than the first did."""
    told = data["note"] in case.text and place_told(data) == case.spot
    return not told or (bool(data["phone"]) and case.mode == Mode.ANONYMOUS)


def is_silent(case: Case, phone: str) -> bool:
    """Say whether nobody can be told how it went on: whoever is anonymous leaves no number, even where one was typed."""
    return not phone or case.mode == Mode.ANONYMOUS


def in_twos(code: str) -> str:
    """Return 482619 as it is read out and copied: 48 26 19."""
    return " ".join(code[place : place + 2] for place in range(0, len(code), 2))
