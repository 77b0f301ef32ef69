from django.urls import path

from anju.web.cases import views_acts, views_cases, views_photos, views_together

app_name = "cases"
urlpatterns = [
    path("", views_cases.cases, name="list"),
    path("new/", views_acts.new, name="new"),
    path("together/<slug:code>/", views_together.together, name="together"),
    path("<id:pk>/", views_cases.case, name="case"),
    path("<id:pk>/act/<slug:code>/", views_acts.act, name="act"),
    path("<id:pk>/reporter/", views_cases.reporter, name="reporter"),
    path("<id:pk>/photos/", views_photos.photos, name="photos"),
    path("<id:pk>/photos/<str:name>/blacken/", views_photos.blacken, name="blacken"),
    path("<id:pk>/original/<str:name>/", views_photos.original, name="original"),
    path("<id:pk>/file/<str:name>/", views_cases.file, name="file"),
]
