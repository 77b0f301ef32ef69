"""Reasons that are tapped after a rating: added, never changed."""

import django.db.models.deletion
from django.db import migrations, models

from anju.base.append_only import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0003_open_by_type'),
    ]

    operations = [
        migrations.CreateModel(
            name='RatingReason',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40)),
                ('given_at', models.DateTimeField()),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reasons', to='cases.caseevent')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('event', 'code'), name='rating_reason_once')],
            },
        ),
        append_only('cases_ratingreason'),
    ]
