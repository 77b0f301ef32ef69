"""Small mechanisms without a housing word: the installation, the audit trail, the ticker's leases."""

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
