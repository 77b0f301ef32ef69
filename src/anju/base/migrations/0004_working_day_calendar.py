"""The working-day calendar: whole versions of years, appended and never changed."""

import django.db.models.deletion
from django.db import migrations, models

from anju.base.append_only import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('base', '0003_attachments_and_notices'),
    ]

    operations = [
        migrations.CreateModel(
            name='CalendarHours',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('spans', models.CharField(max_length=100)),
                ('cite', models.CharField(max_length=200)),
                ('user_id', models.BigIntegerField(null=True)),
                ('made_as', models.CharField(max_length=200)),
                ('made_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='CalendarYear',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField()),
                ('version', models.PositiveSmallIntegerField()),
                ('confirmed', models.BooleanField(default=False)),
                ('region_known', models.BooleanField()),
                ('cite', models.CharField(max_length=200)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('change', models.CharField(blank=True, max_length=200)),
                ('user_id', models.BigIntegerField(null=True)),
                ('made_as', models.CharField(max_length=200)),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('year', 'version'), name='calendar_year_version'), models.CheckConstraint(condition=models.Q(('confirmed', False), ('region_known', True), _connector='OR'), name='calendar_year_region'), models.CheckConstraint(condition=models.Q(('year__gte', 2000), ('year__lte', 2100)), name='calendar_year_range')],
            },
        ),
        migrations.CreateModel(
            name='CalendarDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('mark', models.CharField(max_length=4)),
                ('scope', models.CharField(max_length=8)),
                ('name', models.CharField(max_length=20)),
                ('cite', models.CharField(max_length=50)),
                ('edition', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='days', to='base.calendaryear')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('edition', 'day', 'scope'), name='calendar_day_once'), models.CheckConstraint(condition=models.Q(('mark__in', ['off', 'work'])), name='calendar_day_mark'), models.CheckConstraint(condition=models.Q(('scope__in', ['national', 'region'])), name='calendar_day_scope')],
            },
        ),
        append_only("base_calendaryear"),
        append_only("base_calendarday"),
        append_only("base_calendarhours"),
    ]
