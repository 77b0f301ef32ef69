from django.urls import path

from anju.web.inspections import views_results, views_rounds

app_name = "inspections"
urlpatterns = [
    path("rounds/", views_rounds.rounds, name="rounds"),
    path("rounds/new/", views_rounds.begin, name="begin"),
    path("rounds/<id:pk>/", views_rounds.detail, name="round"),
    path("rounds/<id:pk>/end/", views_rounds.end, name="end"),
    path("rounds/<id:pk>/results/", views_results.results, name="results"),
    path("places/<id:pk>/", views_rounds.place, name="place"),
    path("places/<id:pk>/enter/", views_results.enter, name="enter"),
    path("places/<id:pk>/poster/", views_results.poster, name="poster"),
    path("places/<id:pk>/slips/", views_results.slips, name="slips"),
    path("opinions/<id:pk>/photo/", views_results.photo, name="photo"),
    path("problems/<id:pk>/file/", views_rounds.file, name="file"),
]
