from django.urls import path

from anju.web.reports import views_table

app_name = "reports"
urlpatterns = [
    path("", views_table.table, name="table"),
    path("totals/", views_table.totals, name="totals"),
    path("export/", views_table.totals, name="export"),
    path("returned/", views_table.totals, name="bring_back"),
    path("views/", views_table.totals, name="views"),
    path("edits/", views_table.totals, name="edits"),
    path("choose/", views_table.totals, name="choose"),
    path("cells/<id:pk>/", views_table.totals, name="cell"),
]
