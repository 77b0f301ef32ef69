"""A correction can be handed between town and bureau; how it was stays."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from anju.base.append_only import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("disclosure", "0002_codes_and_history"),
        ("places", "0004_organisation_phones"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="CorrectionHandover",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.PositiveSmallIntegerField()),
                ("reason", models.CharField(max_length=200)),
                ("by_post", models.BigIntegerField()),
                ("at", models.DateTimeField()),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "correction",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handovers",
                        to="disclosure.correction",
                    ),
                ),
                (
                    "town",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="places.division"
                    ),
                ),
            ],
            options={
                "constraints": (
                    models.UniqueConstraint(fields=("correction", "seq"), name="correction_handed_once"),
                ),
            },
        ),
        append_only("disclosure_correctionhandover"),
    ]
