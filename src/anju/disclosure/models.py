"""What of the county's compounds is public, who let it be, and what the public says back.

A release and its revocation are rows, never edits; so are a correction and its reply. What the public may see now follows from them
and from `rules.disclosure`.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q

from anju.places.models import Compound, Division
from anju.registry.models import Indicator, Statement
from anju.rules.disclosure import CODE_LENGTH

MAX_REASON = 200
_WRONGS = ("figure", "old", "unit", "other")
_ONE_PLACE = Q(division__isnull=False, compound__isnull=True) | Q(division__isnull=True, compound__isnull=False)


class Card(models.Model):
    """The public code of a compound, in the address of its card and on its poster. A trigger makes one for each compound; none changes."""

    compound = models.OneToOneField(Compound, on_delete=models.PROTECT, primary_key=True, related_name="card")
    code = models.CharField(max_length=CODE_LENGTH, unique=True)


class ReleaseProposal(models.Model):
    """Somebody asks that these indicators (`items`, their codes) be public in a division with all below it, or in one compound.

    `basis`: what was examined, and by which provision it may be published. Only ever added.
    """

    division = models.ForeignKey(Division, on_delete=models.PROTECT, null=True, related_name="release_proposals")
    compound = models.ForeignKey(Compound, on_delete=models.PROTECT, null=True, related_name="release_proposals")
    items = models.JSONField()
    basis = models.CharField(max_length=MAX_REASON)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="release_proposals")
    by_post = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)
        constraints = (models.CheckConstraint(condition=_ONE_PLACE, name="release_proposal_one_place"),)


class ReleaseVerdict(models.Model):
    """What the reviewer decided about a proposal, once. `alone`: nobody but the proposer could have. Only ever added."""

    proposal = models.OneToOneField(ReleaseProposal, on_delete=models.PROTECT, related_name="verdict")
    agreed = models.BooleanField()
    reason = models.CharField(max_length=MAX_REASON, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="release_verdicts")
    by_post = models.BigIntegerField()
    at = models.DateTimeField()
    alone = models.BooleanField(default=False)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=Q(agreed=True) | ~Q(reason=""), name="release_refused_with_reason"),
        )


class Release(models.Model):
    """One indicator that may be public in one place, from the verdict on until it is revoked. Only ever added."""

    verdict = models.ForeignKey(ReleaseVerdict, on_delete=models.PROTECT, related_name="releases")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="releases")
    division = models.ForeignKey(Division, on_delete=models.PROTECT, null=True, related_name="releases")
    compound = models.ForeignKey(Compound, on_delete=models.PROTECT, null=True, related_name="releases")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["verdict", "indicator"], name="release_once_a_verdict"),
            models.CheckConstraint(condition=_ONE_PLACE, name="release_one_place"),
        )


class Revocation(models.Model):
    """A release ended, at once and for good; what is to be public again is proposed again. Only ever added."""

    release = models.OneToOneField(Release, on_delete=models.PROTECT, related_name="revocation")
    reason = models.CharField(max_length=MAX_REASON)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="revocations")
    by_post = models.BigIntegerField()
    at = models.DateTimeField()


class Correction(models.Model):
    """A stranger says that a figure on a card is wrong. `shown`: what the card said then; `code`: what the reply is found by.

    `town`: whose officers answer, until it is handed on; None: the bureau's. `due_on` is None where the county has set no time.
    Only ever added.
    """

    class Wrong(models.TextChoices):
        FIGURE = "figure", "数字不对"
        OLD = "old", "已经过时"
        UNIT = "unit", "单位或名称不对"
        OTHER = "other", "其他不对"

    compound = models.ForeignKey(Compound, on_delete=models.PROTECT, related_name="corrections")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="corrections")
    shown = models.CharField(max_length=600)
    wrong = models.CharField(max_length=8, choices=Wrong)
    right_value = models.CharField(max_length=100, blank=True)
    code = models.CharField(max_length=CODE_LENGTH, unique=True)
    town = models.ForeignKey(Division, on_delete=models.PROTECT, null=True, related_name="corrections")
    asked_at = models.DateTimeField()
    due_on = models.DateField(null=True)
    held_by: int | None  # the town that answers now and its name, where `queries.corrections` asked
    holder: str | None

    class Meta:
        ordering = ("-id",)
        constraints = (models.CheckConstraint(condition=Q(wrong__in=_WRONGS), name="correction_wrong"),)


class CorrectionHandover(models.Model):
    """A correction handed on: to the town's officers, or with `town` None to the bureau's. The newest holds. Only ever added."""

    correction = models.ForeignKey(Correction, on_delete=models.PROTECT, related_name="handovers")
    seq = models.PositiveSmallIntegerField()
    town = models.ForeignKey(Division, on_delete=models.PROTECT, null=True, related_name="+")
    reason = models.CharField(max_length=MAX_REASON)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by_post = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["correction", "seq"], name="correction_handed_once"),)


class CorrectionContact(models.Model):
    """The phone that somebody left with a correction, kept apart so that it can be forgotten once the reply is old."""

    correction = models.OneToOneField(Correction, on_delete=models.PROTECT, primary_key=True, related_name="contact")
    phone = models.CharField(max_length=30)


class CorrectionReply(models.Model):
    """What became of a correction, once: accepted with the statement that records it, or not, with the reason. Only ever added."""

    correction = models.OneToOneField(Correction, on_delete=models.PROTECT, related_name="reply")
    accepted = models.BooleanField()
    words = models.CharField(max_length=MAX_REASON)
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, null=True, related_name="corrections")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="correction_replies")
    by_post = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(accepted=True, statement__isnull=False) | Q(accepted=False, statement__isnull=True),
                name="correction_accepted_with_statement",
            ),
        )


class KnockCounter(models.Model):
    """How often strangers wrote lately, by device, address and compound. `key` is a digest: nobody reads an address from it."""

    key = models.CharField(max_length=64, primary_key=True)
    attempts = models.PositiveIntegerField(default=0)
    since = models.DateTimeField()
    locked_until = models.DateTimeField(null=True)
