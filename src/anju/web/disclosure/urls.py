from django.urls import path

from anju.web.disclosure import views_corrections, views_posters, views_releases

app_name = "disclosure"
urlpatterns = [
    path("", views_releases.releases, name="releases"),
    path("propose/", views_releases.propose, name="propose"),
    path("proposals/<id:pk>/", views_releases.proposal, name="proposal"),
    path("revoke/", views_releases.revoke, name="revoke"),
    path("preview/<id:pk>/", views_releases.preview, name="preview"),
    path("posters/", views_posters.posters, name="posters"),
    path("posters/pdf/", views_posters.poster_file, name="poster_pdf"),
    path("corrections/", views_corrections.corrections, name="corrections"),
    path("corrections/<id:pk>/", views_corrections.correction, name="correction"),
    path("corrections/<id:pk>/hand-over/", views_corrections.hand_over, name="hand_over"),
    path("corrections/<id:pk>/phone/", views_corrections.phone, name="phone"),
]
