"""From what was told at the counter to a case, and what the receipt says of it."""

from typing import Any

from django.urls import reverse
from django.utils import timezone

from anju.cases.models import Case
from anju.cases.queries.citizen import status_of
from anju.cases.services.filing import Filing, join_case, submit_case
from anju.rules.cases.facts import Mode
from anju.web.citizen.receipt import in_twos, is_silent
from anju.web.citizen.showing import until_of
from anju.web.disclosure.views_posters import public_base
from anju.web.doors import ActorRequest


def told_of(request: ActorRequest, data: dict[str, Any], similar: list[Any]) -> dict[str, Any]:
    """File, or count one more who met it, and return what the receipt shows."""
    at = timezone.now()
    same = next((one for one in similar if str(one.pk) == request.POST.get("same")), None)
    if same is not None:
        case = Case.objects.select_related("matter", "compound").get(pk=same.pk)
        household = data["phone"] or data["key"]
        join_case(actor=request.actor, case=case, household=household, phone=data["phone"], at=at)
        return {"joined": case}
    receipt = submit_case(actor=request.actor, filing=_filing(data), at=at)
    status = status_of(receipt.case, at)
    return {
        "receipt": receipt,
        "code_words": in_twos(receipt.code),
        "status": status,
        "until": until_of(status, at),
        "silent": is_silent(receipt.case, data["phone"]),
        "look": public_base(request) + reverse("citizen:look"),
    }


def _filing(data: dict[str, Any]) -> Filing:
    named = data["name"] if data["mode"] == Mode.NAMED else ""
    anonymous = data["mode"] == Mode.ANONYMOUS
    return Filing(
        compound=data["compound"],
        matter=data["matter"],
        text=data["text"],
        spot=data["spot"],
        mode=Mode(data["mode"]),
        phone="" if anonymous else data["phone"],
        name=named,
        source=data["source"],
        key=data["key"],
    )
