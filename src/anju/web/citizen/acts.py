"""What the public card of a compound offers: reporting, and what its residents are asked just now."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from anju.base.actor import STRANGER
from anju.disclosure.queries.cards import PublicCard
from anju.inspections.queries.rounds import open_places
from anju.web.disclosure.sections import CardAct


def acts(request: HttpRequest, card: PublicCard) -> Iterator[CardAct]:
    report = reverse("citizen:report", args=[card.code])
    yield CardAct("反映问题", "拍张照就能报", report, icon="camera", primary=True)
    for place in open_places(STRANGER, card.compound.pk, on=timezone.localdate()):
        url = reverse("citizen:ask", args=[card.code, place.round_id])
        day = place.round.closes_on
        yield CardAct(place.round.title, f"{day.month}月{day.day}日截止", url, icon="people")
    yield CardAct("查我反映过的事", "凭编号和查询码", reverse("citizen:look"), icon="search")
