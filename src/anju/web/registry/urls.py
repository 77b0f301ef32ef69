from django.urls import path

from anju.web.registry import views_areas, views_cells, views_companies, views_managers, views_progress, views_record

app_name = "registry"
urlpatterns = [
    path("compounds/<id:pk>/record/", views_record.record, name="record"),
    path("compounds/<id:pk>/confirm/", views_record.confirm, name="confirm"),
    path("compounds/<id:pk>/area/", views_areas.area, name="area"),
    path("compounds/<id:pk>/area/end/", views_areas.end, name="area_end"),
    path("areas/overlaps/", views_areas.overlaps, name="overlaps"),
    path("statements/<id:pk>/withdraw/", views_record.withdraw, name="withdraw"),
    path("values/<id:pk>/reveal/", views_record.reveal, name="reveal"),
    path("settle/", views_cells.settle, name="settle"),
    path("settle/accept/", views_cells.accept, name="accept"),
    path("missing/", views_progress.missing, name="missing"),
    path("progress/", views_progress.progress, name="progress"),
    path("progress/pdf/", views_progress.progress_pdf, name="progress_pdf"),
    path("companies/", views_companies.companies, name="companies"),
    path("managers/", views_managers.managers, name="managers"),
    path("companies/<id:pk>/release/", views_companies.release, name="release"),
]
