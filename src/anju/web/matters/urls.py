from django.urls import path

from anju.web.matters import views_catalogue, views_edit, views_overrides, views_settle

app_name = "matters"
urlpatterns = [
    path("", views_catalogue.matters, name="matters"),
    path("routes/", views_catalogue.routes, name="routes"),
    path("gaps/", views_settle.gaps, name="gaps"),
    path("overrides/", views_overrides.overrides, name="overrides"),
    path("overrides/<slug:form>/", views_overrides.overrides_out, name="overrides_out"),
    path("new/", views_edit.new, name="new"),
    path("<id:pk>/", views_catalogue.matter, name="matter"),
    path("<id:pk>/edit/", views_edit.edit, name="edit"),
    path("<id:pk>/retire/", views_edit.retire, name="retire"),
    path("<id:pk>/restore/", views_edit.restore, name="restore"),
    path("<id:pk>/auto/", views_edit.auto, name="auto"),
    path("<id:pk>/confirm/", views_settle.confirm, name="confirm"),
    path("<id:pk>/offer/", views_settle.offer, name="offer"),
]
