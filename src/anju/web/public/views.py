"""What stands before the door: the first page, the demo county and its people, founding a county, the size of type."""

from allauth.account.adapter import get_adapter
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anju.accounts.queries.personas import parts, persona_of
from anju.accounts.services.setup import init_county, load_demo
from anju.base.actor import SYSTEM, Refused
from anju.base.installation import installation, is_real, is_trial
from anju.web.context import LARGE_TYPE
from anju.web.disclosure.views_public import citizen_frame
from anju.web.doors import ActorRequest, missing, public, trial_only
from anju.web.gallery import page as gallery_page
from anju.web.paths import own_path
from anju.web.public.forms import FoundingForm, PersonaForm, TypeForm
from anju.web.refusals import refusals

A_YEAR = 365 * 24 * 3600


@public
@require_safe
def front(request: ActorRequest) -> HttpResponse:
    if is_trial():
        return redirect("public:personas")
    if is_real():
        return render(request, "public/county.html", citizen_frame())
    return render(request, "public/welcome.html")


@trial_only
@require_POST
def demo(request: ActorRequest) -> HttpResponse:
    """Load the demo county; a second press finds it there."""
    try:
        load_demo(actor=SYSTEM, at=timezone.now())
    except Refused as refusal:
        if refusal.code != "installation.taken":
            raise
    return redirect("public:front")


@trial_only
@require_safe
def personas(request: ActorRequest) -> HttpResponse:
    if installation() is None:
        return redirect("public:front")
    return render(request, "public/personas.html", {"parts": parts(SYSTEM, on=timezone.localdate())})


@trial_only
@require_POST
def become(request: ActorRequest) -> HttpResponse:
    """Sign in as one of the demo county's people, with one click."""
    form = PersonaForm(request.POST)
    person = persona_of(int(form.cleaned_data["persona"])) if form.is_valid() else None
    if person is None:
        return missing(request)
    request.session.flush()
    get_adapter(request).login(request, person)
    return redirect("home:today")


@trial_only
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def found(request: ActorRequest) -> HttpResponse:
    """Found a real county here, as `anju init` does, and show the administrator's password this one time."""
    if is_trial():
        return render(request, "public/found_elsewhere.html")
    form = FoundingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals(form) as done:
            administrator = init_county(actor=SYSTEM, policy=form.cleaned_data["policy"], at=timezone.now())
        if done.ok:
            return render(request, "public/founded.html", {"administrator": administrator})
    return render(request, "public/found.html", {"form": form})


@public
@require_safe
def health(request: ActorRequest) -> HttpResponse:
    """Say that the server answers: for a watchdog, and the empty page that speed is measured against."""
    return HttpResponse("ok", content_type="text/plain")


@public
@require_POST
def large_type(request: ActorRequest) -> HttpResponse:
    """Turn large type on or off and go back to the page it was asked on."""
    form = TypeForm(request.POST)
    if not form.is_valid():
        return redirect("public:front")
    answer = HttpResponseRedirect(own_path(form.cleaned_data["next"]))
    if form.cleaned_data["large"] == "1":
        answer.set_cookie(LARGE_TYPE, "1", max_age=A_YEAR, httponly=True, samesite="Lax", secure=request.is_secure())
    else:
        answer.delete_cookie(LARGE_TYPE, samesite="Lax")
    return answer


@trial_only
@require_safe
def gallery(request: ActorRequest) -> HttpResponse:
    template, values = gallery_page(request.GET.get("paper", ""))
    return render(request, template, values)
