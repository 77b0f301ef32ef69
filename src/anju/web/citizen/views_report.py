"""反映问题: a photo and a tile, a look, and it is sent. No account, no typing, no script needed."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from anju.cases.models import Case
from anju.cases.queries.citizen import Similar, similar_open
from anju.cases.queries.photos import free_photos
from anju.cases.queries.places import answerable
from anju.disclosure.queries.cards import compound_behind, moved_to
from anju.places.models import Compound, Organisation
from anju.web.citizen import draft as drafts
from anju.web.citizen.catalogue import (
    DANGER,
    NEGLECT,
    OTHER,
    Catalogue,
    catalogue_here,
    dangers,
    everyday,
    is_urgent,
    kinds_of,
    numbers_for,
    tile_of,
)
from anju.web.citizen.draft import Draft, open_draft
from anju.web.citizen.filing import Meant, file_it, join_it, needs_sum, photos_of
from anju.web.citizen.forms import MOST_PHOTOS, DangerForm, OtherForm, SendForm
from anju.web.citizen.passes import opened_here, remember_case
from anju.web.citizen.receipt import receipt_of
from anju.web.disclosure.views_public import citizen_frame
from anju.web.disclosure.visitor import new_sum, remember
from anju.web.doors import ActorRequest, public
from anju.web.files import serve_file
from anju.web.refusals import refusals


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: ActorRequest, code: str) -> HttpResponse:
    """Photo and tile. A photo that cannot be kept is said so and asked for again; one may go on without."""
    if new := moved_to(request.actor, code):
        return redirect("citizen:report", code=new)
    compound, catalogue = _here(request, code)
    pressed = request.POST.get("tile", "")
    if request.method == "POST" and (pressed == DANGER or tile_of(catalogue, pressed)):
        kept, faults = photos_of(request, at=timezone.now())
        if kept:
            faults = [f"收到 {len(kept)} 张照片，有的没收到：{fault}" for fault in faults]
        for fault in faults:
            messages.warning(request, fault if kept else f"照片没收到：{fault}也可以不拍，直接选种类。")
        if kept or not faults or pressed == DANGER:
            return redirect(_check_url(code, drafts.begin(compound.pk, pressed, kept)))
    context = {"tiles": everyday(catalogue), "most": MOST_PHOTOS, "code": code}
    response = render(request, "citizen/begin.html", context | _frame(compound, code, "共两步"))
    remember(request, response)
    return response


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: ActorRequest, code: str) -> HttpResponse:
    """看一眼，没错就发送."""
    compound, catalogue = _here(request, code)
    sealed = (request.POST or request.GET).get("d", "")
    held = open_draft(sealed, compound.pk)
    found = held or _begun_anew(sealed, compound)
    if found is None:
        messages.info(request, "放得太久了，请重新选一次。")
        return redirect("citizen:report", code=code)
    meant = _meant(request, compound, catalogue, found)
    form = _form(request, compound, catalogue, found, meant)
    if held is None and request.method == "POST":
        form.add_error(None, "放得太久了，还没有发出。写的都在，请看一眼，再按一次发送。")
    if request.method == "POST" and form.is_valid():
        answer = None
        with refusals(form) as done:
            answer = _send(request, compound, code, found, meant, form)
        if done.ok and answer is not None:
            return answer
    return render(request, "citizen/check.html", _to_check(request, compound, code, found, meant, form))


@public
@never_cache
@require_safe
def photo(request: ActorRequest, code: str) -> HttpResponseBase:
    """The small picture of a draft, for whoever holds the draft."""
    compound, _ = _here(request, code)
    found = open_draft(request.GET.get("d", ""), compound.pk)
    if found is None or not found.photos:
        return redirect("citizen:report", code=code)
    return serve_file(found.photos[0], lambda file: file.public_name in found.photos, thumbnail=True)


def _begun_anew(sealed: str, compound: Compound) -> Draft | None:
    """Return a draft that was left lying, as a new one: what was chosen, and the photos that are still there and in no report."""
    old = open_draft(sealed, compound.pk, late=True)
    return drafts.begin(compound.pk, old.tile, free_photos(old.photos)) if old else None


def _here(request: ActorRequest, code: str) -> tuple[Compound, Catalogue]:
    compound, catalogue = compound_behind(request.actor, code), catalogue_here()
    if compound is None or catalogue is None:
        raise Http404
    return compound, catalogue


def _meant(request: ActorRequest, compound: Compound, catalogue: Catalogue, found: Draft) -> Meant:
    """Return the tile and matter that are meant, as far as they are known; behind 有危险 the last of the dangers until one is pressed."""
    if found.tile == DANGER:
        chosen = request.POST.get("danger", "")
        known = [code for code, _ in dangers(catalogue)]
        tile = tile_of(catalogue, chosen if chosen in known else known[-1])
    else:
        tile = tile_of(catalogue, found.tile)
    if tile is None:
        raise Http404
    asked = request.POST.get("matter", "")
    if tile.code == OTHER and (about := _about(request, compound)):
        matter = catalogue.matters.get(NEGLECT, catalogue.matters[tile.matter])
        return Meant(tile, matter, is_urgent(tile, matter), about)
    matter = catalogue.matters[asked if asked in dict(kinds_of(catalogue, tile)) else tile.matter]
    return Meant(tile, matter, is_urgent(tile, matter))


def _about(request: ActorRequest, compound: Compound) -> Organisation | None:
    pressed = request.POST.get("about", "")
    return next((unit for unit in answerable(compound) if str(unit.pk) == pressed), None) if pressed else None


def _form(request: ActorRequest, compound: Compound, catalogue: Catalogue, found: Draft, meant: Meant) -> SendForm:
    typed = request.POST.copy() if request.method == "POST" else None
    if typed is not None:
        typed["d"] = found.sealed
    first = {"d": found.sealed, "mode": "hidden"}
    if found.tile == DANGER:
        return DangerForm(dangers(catalogue), typed, initial=first)
    kinds = kinds_of(catalogue, meant.tile)
    if found.tile == OTHER:
        units = [(str(unit.pk), unit.name) for unit in answerable(compound)]
        return OtherForm(kinds, units, typed, initial=first)
    return SendForm(kinds, typed, initial=first)


def _send(
    request: ActorRequest, compound: Compound, code: str, found: Draft, meant: Meant, form: SendForm
) -> HttpResponse | None:
    """File, or join the neighbour's report whose button was pressed."""
    at, data = timezone.now(), form.cleaned_data
    if same := _chosen(request, compound, meant):
        joined = join_it(request, same, data, at=at)
        return render(request, "citizen/joined.html", {"joined": joined, "code": code} | _frame(compound, code, "完成"))
    receipt = file_it(request, compound, found, meant, data, at=at)
    context = receipt_of(request, receipt, meant, found, data, at=at) | {"code": code}
    response = render(request, "citizen/receipt.html", context | _frame(compound, code, "完成"))
    remember_case(request, response, receipt.number)
    return response


def _chosen(request: ActorRequest, compound: Compound, meant: Meant) -> Case | None:
    """Return the neighbour's report whose 我也遇到了 was pressed: only one of those that were shown, and not one's own."""
    own = opened_here(request)
    shown = {str(one.pk) for one in similar_open(compound, meant.matter.code) if one.number not in own}
    pressed = request.POST.get("same", "")
    return Case.objects.filter(pk=int(pressed)).select_related("matter").first() if pressed in shown else None


def _to_check(
    request: ActorRequest, compound: Compound, code: str, found: Draft, meant: Meant, form: SendForm
) -> dict[str, Any]:
    question, seal = new_sum(request) if needs_sum(request, at=timezone.now()) else ("", "")
    similar: list[Similar] = [] if found.tile == DANGER else similar_open(compound, meant.matter.code)
    return {
        "form": form,
        "question": question,
        "seal": seal,
        "draft": found,
        "tile_name": "有危险" if found.tile == DANGER else meant.tile.name,
        "code": code,
        "urgent": meant.urgent,
        "numbers": numbers_for(meant.matter),
        "similar": similar,
        "own": opened_here(request),
        "photo_url": f"{reverse('citizen:photo', args=[code])}?{_query(found)}",
        "open_more": bool(form.errors),
        **_frame(compound, code, "第二步"),
    }


def _check_url(code: str, draft: Draft) -> str:
    return f"{reverse('citizen:check', args=[code])}?{_query(draft)}"


def _query(draft: Draft) -> str:
    query = QueryDict(mutable=True)
    query["d"] = draft.sealed
    return query.urlencode()


def _frame(compound: Compound, code: str, step: str) -> dict[str, Any]:
    first = step == "共两步"
    return {
        "where": compound.name,
        "task": f"反映问题 · {step}",
        "back_url": reverse("card:card" if first else "citizen:report", args=[code]),
        **citizen_frame(),
    }
