from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("places", "0001_initial")]

    operations = [
        migrations.AddConstraint(
            model_name="division",
            constraint=models.UniqueConstraint(
                fields=("parent", "name"),
                condition=models.Q(("ended_on__isnull", True)),
                name="division_name_in_force",
            ),
        ),
    ]
