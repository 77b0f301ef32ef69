from django.urls import path

from anju.web.notices import views

app_name = "notices"
urlpatterns = [
    path("", views.notices, name="notices"),
    path("calls/", views.calls, name="calls"),
    path("calls/print/", views.calls_file, name="calls_pdf"),
    path("calls/settle/", views.settle, name="settle"),
]
