from django.urls import path

from anju.web.home import views

app_name = "home"
urlpatterns = [
    path("", views.today, name="today"),
    path("search/", views.search, name="search"),
    path("post/", views.act_as, name="act_as"),
]
