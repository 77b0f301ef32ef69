"""What anyone sees: finding a compound, its card, 纠错 and the reply to it. Never kept by a browser: what is revoked is gone at once."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from anju.disclosure.models import Correction
from anju.disclosure.queries.cards import PublicCard, moved_to, public_card, search_cards
from anju.disclosure.queries.corrections import reply_of
from anju.disclosure.queries.policy import disclosure_here
from anju.disclosure.services.corrections import Report, report_error
from anju.disclosure.services.knocks import sum_needed
from anju.rules.disclosure import written_code
from anju.web.disclosure.forms import CodeForm, FindForm, ReportForm
from anju.web.disclosure.sections import acts_of, sections_of
from anju.web.disclosure.visitor import knock_of, new_sum, remember, solved
from anju.web.disclosure.words import PublicLine, grouped, public_line
from anju.web.doors import ActorRequest, public
from anju.web.refusals import refusals


@public
@never_cache
@require_safe
def find(request: ActorRequest) -> HttpResponse:
    form = FindForm(request.GET) if "q" in request.GET else FindForm()
    asked = form.cleaned_data["q"] if form.is_bound and form.is_valid() else ""
    found, more = search_cards(request.actor, asked)
    context = {"form": form, "asked": asked, "found": found, "more": more, "back_url": reverse("public:front")}
    return render(request, "disclosure/find.html", context | citizen_frame())


@public
@never_cache
@require_safe
def card(request: ActorRequest, code: str) -> HttpResponse:
    if new := moved_to(request.actor, code):
        return redirect("card:card", code=new)
    found = _card(request, code)
    return render(request, "disclosure/card.html", card_context(request, found) | {"back_url": reverse("card:find")})


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def fix(request: ActorRequest, code: str) -> HttpResponse:
    found = _card(request, code)
    lines = _asked_lines(request, found)
    question, seal = new_sum(request)
    asked = question if _needs_sum(request) else ""
    form = ReportForm(lines, request.POST or None, sum_asked=asked)
    if request.method == "POST" and form.is_valid():
        with refusals(form) as done:
            row = _report(request, found, lines, form)
        if done.ok:
            return redirect(reverse("card:reply", args=[row.code]) + "?new=1")
    if _needs_sum(request):
        form = form if asked else ReportForm(lines, request.POST or None, sum_asked=question)
        form.ask_again(seal)
    context = {"form": form, "card": found, "where": found.compound.name, "back_url": _url(found)}
    response = render(request, "disclosure/fix.html", context | citizen_frame())
    remember(request, response)
    return response


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def look_up(request: ActorRequest) -> HttpResponse:
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        if reply_of(request.actor, code):
            return redirect("card:reply", code=code)
        form.add_error("code", "没有这个编号的纠错，请核对后再输一次。")
    context = {"form": form, "back_url": reverse("card:find")}
    return render(request, "disclosure/look_up.html", context | citizen_frame())


@public
@never_cache
@require_safe
def reply(request: ActorRequest, code: str) -> HttpResponse:
    found = reply_of(request.actor, code)
    if found is None:
        raise Http404
    context = {
        "reply": found,
        "code": written_code(code),
        "is_new": "new" in request.GET,
        "where": found.compound,
        "late": found.accepted is None and found.due_on is not None and found.due_on < timezone.localdate(),
        "back_url": reverse("card:find"),
    }
    return render(request, "disclosure/reply.html", context | citizen_frame())


def card_context(request: ActorRequest, found: PublicCard) -> dict[str, Any]:
    """Return what `disclosure/card.html` shows; the preview shows the same."""
    return {
        "card": found,
        "where": found.compound.name,
        "sections": sections_of(request, found),
        "acts": acts_of(request, found),
        **citizen_frame(),
    }


def citizen_frame() -> dict[str, Any]:
    return {"bureau_name": "县住建局房管所", "bureau_phone": disclosure_here().complaint_phone}


def _card(request: ActorRequest, code: str) -> PublicCard:
    found = public_card(request.actor, code)
    if found is None:
        raise Http404
    return found


def _url(found: PublicCard) -> str:
    return reverse("card:card", args=[found.code])


def _asked_lines(request: ActorRequest, found: PublicCard) -> list[PublicLine]:
    """Return the lines of the section somebody came from, all as the card orders them where they came from none."""
    group = request.GET.get("group", "")
    groups = {code: lines for code, _, lines in grouped([public_line(line) for line in found.lines])}
    return groups.get(group) or [line for lines in groups.values() for line in lines]


def _needs_sum(request: ActorRequest) -> bool:
    return sum_needed(actor=request.actor, knock=knock_of(request), at=timezone.now())


def _report(request: ActorRequest, found: PublicCard, lines: list[PublicLine], form: ReportForm) -> Correction:
    data = form.cleaned_data
    line = next(line for line in lines if line.code == data["item"])
    told = Report(line.line, line.text, data["wrong"], data["right_value"], data["phone"])
    knock = knock_of(request, sum_solved=solved(request, data["seal"], data.get("sum", "")))
    return report_error(actor=request.actor, card=found, report=told, knock=knock, at=timezone.now())
