from django.urls import path

from anju.web.trail import views

app_name = "trail"
urlpatterns = [
    path("", views.entries, name="entries"),
    path("<id:pk>/", views.entry, name="entry"),
    path("export.csv", views.export, name="export"),
    path("verify/", views.verify, name="verify"),
]
