"""Changing the working-day calendar: each page is one form about one year and goes back to it."""

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from anju.accounts.services.calendar import confirm_year
from anju.base.actor import Refused
from anju.base.installation import installation
from anju.base.models import CalendarYear
from anju.base.queries.calendar import hours_versions, office_hours, versions_of
from anju.base.services.calendar import (
    begin_year,
    describe_year,
    load_year,
    mark_days,
    set_office_hours,
    take_over_notice,
)
from anju.places.services.policy import read_calendar
from anju.rules.permissions import Permission
from anju.rules.policy_faults import PolicyFaults
from anju.rules.workdays.policy import PolicyYear
from anju.web.calendar.forms import (
    BESIDE,
    BeginForm,
    DaysForm,
    DescribeForm,
    HoursForm,
    NoticeForm,
    VersionForm,
    day_of,
)
from anju.web.calendar.views import address, year_asked
from anju.web.doors import ActorRequest, door
from anju.web.refusals import refusals


@door(Permission.CALENDAR_EDIT)
def begin(request: ActorRequest) -> HttpResponse:
    form = BeginForm(request.POST or None, initial={"year": year_asked(request)})
    if request.method == "POST" and form.is_valid():
        with refusals(form, BESIDE) as done:
            row = begin_year(actor=request.actor, at=timezone.now(), **form.cleaned_data)
        if done.ok:
            messages.success(request, f"已新开{row.year}年，请登记放假和调休。")
            return redirect(address(row.year))
    return _page(request, form, year_asked(request), title="新开一年", submit="新开")


@door(Permission.CALENDAR_EDIT)
def days(request: ActorRequest) -> HttpResponse:
    year = year_asked(request)
    row = _newest(request, year)
    if row is None:
        return redirect(address(year))
    day = day_of(request.GET.get("day", ""))
    form = DaysForm(request.POST or None, initial={"based_on": row.version, "first": day, "mark": "off"})
    if request.method == "POST" and form.is_valid():
        with refusals(form, BESIDE) as done:
            mark_days(actor=request.actor, year=year, at=timezone.now(), **form.cleaned_data)
        if done.ok:
            messages.success(request, "已登记，确认以后才作数。")
            return redirect(address(year))
    return _page(request, form, year, title=f"登记{year}年放假和调休", submit="登记")


@door(Permission.CALENDAR_EDIT)
def notice(request: ActorRequest) -> HttpResponse:
    year = year_asked(request)
    row = _newest(request, year)
    if row is None:
        return redirect(address(year))
    form = NoticeForm(request.POST or None, initial={"based_on": row.version})
    if request.method == "POST" and form.is_valid():
        with refusals(form, BESIDE) as done:
            take_over_notice(actor=request.actor, year=year, at=timezone.now(), **form.cleaned_data)
        if done.ok:
            messages.success(request, "已按通知登记，请对照月历看一遍，确认以后才作数。")
            return redirect(address(year))
    told = (f"{year}年原来登记的全国放假、调休由这份通知代替。", "地方放假日不动，另外登记。")
    return _page(request, form, year, title=f"按通知登记{year}年", submit="登记", consequences=told)


@door(Permission.CALENDAR_EDIT)
def describe(request: ActorRequest) -> HttpResponse:
    year = year_asked(request)
    row = _newest(request, year)
    if row is None:
        return redirect(address(year))
    shown = {"based_on": row.version, "cite": row.cite, "region_known": row.region_known, "note": row.note}
    form = DescribeForm(request.POST or None, initial=shown)
    if request.method == "POST" and form.is_valid():
        based_on, now = form.cleaned_data["based_on"], timezone.now()
        with refusals(form) as done:
            describe_year(actor=request.actor, year=year, based_on=based_on, head=form.head(), at=now)
        if done.ok:
            messages.success(request, "已改，确认以后才作数。")
            return redirect(address(year))
    return _page(request, form, year, title=f"{year}年的依据和说明", submit="保存")


@door(Permission.CALENDAR_EDIT)
def load(request: ActorRequest) -> HttpResponse:
    year = year_asked(request)
    row, table = _newest(request, year), _in_policy(year)
    if table is None:
        messages.error(request, f"方案文件夹里没有{year}年的工作日历，请按通知登记。")
        return redirect(address(year))
    form = VersionForm(request.POST or None, initial={"based_on": row.version if row else 0})
    if request.method == "POST" and form.is_valid():
        with refusals(form) as done:
            load_year(actor=request.actor, table=table, at=timezone.now(), **form.cleaned_data)
        if done.ok:
            messages.success(request, "已载入，确认以后才作数。")
            return redirect(address(year))
    told = (f"按方案文件夹里的{year}年日历新出一版，共 {len(table.days)} 天。", "现在登记的留在历史里，不再使用。")
    return _page(request, form, year, title=f"从方案载入{year}年", submit="载入", consequences=told)


@door(Permission.CALENDAR_CONFIRM)
def confirm(request: ActorRequest) -> HttpResponse:
    year = year_asked(request)
    row = _newest(request, year)
    if row is None:
        return redirect(address(year))
    form = VersionForm(request.POST or None, initial={"based_on": row.version})
    if request.method == "POST" and form.is_valid():
        with refusals(form) as done:
            confirm_year(actor=request.actor, year=year, at=timezone.now(), **form.cleaned_data)
        if done.ok:
            messages.success(request, f"{year}年工作日历已确认，期限按它计算。")
            return redirect(address(year))
    told = (f"{year}年的期限从此按第 {row.version} 版计算，原来暂估的按它重算。", f"依据：{row.cite}。", *_unset(row))
    return _page(request, form, year, title=f"确认{year}年工作日历", submit="确认", consequences=told)


@door(Permission.CALENDAR_EDIT)
def hours(request: ActorRequest) -> HttpResponse:
    now, year = office_hours(), year_asked(request)
    form = HoursForm(request.POST or None, initial={"spans": "\n".join(now.texts), "cite": now.cite})
    if request.method == "POST" and form.is_valid():
        with refusals(form, BESIDE) as done:
            set_office_hours(actor=request.actor, at=timezone.now(), **form.cleaned_data)
        if done.ok:
            messages.success(request, "办公时间已改。")
            return redirect(address(year))
    before = [
        f"{timezone.localtime(row.made_at):%Y-%m-%d}：{row.spans}（{row.made_as}）"
        for row in hours_versions(request.actor)[:5]
    ]
    return _page(request, form, year, title="办公时间", submit="保存", sub="；".join(before))


def _newest(request: ActorRequest, year: int) -> CalendarYear | None:
    return versions_of(request.actor, year).first()


def _in_policy(year: int) -> PolicyYear | None:
    """Return the year as the county's policy folder has it, None where it has none that can be used."""
    county = installation()
    try:
        tables = read_calendar(county.policy_code).years if county else ()
    except (PolicyFaults, Refused):
        return None
    return next((table for table in tables if table.year == year), None)


def _unset(row: CalendarYear) -> tuple[str, ...]:
    return () if row.region_known else ("地方放假日还没有登记齐，现在不能确认。",)


def _page(
    request: ActorRequest,
    form: Form,
    year: int,
    *,
    title: str,
    submit: str,
    consequences: tuple[str, ...] = (),
    sub: str = "",
) -> HttpResponse:
    context = {
        "form": form,
        "title": title,
        "sub": sub,
        "submit": submit,
        "consequences": consequences,
        "back_url": address(year),
        "breadcrumb": [{"label": "工作日历", "url": address(year)}, {"label": title}],
    }
    return render(request, "base/confirm.html", context)
