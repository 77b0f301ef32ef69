from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "anju.places"
    label = "places"
