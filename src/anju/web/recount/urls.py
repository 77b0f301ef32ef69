from django.urls import path

from anju.web.recount import views

app_name = "recount"
urlpatterns = [
    path("", views.page, name="page"),
    path("totals/", views.totals, name="totals"),
    path("file/", views.file, name="file"),
    path("paper/", views.paper, name="paper"),
    path("recount.py", views.script, name="script"),
    path("recount.html", views.offline, name="offline"),
]
