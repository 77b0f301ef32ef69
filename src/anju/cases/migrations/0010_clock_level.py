"""A clock keeps the level of oversight that was ordered while it ran; those of earlier editions stand at their case's."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("cases", "0009_late_naming"),)

    operations = (
        migrations.AddField("caseclock", "level", models.PositiveSmallIntegerField(default=0)),
    )
