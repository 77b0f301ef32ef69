"""Small mechanisms without a housing word: the installation, the audit trail, the ticker's leases,
files that were handed in, notices on their way out, the working-day calendar."""

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


class Attachment(models.Model):
    """A file that was handed in, known outside by a random name. Its bytes are in the store under `digest` (SHA-256).

    Pictures are kept as they were written anew. `taken_at`, `latitude` and `longitude` (millionths of a degree, WGS-84) are kept by
    consent; `sealed_digest` is the picture as it came, for evidence. Private until `released_at`.
    """

    public_name = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=8)
    digest = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    thumbnail_digest = models.CharField(max_length=64, blank=True)
    sealed_digest = models.CharField(max_length=64, blank=True)
    derived_from = models.ForeignKey("self", models.PROTECT, null=True, related_name="derivatives")
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    taken_at = models.DateTimeField(null=True)
    latitude = models.IntegerField(null=True)
    longitude = models.IntegerField(null=True)
    kept_by = models.BigIntegerField(null=True)
    kept_at = models.DateTimeField()
    released_by = models.BigIntegerField(null=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(kind__in=["jpeg", "png", "webp", "pdf", "xlsx", "docx"]), name="attachment_kind"
            ),
            models.CheckConstraint(condition=Q(digest__regex="^[0-9a-f]{64}$"), name="attachment_digest"),
            models.CheckConstraint(
                condition=Q(released_by=None, released_at=None)
                | Q(released_by__isnull=False, released_at__isnull=False),
                name="attachment_released_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(latitude=None, longitude=None) | Q(latitude__isnull=False, longitude__isnull=False),
                name="attachment_position_whole",
            ),
        )


class Notice(models.Model):
    """Something that a person is to be told, queued in the transaction of the act it tells of.

    The text is a template's code and values without personal data. `about` names what it tells of, such as `case:17`. A
    telephone number is kept only until the notice has been delivered and forgotten soon after.
    """

    class Channel(models.TextChoices):
        IN_APP = "in_app", "站内消息"
        SMS = "sms", "短信"
        CALL = "call", "电话通知"

    class State(models.TextChoices):
        WAITING = "waiting", "待发"
        SENT = "sent", "已发"
        FAILED = "failed", "未送达"

    key = models.CharField(max_length=120, unique=True)
    channel = models.CharField(max_length=8, choices=Channel)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    template = models.CharField(max_length=60)
    values = models.JSONField(default=dict)
    about = models.CharField(max_length=60, blank=True)
    recipient = models.CharField(max_length=64)
    user_id = models.BigIntegerField(null=True)
    phone = models.CharField(max_length=20, blank=True)
    urgent = models.BooleanField(default=False)
    queued_at = models.DateTimeField()
    not_before = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    failure = models.CharField(max_length=60, blank=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.BigIntegerField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=["not_before", "id"], condition=Q(state="waiting"), name="notice_waiting"),
            models.Index(fields=["user_id", "-id"], condition=Q(channel="in_app"), name="notice_of_user"),
            models.Index(fields=["about", "recipient"], name="notice_about"),
        )
        constraints = (
            models.CheckConstraint(condition=Q(channel__in=["in_app", "sms", "call"]), name="notice_channel"),
            models.CheckConstraint(condition=Q(state__in=["waiting", "sent", "failed"]), name="notice_state"),
            models.CheckConstraint(
                condition=~Q(channel="in_app") | Q(user_id__isnull=False), name="notice_in_app_has_a_user"
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", settled_at=None)
                | Q(state__in=["sent", "failed"], settled_at__isnull=False),
                name="notice_settled",
            ),
        )


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
