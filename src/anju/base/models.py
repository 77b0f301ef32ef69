"""Small mechanisms without a housing word: the installation, the audit trail, the ticker's leases, the working-day calendar."""

from django.db import models
from django.db.models import Q


class Installation(models.Model):
    """What this installation is: one row, written once, by the demo or by `anju init`. No row: nobody has chosen yet."""

    class Mode(models.TextChoices):
        TRIAL = "trial", "试用"
        REAL = "real", "正式"

    only = models.BooleanField(primary_key=True, default=True)
    mode = models.CharField(max_length=8, choices=Mode)
    county_name = models.CharField(max_length=100)
    policy_code = models.CharField(max_length=50)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(only=True), name="installation_is_one"),
            models.CheckConstraint(condition=Q(mode__in=["trial", "real"]), name="installation_mode"),
        )


class AuditEntry(models.Model):
    """One act, done or refused. `body` is the sealed record (canonical JSON); the other columns repeat it to be searched.

    Append-only: the database refuses UPDATE, DELETE and TRUNCATE.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    action = models.CharField(max_length=60)
    outcome = models.CharField(max_length=8)
    user_id = models.BigIntegerField(null=True)
    post_id = models.BigIntegerField(null=True)
    subject_type = models.CharField(max_length=60, blank=True)
    subject_id = models.BigIntegerField(null=True)
    body = models.TextField()

    class Meta:
        indexes = (
            models.Index(fields=["subject_type", "subject_id", "-id"], name="audit_by_subject"),
            models.Index(fields=["user_id", "-id"], name="audit_by_user"),
            models.Index(fields=["action", "-id"], name="audit_by_action"),
        )
        constraints = (models.CheckConstraint(condition=Q(outcome__in=["done", "refused"]), name="audit_outcome"),)


class AuditLink(models.Model):
    """The place of one entry in the hash chain, written by a trigger at commit. Append-only."""

    seq = models.BigIntegerField(primary_key=True)
    entry_id = models.BigIntegerField(unique=True)
    previous = models.CharField(max_length=64, unique=True)
    digest = models.CharField(max_length=64, unique=True)


class TickerLease(models.Model):
    """When a periodic duty is due again: pushed forward by whoever takes it, so that two tickers never run one duty twice."""

    duty = models.CharField(max_length=60, primary_key=True)
    due_at = models.DateTimeField()
    last_run_at = models.DateTimeField(null=True)


class CalendarYear(models.Model):
    """One version of a year's published days, whole; a change is a new version. Append-only.

    The newest confirmed version is in force; a year without one is counted by its newest version and marked provisional. `made_as` is the
    post in which it was made, `region_known` whether the region's own days are in it. The database confirms no year without them.
    """

    year = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField()
    confirmed = models.BooleanField(default=False)
    region_known = models.BooleanField()
    cite = models.CharField(max_length=200)
    note = models.CharField(max_length=300, blank=True)
    change = models.CharField(max_length=200, blank=True)
    user_id = models.BigIntegerField(null=True)
    made_as = models.CharField(max_length=200)
    made_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["year", "version"], name="calendar_year_version"),
            models.CheckConstraint(condition=Q(confirmed=False) | Q(region_known=True), name="calendar_year_region"),
            models.CheckConstraint(condition=Q(year__gte=2000, year__lte=2100), name="calendar_year_range"),
        )


class CalendarDay(models.Model):
    """A published day of one version: a day off or a weekend day worked, and by whose notice. Append-only."""

    edition = models.ForeignKey(CalendarYear, on_delete=models.PROTECT, related_name="days")
    day = models.DateField()
    mark = models.CharField(max_length=4)
    scope = models.CharField(max_length=8)
    name = models.CharField(max_length=20)
    cite = models.CharField(max_length=50)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["edition", "day", "scope"], name="calendar_day_once"),
            models.CheckConstraint(condition=Q(mark__in=["off", "work"]), name="calendar_day_mark"),
            models.CheckConstraint(condition=Q(scope__in=["national", "region"]), name="calendar_day_scope"),
        )


class CalendarHours(models.Model):
    """The county's office hours with the document that sets them; the newest row is in force. Append-only."""

    spans = models.CharField(max_length=100)
    cite = models.CharField(max_length=200)
    user_id = models.BigIntegerField(null=True)
    made_as = models.CharField(max_length=200)
    made_at = models.DateTimeField()
