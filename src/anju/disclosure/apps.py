from django.apps import AppConfig


class DisclosureConfig(AppConfig):
    name = "anju.disclosure"
    verbose_name = "公开"
