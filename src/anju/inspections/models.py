"""How we find out: rounds in which residents are asked (公示征集、满意度调查), what they say, and what becomes of it.

No row here names a resident. What is said and what is decided about it are rows, never edits.
"""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from anju.base.models import Attachment
from anju.cases.models import Case, Matter
from anju.places.models import Compound

MAX_TITLE = 60
MAX_QUESTION = 300
MAX_OPINION = 2000
_CHANNELS = ("qr", "counter", "phone", "paper")


class Channel(models.TextChoices):
    """How an answer came in."""

    QR = "qr", "扫码"
    COUNTER = "counter", "到场"
    PHONE = "phone", "电话"
    PAPER = "paper", "纸条"


class Round(models.Model):
    """One asking of the residents of some compounds, open from a day to the end of another. `questions`: of a survey, in their order."""

    class Kind(models.TextChoices):
        OPINIONS = "opinions", "征集问题"
        SURVEY = "survey", "满意度调查"

    kind = models.CharField(max_length=8, choices=Kind)
    title = models.CharField(max_length=MAX_TITLE)
    question = models.CharField(max_length=MAX_QUESTION)
    questions = models.JSONField(default=list)
    opens_on = models.DateField()
    closes_on = models.DateField()
    ended_at = models.DateTimeField(null=True)
    begun_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="rounds")
    begun_by_post = models.BigIntegerField(null=True)
    begun_at = models.DateTimeField()
    compounds = models.ManyToManyField(Compound, through="RoundPlace", related_name="rounds")

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(condition=Q(closes_on__gte=F("opens_on")), name="round_closes_after_it_opens"),
            models.CheckConstraint(condition=Q(kind__in=["opinions", "survey"]), name="round_kind"),
        )


class RoundPlace(models.Model):
    """A compound whose residents a round asks."""

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="places")
    compound = models.ForeignKey(Compound, on_delete=models.PROTECT, related_name="round_places")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["round", "compound"], name="round_asks_a_compound_once"),)


class Opinion(models.Model):
    """What a resident said in a round. `key` makes the same sending twice one opinion."""

    place = models.ForeignKey(RoundPlace, on_delete=models.PROTECT, related_name="opinions")
    text = models.CharField(max_length=MAX_OPINION, blank=True)
    photo = models.OneToOneField(Attachment, on_delete=models.PROTECT, null=True, related_name="opinion")
    channel = models.CharField(max_length=8, choices=Channel)
    key = models.CharField(max_length=64, unique=True)
    entered_by = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.CheckConstraint(condition=~Q(text="") | Q(photo__isnull=False), name="opinion_says_something"),
            models.CheckConstraint(condition=Q(channel__in=_CHANNELS), name="opinion_channel"),
            models.CheckConstraint(
                condition=Q(channel="qr", entered_by=None) | (~Q(channel="qr") & Q(entered_by__isnull=False)),
                name="opinion_entered_by_somebody",
            ),
        )


class Problem(models.Model):
    """A problem that opinions of one compound come to (问题), as a member of staff words it. `case`: once it is in the ledger."""

    place = models.ForeignKey(RoundPlace, on_delete=models.PROTECT, related_name="problems")
    matter = models.ForeignKey(Matter, on_delete=models.PROTECT, related_name="problems")
    title = models.CharField(max_length=MAX_TITLE)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, null=True, related_name="problem")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="problems")
    at = models.DateTimeField()

    class Meta:
        ordering = ("id",)


class Sorting(models.Model):
    """Where an opinion went, once: to a problem, or set aside with a reason (问题以外). Only ever added."""

    opinion = models.OneToOneField(Opinion, on_delete=models.PROTECT, related_name="sorting")
    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, null=True, related_name="sortings")
    reason = models.CharField(max_length=100, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="sortings")
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(problem__isnull=False, reason="") | (Q(problem=None) & ~Q(reason="")),
                name="sorting_to_a_problem_or_aside",
            ),
        )


class HouseholdSlip(models.Model):
    """A paper slip for one household: its code answers once. Which household holds it is written nowhere.

    `digest`: HMAC-SHA-256 of the code under a key outside the database.
    """

    place = models.ForeignKey(RoundPlace, on_delete=models.PROTECT, related_name="slips")
    serial = models.PositiveIntegerField()
    digest = models.CharField(max_length=64, unique=True)
    printed_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["place", "serial"], name="slip_serial_once"),)


class SurveyAnswer(models.Model):
    """One answered survey; `levels` map a question's number to a level of `rules.surveys`. Only ever added.

    `slip`: of a household that is known, so once. `once`: of a device that is known by its cookie, else empty.
    """

    place = models.ForeignKey(RoundPlace, on_delete=models.PROTECT, related_name="answers")
    slip = models.OneToOneField(HouseholdSlip, on_delete=models.PROTECT, null=True, related_name="answer")
    levels = models.JSONField()
    channel = models.CharField(max_length=8, choices=Channel)
    key = models.CharField(max_length=64, unique=True)
    once = models.CharField(max_length=64, null=True)
    entered_by = models.BigIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["place", "once"], name="survey_answered_once_a_device"),
            models.CheckConstraint(condition=Q(channel__in=_CHANNELS), name="survey_channel"),
            models.CheckConstraint(
                condition=Q(channel="qr", entered_by=None) | (~Q(channel="qr") & Q(entered_by__isnull=False)),
                name="survey_entered_by_somebody",
            ),
        )


class HotlineSheet(models.Model):
    """A sheet of the 12345 hotline as it came: the file is kept, because the replies go back in its own layout."""

    file = models.OneToOneField(Attachment, on_delete=models.PROTECT, related_name="hotline_sheet")
    name = models.CharField(max_length=200)
    lines = models.PositiveIntegerField()
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="hotline_sheets")
    taken_at = models.DateTimeField()

    class Meta:
        ordering = ("-id",)


class HotlineOrder(models.Model):
    """An order of the hotline (工单) and the case it became. The same order in a later sheet is the same case. Only ever added."""

    order = models.CharField(max_length=60, unique=True)
    sheet = models.ForeignKey(HotlineSheet, on_delete=models.PROTECT, related_name="orders")
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="hotline_order")
