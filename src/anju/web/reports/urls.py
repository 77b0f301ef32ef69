from django.urls import path

from anju.web.reports import views_edit, views_map, views_out, views_returned, views_table

app_name = "reports"
urlpatterns = [
    path("", views_table.table, name="table"),
    path("totals/", views_table.totals, name="totals"),
    path("map/", views_map.map_, name="map"),
    path("map/places/", views_map.map_data, name="map_data"),
    path("export/", views_out.export, name="export"),
    path("returned/", views_returned.bring_back, name="bring_back"),
    path("returned/<id:pk>/", views_returned.returned, name="returned"),
    path("returned/<id:pk>/progress/", views_returned.returned_progress, name="returned_progress"),
    path("views/", views_out.views, name="views"),
    path("views/<id:pk>/", views_out.view, name="view"),
    path("edits/", views_edit.edits, name="edits"),
    path("edits/<id:pk>/undo/", views_edit.undo, name="undo"),
    path("choose/", views_edit.choose, name="choose"),
    path("cells/<id:pk>/", views_edit.cell, name="cell"),
]
