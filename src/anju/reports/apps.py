from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "anju.reports"
    label = "reports"
