"""Numbers under which offices take reports."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("places", "0003_known_kinds")]
    operations = [
        migrations.CreateModel(
            name="OrganisationPhone",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("phone", models.CharField(max_length=20)),
                ("set_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="phones", to="places.organisation"
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=Q(("ended_at__isnull", True)),
                        fields=("organisation",),
                        name="organisation_phone_in_force",
                    ),
                    models.CheckConstraint(condition=Q(("phone", ""), _negated=True), name="organisation_phone_said"),
                    models.CheckConstraint(
                        condition=Q(("ended_at__isnull", True), ("ended_at__gte", F("set_at")), _connector="OR"),
                        name="organisation_phone_dates",
                    ),
                ],
            },
        ),
    ]
