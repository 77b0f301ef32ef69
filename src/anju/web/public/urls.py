from django.urls import path

from anju.web.public import views

app_name = "public"
urlpatterns = [
    path("", views.front, name="front"),
    path("demo/", views.demo, name="demo"),
    path("personas/", views.personas, name="personas"),
    path("personas/become/", views.become, name="become"),
    path("found/", views.found, name="found"),
    path("healthz", views.health, name="health"),
    path("type/", views.large_type, name="type"),
    path("gallery/", views.gallery, name="gallery"),
]
