from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "anju.papers"
    label = "papers"
