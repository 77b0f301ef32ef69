from django.urls import path

from anju.web.ledger import views, views_figures, views_naming, views_public

app_name = "ledger"
urlpatterns = [
    path("", views_public.public, name="public"),
    path("photos/<str:name>/", views_public.photo, name="photo"),
    path("naming/", views_naming.naming, name="naming"),
    path("problems/", views.problems, name="problems"),
    path("problems/xlsx/", views.workbook, name="workbook"),
    path("problems/pdf/", views.paper, name="paper"),
    path("figures/", views_figures.figures, name="figures"),
    path("figures/<id:pk>/", views_figures.behind, name="behind"),
]
