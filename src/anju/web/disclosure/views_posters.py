"""Posters: the QR code of a compound's card with what is public that day, for its wall."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from anju.base.installation import is_trial
from anju.disclosure.queries.cards import PublicCard, cards_of, open_compounds
from anju.disclosure.queries.policy import disclosure_here
from anju.papers.poster import Poster, poster_pdf
from anju.places.queries.compounds import find_compounds
from anju.rules.permissions import Permission
from anju.web.disclosure.forms import MOST_POSTERS, PosterFilter, PosterForm
from anju.web.disclosure.words import grouped, public_line
from anju.web.doors import ActorRequest, door

_MOST = 500


@door(Permission.RELEASE_VIEW)
def posters(request: ActorRequest) -> HttpResponse:
    form = PosterFilter(request.actor, request.GET)
    sought = find_compounds(request.actor, form.sought())
    rows = sought.filter(pk__in=open_compounds(request.actor).values("id")).select_related("division__parent", "card")
    context = {
        "form": form,
        "rows": rows.order_by("pinyin", "id")[:_MOST],
        "most": MOST_POSTERS,
        "base": public_base(request),
        "breadcrumb": [{"label": "公开审查", "url": reverse("disclosure:releases")}, {"label": "二维码海报"}],
    }
    return render(request, "disclosure/posters.html", context)


@door(Permission.RELEASE_VIEW)
def poster_file(request: ActorRequest) -> HttpResponse:
    if "compound" not in request.GET:
        messages.warning(request, "没有选小区，请至少勾选一个。")
        return redirect("disclosure:posters")
    if not request.GET:
        return redirect("disclosure:posters")
    form = PosterForm(request.actor, request.GET)
    if not form.is_valid():
        trail = [{"label": "二维码海报", "url": reverse("disclosure:posters")}, {"label": "没有打印"}]
        return render(request, "disclosure/no_poster.html", {"form": form, "breadcrumb": trail}, status=422)
    cards = cards_of(request.actor, [row.pk for row in form.cleaned_data["compound"]])
    printed = poster_pdf(
        [_poster(request, card) for card in cards],
        paper=form.cleaned_data["paper"],
        phone=disclosure_here().complaint_phone,
        on=timezone.localdate(),
        trial=is_trial(),
    )
    headers = {"Content-Disposition": 'inline; filename="posters.pdf"'}
    return HttpResponse(printed, content_type="application/pdf", headers=headers)


def public_base(request: ActorRequest) -> str:
    """Return where citizens reach us: as the installation says, else as this request came."""
    return settings.PUBLIC_URL or request.build_absolute_uri("/").rstrip("/")


def _poster(request: ActorRequest, card: PublicCard) -> Poster:
    groups = [
        (heading, [(line.name, line.text, line.known) for line in lines])
        for _, heading, lines in grouped([public_line(line) for line in card.lines])
    ]
    address = public_base(request) + reverse("card:card", args=[card.code])
    return Poster(card.compound.name, card.place, address, groups)
