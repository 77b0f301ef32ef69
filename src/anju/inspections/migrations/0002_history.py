"""Sortings, answers and orders of the hotline as history that only grows."""

from django.db import migrations

from anju.base.append_only import append_only

_TABLES = ("sorting", "surveyanswer", "hotlineorder")


class Migration(migrations.Migration):
    dependencies = [("inspections", "0001_rounds_and_hotline"), ("base", "0002_append_only")]
    operations = [append_only(f"inspections_{name}") for name in _TABLES]
