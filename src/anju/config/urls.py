"""Every address of the product. Each app of the upper floor keeps its own list."""

from django.urls import URLPattern, URLResolver, include, path, register_converter

from anju.web.converters import CodeConverter, IdConverter

register_converter(IdConverter, "id")
register_converter(CodeConverter, "code")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("anju.web.public.urls")),
    path("desk/", include("anju.web.home.urls")),
    path("account/", include("anju.web.signin.urls")),
    path("places/", include("anju.web.places.urls")),
    path("facts/", include("anju.web.registry.urls")),
    path("table/", include("anju.web.reports.urls")),
    path("c/", include("anju.web.disclosure.urls_public")),
    path("c/", include("anju.web.citizen.urls")),
    path("intake/", include("anju.web.intake.urls")),
    path("asking/", include("anju.web.inspections.urls")),
    path("disclosure/", include("anju.web.disclosure.urls")),
    path("people/", include("anju.web.people.urls")),
    path("calendar/", include("anju.web.calendar.urls")),
    path("cases/", include("anju.web.cases.urls")),
    path("matters/", include("anju.web.matters.urls")),
    path("audit/", include("anju.web.trail.urls")),
    path("registry/imports/", include("anju.web.imports.urls")),
    path("ledger/", include("anju.web.ledger.urls")),
    path("notices/", include("anju.web.notices.urls")),
    path("board/", include("anju.web.board.urls")),
    path("papers/cases/", include("anju.web.cases_papers.urls")),
    path("recount/", include("anju.web.recount.urls")),
]
