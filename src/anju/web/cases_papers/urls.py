from django.urls import path

from anju.web.cases_papers import views

app_name = "papers"
urlpatterns = [
    path("<id:pk>/", views.papers, name="papers"),
    path("<id:pk>/<slug:code>/", views.paper, name="paper"),
]
