"""Whether those at work were told that half of a clock's time is used; of clocks that ran before this, nobody is told late."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = (("cases", "0011_verifier_apart"),)
    operations = (
        migrations.AddField("caseclock", "half_told", models.BooleanField(default=True)),
        migrations.AlterField("caseclock", "half_told", models.BooleanField(default=False)),
    )
