"""The call list on paper, to work off by telephone."""

from collections.abc import Sequence
from datetime import date

from django.utils.timezone import localtime

from anju.cases.queries.calls import Call
from anju.papers.notices import said_notice
from anju.papers.typeset import pdf


def calls_pdf(calls: Sequence[Call], *, county: str, on: date, trial: bool, look: str = "") -> bytes:
    """Return the calls as an A4 PDF with their whole numbers and a place for what came of each.

    `look`: the address at which a reporter looks his case up.
    """
    rows = [
        [
            str(place),
            one.phone,
            said_notice(one.template, one.values),
            localtime(one.since).strftime("%m-%d %H:%M") + ("　紧急" if one.urgent else ""),
        ]
        for place, one in enumerate(calls, 1)
    ]
    return pdf("calls.typ", {"county": county, "printed": str(on), "look": look, "rows": rows}, trial=trial)
