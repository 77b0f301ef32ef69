"""What disclosure brings to the page of a compound: how much of it is public, its poster, the corrections that wait."""

from collections.abc import Iterator

from anju.disclosure.queries.cards import preview_card
from anju.disclosure.queries.corrections import waiting_corrections
from anju.places.models import Compound
from anju.rules.permissions import Permission
from anju.web.doors import ActorRequest
from anju.web.places.sections import Section


def sections(request: ActorRequest, compound: Compound) -> Iterator[Section]:
    if not request.actor.may(Permission.RELEASE_VIEW):
        return
    card = preview_card(request.actor, compound.pk)
    if card is None:
        return
    shown = sum(1 for line in card.lines if line.value is not None)
    values = {
        "card": card,
        "shown": shown,
        "pending": len(card.lines) - shown,
        "waiting": waiting_corrections(request.actor).filter(compound=compound).count(),
    }
    yield Section("public", "disclosure/compound.html", values, rail=True)
