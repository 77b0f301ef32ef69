from django.urls import path

from anju.web.imports import views, views_acts

app_name = "imports"
urlpatterns = [
    path("", views.imports, name="imports"),
    path("new/", views.import_new, name="new"),
    path("template/", views.template, name="template"),
    path("<id:pk>/", views.import_, name="import"),
    path("<id:pk>/progress/", views.progress, name="progress"),
    path("<id:pk>/correction/", views.correction, name="correction"),
    path("<id:pk>/columns/", views_acts.columns, name="columns"),
    path("<id:pk>/treat/", views_acts.treat, name="treat"),
    path("<id:pk>/assign/", views_acts.assign, name="assign"),
    path("<id:pk>/name/", views_acts.name, name="name"),
    path("<id:pk>/stop/", views_acts.stop, name="stop"),
    path("<id:pk>/write/", views_acts.write, name="write"),
    path("<id:pk>/again/", views_acts.again, name="again"),
    path("<id:pk>/abandon/", views_acts.abandon, name="abandon"),
    path("<id:pk>/undo/", views_acts.undo, name="undo"),
]
