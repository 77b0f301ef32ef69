"""What was said, taken back or decided stays as it was: these tables only grow."""

from django.db import migrations

from anju.base.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [("registry", "0001_facts"), ("base", "0002_append_only")]
    operations = [append_only(f"registry_{name}") for name in ("statement", "fact", "withdrawal", "decision")]
