"""企业名称核对: which company a name in the lists is. A person says it, for one name or for many at once."""

from collections.abc import Mapping, Sequence

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from anju.base.actor import Refused
from anju.places.models import OPEN, Organisation
from anju.places.queries.scoped import organisations_for
from anju.registry.queries.companies import NamedCompany, TellingList, company_names, named_companies, told_by
from anju.registry.services.companies import Naming, release_company_name, settle_company_names
from anju.rules.permissions import Permission
from anju.web.doors import ActorRequest, door
from anju.web.refusals import refusals
from anju.web.registry.forms import ReasonForm
from anju.web.registry.words import why_alike
from anju.web.words import sentence

NEW = "new"
_MOST, _FEW_LISTS = 500, 3


@door(Permission.COMPANY_SETTLE)
def companies(request: ActorRequest) -> HttpResponse:
    named = named_companies(request.actor)
    if request.method == "POST" and _settle(request, named):
        return redirect("registry:companies")
    waiting = [one for one in named if one.settled is None]
    sure, lists = "sure" in request.GET, told_by(request.actor)
    context = {
        "rows": [(one, _options(one), _preset(one) if sure else "", _lists(lists, one)) for one in waiting[:_MOST]],
        "waiting": len(waiting),
        "settled": [(one, _lists(lists, one)) for one in named if one.settled is not None],
        "tabs": tabs(request, "companies"),
        "every": _every(request),
        "sure": sure,
        "breadcrumb": [{"label": "企业名称核对"}],
    }
    return render(request, "registry/companies.html", context)


def _lists(lists: Mapping[str, Sequence[TellingList]], one: NamedCompany) -> dict[str, object]:
    """The lists that give a name: a few, and how many more."""
    found = lists.get(one.key, ())
    return {"first": found[:_FEW_LISTS], "more": max(0, len(found) - _FEW_LISTS)}


def tabs(request: ActorRequest, current: str) -> list[dict[str, object]]:
    """The two things that lists name and people settle, for whoever may settle both."""
    pages = (("companies", "企业名称", Permission.COMPANY_SETTLE), ("managers", "项目负责人", Permission.FACT_CONFIRM))
    return [
        {"label": label, "url": reverse(f"registry:{page}"), "current": page == current}
        for page, label, needed in pages
        if request.actor.may(needed)
    ]


def _options(one: NamedCompany) -> list[tuple[str, str]]:
    offered = [(str(found.pk), f"{found.name}（{why_alike(found)}）") for found in one.candidates]
    behind = f"，信用代码 {one.credit_code}" if one.credit_code else ""
    return [*offered, (NEW, f"登记为新企业{behind}")]


def _preset(one: NamedCompany) -> str:
    """Return the one candidate that is sure: chosen beforehand where a person asks for it, never settled."""
    same = [found for found in one.candidates if found.sure]
    return str(same[0].pk) if len(same) == 1 else ""


def _every(request: ActorRequest) -> list[tuple[int, str]]:
    """Return every company there is, for the names whose company is not among the candidates."""
    rows = organisations_for(request.actor).filter(OPEN, kind=Organisation.Kind.COMPANY)
    return list(rows.order_by("pinyin", "id").values_list("id", "name")[:_MOST])


def _settle(request: ActorRequest, named: list[NamedCompany]) -> bool:
    """Settle what was chosen; whatever is no name of the lists or no company is left out by the query or refused by the service."""
    known = {one.name for one in named if one.settled is None}
    told = zip(request.POST.getlist("name"), request.POST.getlist("is"), strict=False)
    wanted = [(name, choice) for name, choice in told if name in known and choice]
    ids = [int(choice) for _, choice in wanted if choice.isascii() and choice.isdigit() and len(choice) <= 18]
    found = organisations_for(request.actor).in_bulk(ids)
    namings = [Naming(name) for name, choice in wanted if choice == NEW]
    namings += [
        Naming(name, found[int(choice)]) for name, choice in wanted if choice.isdigit() and int(choice) in found
    ]
    try:
        made = settle_company_names(actor=request.actor, namings=namings, at=timezone.now())
    except Refused as refusal:
        messages.warning(request, sentence(refusal))
        return False
    messages.success(request, f"已认定 {len(made)} 个名称，服务任期已按底数算出。")
    return True


@door(Permission.COMPANY_SETTLE)
def release(request: ActorRequest, pk: int) -> HttpResponse:
    name = get_object_or_404(company_names(request.actor), pk=pk)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals(form, {"fact.reason_missing": "reason"}) as done:
            release_company_name(actor=request.actor, name=name, reason=form.cleaned_data["reason"], at=timezone.now())
        if done.ok:
            messages.success(request, f"已撤销“{name.name}”的认定。")
            return redirect("registry:companies")
    context = {
        "form": form,
        "title": f"撤销“{name.name}”的认定",
        "submit": "撤销认定",
        "consequences": ("由这个名称得出的服务任期一并取消，底数本身不变。", "以后可以重新认定。"),
        "back_url": "../../",
        "breadcrumb": [{"label": "企业名称核对", "url": "../../"}, {"label": "撤销认定"}],
    }
    return render(request, "base/confirm.html", context)
