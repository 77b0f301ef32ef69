"""The desk's first page, the search of the top bar, and changing to another of one's posts."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from anju.accounts.queries.search import LONGEST
from anju.accounts.queries.search import search as search_for
from anju.rules.permissions import Permission
from anju.web.doors import ActorRequest, door, missing, signed_in
from anju.web.home.desk import empty_for, groups_of, headline, quiet_numbers
from anju.web.home.forms import PostForm
from anju.web.home.found import groups_found
from anju.web.home.sections import counts_for, tasks_for
from anju.web.middleware import POST_KEY
from anju.web.navigation import navigation
from anju.web.paths import own_path


@door(Permission.DESK_VIEW)
@require_safe
def today(request: ActorRequest) -> HttpResponse:
    actor, now = request.actor, timezone.now()
    day = timezone.localdate(now)
    counts = counts_for(actor, on=day)
    tasks = tasks_for(actor, at=now, counts=counts)
    context = {
        "day": day,
        "groups": groups_of(actor, tasks, day),
        "headline": headline(tasks, day),
        "numbers": quiet_numbers(actor, counts),
        "empty": empty_for(actor),
    }
    return render(request, "home/today.html", context)


@door(Permission.DESK_VIEW)
@require_safe
def search(request: ActorRequest) -> HttpResponse:
    asked = request.GET.get("q", "").strip()[:LONGEST]
    found = search_for(request.actor, asked, on=timezone.localdate())
    context = {
        "q": asked,
        "groups": groups_found(found, asked),
        "nav": navigation(request.actor, ""),  # no page of the sidebar is the current one
        "breadcrumb": [{"label": "搜索"}],
    }
    return render(request, "home/search.html", context)


@signed_in
@require_POST
def act_as(request: ActorRequest) -> HttpResponse:
    """Act in another of one's own posts from now on."""
    form = PostForm(request.POST)
    held = {pk for pk, _ in request.actor.posts}
    if not form.is_valid() or form.cleaned_data["post"] not in held:
        return missing(request)
    request.session[POST_KEY] = form.cleaned_data["post"]
    return redirect(own_path(form.cleaned_data["next"]))
