"""The working-day calendar of one year: months to look at, what is published, what is in force."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from anju.base.models import CalendarYear
from anju.base.queries.calendar import days_of, office_hours, versions_of, years_known
from anju.rules.permissions import Permission
from anju.rules.workdays.years import FIRST_YEAR, LAST_YEAR
from anju.web.calendar.months import WEEK, lines_of, months_of
from anju.web.doors import ActorRequest, door

HISTORY = 12


@door(Permission.CALENDAR_VIEW)
@require_safe
def year(request: ActorRequest) -> HttpResponse:
    actor, asked = request.actor, year_asked(request)
    versions = list(versions_of(actor, asked)[:HISTORY])
    newest = versions[0] if versions else None
    published = days_of(newest) if newest else []
    months = months_of(asked, published)
    context = {
        "year": asked,
        "newest": newest,
        "in_force": versions_of(actor, asked).filter(confirmed=True).first(),
        "months": months,
        "working": sum(month.working for month in months),
        "lines": lines_of(published),
        "week": WEEK,
        "begin_here": f"{reverse('calendar:begin')}?year={asked}",
        "tabs": _tabs(years_known(actor), asked, timezone.localdate().year),
        "state": _state(newest),
        "hours": office_hours(),
        "entries": [{"at": row.made_at, "text": _told(row), "note": row.made_as} for row in versions],
        "may_edit": actor.may(Permission.CALENDAR_EDIT),
        "may_confirm": actor.may(Permission.CALENDAR_CONFIRM) and _can_be_confirmed(newest),
        "breadcrumb": [{"label": "工作日历"}],
    }
    return render(request, "calendar/year.html", context)


def year_asked(request: ActorRequest) -> int:
    """Return the year the address names, this year where it names none that could be meant."""
    text = request.GET.get("year", "")
    plain = text.isascii() and text.isdigit() and len(text) == len(str(LAST_YEAR))
    return int(text) if plain and FIRST_YEAR <= int(text) <= LAST_YEAR else timezone.localdate().year


def address(year: int) -> str:
    return f"{reverse('calendar:year')}?year={year}"


def _tabs(known: list[tuple[int, bool]], shown: int, today: int) -> list[dict[str, object]]:
    """The years that have been entered, with this one, the next and the one being looked at."""
    done = dict(known)
    years = sorted({*done, today, today + 1, shown})
    return [
        {"label": f"{one}年", "url": address(one), "current": one == shown, "count": "" if done.get(one) else "未确认"}
        for one in years
    ]


def _state(newest: CalendarYear | None) -> tuple[str, str]:
    if newest is None:
        return "warn", "未登记"
    if newest.confirmed:
        return "done", "已确认"
    return "warn", "待确认" if newest.region_known else "地方放假日未配置"


def _can_be_confirmed(newest: CalendarYear | None) -> bool:
    return newest is not None and newest.region_known and not newest.confirmed


def _told(row: CalendarYear) -> str:
    return f"第 {row.version} 版：{row.change}"
