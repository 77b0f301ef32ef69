"""People who sign in, and the posts that give them everything they may do."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import models
from django.db.models import F, Func, Q

from anju.places.models import Compound, Division, Organisation
from anju.rules.roles import ADMINISTRATORS, ROLES

_ROLE_CHOICES = tuple((role.code, role.name) for role in ROLES.values())


class UserManager(BaseUserManager["User"]):
    """Only what signing in needs; people are made by `services.people`."""


class User(AbstractBaseUser):
    """A person who signs in (人员). Holds no rights: those come from posts. `phone` is personal and masked by default."""

    username = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=50)
    pinyin = models.CharField(max_length=200)
    phone = models.CharField(max_length=20, blank=True)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=True)
    password_changed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    persona = models.BooleanField(
        default=False
    )  # a person of the demo county, signed in with one click in trial mode only

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "username"

    class Meta:
        ordering = ("pinyin", "id")


class Post(models.Model):
    """A role at a place, held by one person from `starts_on` up to but not including `ends_on` (岗位).

    A delegated post (代理) names the post it stands for and always ends.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="posts")
    role = models.CharField(max_length=30, choices=_ROLE_CHOICES)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="posts")
    division = models.ForeignKey(Division, on_delete=models.PROTECT, null=True, related_name="posts")
    compound = models.ForeignKey(Compound, on_delete=models.PROTECT, null=True, related_name="posts")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    delegated_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="delegations")
    appointed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="appointments")
    appointed_at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("organisation__pinyin", "role", "id")
        constraints = (
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="post_dates",
            ),
            models.CheckConstraint(
                condition=Q(delegated_from__isnull=True) | Q(ends_on__isnull=False),
                name="post_delegation_ends",
            ),
            models.CheckConstraint(
                condition=Q(division__isnull=True) | Q(compound__isnull=True),
                name="post_one_place",
            ),
            models.UniqueConstraint(
                fields=["user", "role", "organisation", "division", "compound"],
                condition=Q(ends_on__isnull=True),
                nulls_distinct=False,
                name="post_once",
            ),
            # 三员分立: nobody holds two administrator posts on one day.
            ExclusionConstraint(
                name="post_administrators_apart",
                expressions=[
                    (
                        Func(
                            F("user_id"),
                            F("user_id"),
                            models.Value("[]"),
                            function="int8range",
                        ),
                        "&&",
                    ),
                    (Func(F("starts_on"), F("ends_on"), function="daterange"), "&&"),
                ],
                condition=Q(role__in=sorted(ADMINISTRATORS)),
            ),
        )


class Recusal(models.Model):
    """A person who must keep out of everything about one organisation or compound (回避), with the reason."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="recusals")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="recusals")
    compound = models.ForeignKey(Compound, on_delete=models.PROTECT, null=True, related_name="recusals")
    reason = models.CharField(max_length=200)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="recorded_recusals")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(organisation__isnull=True, compound__isnull=False)
                | Q(organisation__isnull=False, compound__isnull=True),
                name="recusal_one_subject",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="recusal_dates",
            ),
        )


class Proposal(models.Model):
    """An act that needs two persons (双人办理): proposed by one, decided by another, carried out in the act of approving."""

    class State(models.TextChoices):
        WAITING = "waiting", "待复核"
        APPROVED = "approved", "已同意"
        REJECTED = "rejected", "已退回"
        WITHDRAWN = "withdrawn", "已撤回"

    act = models.CharField(max_length=60)
    payload = models.JSONField()
    reason = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="proposals")
    proposed_post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="proposals")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="decisions")
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=200, blank=True)
    alone = models.BooleanField(default=False)  # carried out by one person because the county has no second one

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.CheckConstraint(
                condition=Q(state="waiting", decided_by__isnull=True, decided_at__isnull=True)
                | (~Q(state="waiting") & Q(decided_by__isnull=False, decided_at__isnull=False)),
                name="proposal_decided",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "withdrawn"]) | Q(alone=True) | ~Q(decided_by=F("proposed_by")),
                name="proposal_two_persons",
            ),
        )


class SignInCounter(models.Model):
    """Failed sign-ins of one key (an address, or an account as seen from one kind of device). `key` is a digest: no name in it."""

    key = models.CharField(max_length=64, primary_key=True)
    failures = models.PositiveIntegerField(default=0)
    window_started_at = models.DateTimeField()
    locked_until = models.DateTimeField(null=True)
