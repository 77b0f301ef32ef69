from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "anju.cases"
    verbose_name = "事项"
