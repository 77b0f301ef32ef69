"""Appointing to posts and ending them, delegating one's own, taking a delegation back."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from anju.accounts.models import Post, User
from anju.accounts.queries.acting import held_on
from anju.base import audit
from anju.base.actor import Actor, Refused
from anju.places.models import Compound, Division, Organisation
from anju.rules.permissions import Permission
from anju.rules.posts import (
    FURTHEST_AHEAD,
    LONGEST_DELEGATION,
    Area,
    Body,
    Objection,
    Wish,
    delegation_fits,
    may_delegate,
    objection_to,
)
from anju.rules.roles import ADMINISTRATORS, ROLES, Reach
from anju.rules.separation import stands_in

_FIELDS = ("user", "role", "organisation", "division", "compound", "starts_on", "ends_on", "delegated_from")


def appoint_post(
    *,
    actor: Actor,
    person: User,
    role: str,
    organisation: Organisation,
    division: Division | None = None,
    compound: Compound | None = None,
    starts_on: date,
    ends_on: date | None = None,
    reason: str = "",
    at: datetime,
    approved: bool = False,
) -> Post:
    """Appoint a person to a role at a place. `ends_on` is the first day no longer held.

    An administrator is appointed by two persons: `approved` says that a second one has agreed.
    """
    actor.require(Permission.POST_APPOINT)
    require_second(actor, role, approved)
    if ROLES[role].reach is Reach.DIVISION and division is None:
        division = organisation.division
    post = Post(
        role=role,
        organisation=organisation,
        division=division,
        compound=compound,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason,
    )
    with transaction.atomic():
        post.user = _locked_person(person.pk)
        refuse_wish(actor, post, timezone.localdate(at))
        store_post(actor=actor, post=post, at=at)
        record_post(actor=actor, action="post.appointed", post=post, before={}, reason=reason, at=at)
    return post


def end_post(*, actor: Actor, post: Post, ends_on: date, reason: str, at: datetime, approved: bool = False) -> Post:
    """End a post: `ends_on` is the first day no longer held, today at the earliest. Its delegations end with it."""
    actor.require(Permission.POST_APPOINT)
    require_second(actor, post.role, approved)
    with transaction.atomic():
        if post.role in ADMINISTRATORS:
            _refuse_end_of_last(actor, post, ends_on)
        post = locked_post(post)
        refuse_end(post, ends_on, timezone.localdate(at))
        close_post(actor=actor, post=post, ends_on=ends_on, reason=reason, at=at)
    return post


def delegate_post(
    *, actor: Actor, post: Post, to: User, ends_on: date, reason: str, at: datetime, starts_on: date | None = None
) -> Post:
    """Hand one's own post to a colleague of the same unit for a time (代理)."""
    actor.require(Permission.POST_DELEGATE)
    today = timezone.localdate(at)
    starts_on = starts_on or today
    with transaction.atomic():
        person = _locked_person(to.pk)
        post = locked_post(post)
        _refuse_delegation(actor, post, person, starts_on, ends_on, today)
        copy = copy_post(post, person, starts_on=starts_on, ends_on=ends_on, reason=reason)
        copy.delegated_from = post
        store_post(actor=actor, post=copy, at=at)
        record_post(actor=actor, action="post.delegated", post=copy, before={}, reason=reason, at=at)
    return copy


def end_delegation(*, actor: Actor, post: Post, at: datetime) -> Post:
    """Take back a delegation before its end: whoever gave it, whoever holds it, or whoever appoints."""
    with transaction.atomic():
        post = locked_post(post)
        given = post.delegated_from
        if given is None:
            raise Refused("post.not_delegated")
        if actor.user_id not in {given.user_id, post.user_id}:
            actor.require(Permission.POST_APPOINT)
        today = timezone.localdate(at)
        refuse_end(post, today, today)
        close_post(actor=actor, post=post, ends_on=today, reason="", at=at)
    return post


def end_all_posts(*, actor: Actor, person: User, reason: str, at: datetime) -> list[Post]:
    """End every post of a person today: part of disabling an account, which has asked for its own permission."""
    today = timezone.localdate(at)
    open_posts = Post.objects.select_for_update(of=("self",)).filter(_open(today), user=person)
    ended = list(open_posts.select_related("organisation").order_by("id"))
    for post in ended:
        close_post(actor=actor, post=post, ends_on=today, reason=reason, at=at)
    return ended


# What hand-over (交接) shares with the acts above.


def require_second(actor: Actor, role: str, approved: bool) -> None:
    """Refuse what needs two persons unless a second one has agreed; setting up a county is done by the system itself."""
    if role in ADMINISTRATORS and not approved and actor.user_id is not None:
        raise Refused("post.needs_two", role=ROLES[role].name)


def locked_post(post: Post) -> Post:
    """Return the row as it stands now, kept for this transaction."""
    rows = Post.objects.select_for_update(of=("self",)).select_related("organisation__division", "division", "compound")
    return rows.get(pk=post.pk)


def copy_post(post: Post, person: User, *, starts_on: date, ends_on: date | None, reason: str) -> Post:
    """Return an unsaved post in the same role at the same place for another person."""
    return Post(
        user=person,
        role=post.role,
        organisation=post.organisation,
        division=post.division,
        compound=post.compound,
        starts_on=starts_on,
        ends_on=ends_on,
        reason=reason,
    )


def store_post(*, actor: Actor, post: Post, at: datetime) -> None:
    """Insert an appointment that has been examined; what only the database can see is refused here."""
    if Post.objects.filter(_same(post), _overlaps(post), user=post.user).exists():
        raise Refused("post.already_held", name=post.user.name, role=ROLES[post.role].name)
    post.appointed_by_id, post.appointed_at = actor.user_id, at
    try:
        with transaction.atomic():
            post.save(force_insert=True)
    except IntegrityError as conflict:
        if "post_administrators_apart" in str(conflict):
            raise Refused("post.administrators_apart", name=post.user.name) from conflict
        raise


def close_post(*, actor: Actor, post: Post, ends_on: date, reason: str, at: datetime) -> None:
    """Write the end of a post and of what was delegated from it. A post that has not begun is as if it had never been."""
    before = audit.snapshot(post, _FIELDS)
    post.ends_on = max(ends_on, post.starts_on)
    post.save(update_fields=["ends_on"])
    record_post(actor=actor, action="post.ended", post=post, before=before, reason=reason, at=at)
    later = Post.objects.select_for_update(of=("self",)).filter(delegated_from=post, ends_on__gt=post.ends_on)
    for delegation in later.select_related("organisation").order_by("id"):
        close_post(actor=actor, post=delegation, ends_on=ends_on, reason=reason, at=at)


def refuse_end(post: Post, ends_on: date, today: date) -> None:
    if post.ends_on is not None and post.ends_on <= max(today, post.starts_on):
        raise Refused("post.already_ended", on=post.ends_on)
    if ends_on < today:
        raise Refused("post.end_in_the_past")
    if ends_on > today + FURTHEST_AHEAD or (post.ends_on is not None and ends_on > post.ends_on):
        raise Refused("post.end_too_late")


def record_post(
    *, actor: Actor, action: str, post: Post, before: dict[str, object], reason: str, at: datetime, **more: object
) -> None:
    note: dict[str, object] = {"reason": reason, **more}
    if stands_in(actor.role, Permission.POST_APPOINT):
        note["stand_in"] = "security_admin"
    change = audit.difference(before, audit.snapshot(post, _FIELDS))
    audit.record(actor=actor, action=action, subject=post, change=change, note=note, at=at)


def is_last_holder(person_id: int, role: str, day: date) -> bool:
    """Say whether nobody else holds the role on that day.

    The posts of the role are kept for this transaction, always in the same order: of two persons who remove each other at the same
    moment one comes second and sees it.
    """
    held = Post.objects.filter(held_on(day), role=role, user__is_active=True).order_by("id")
    return {post.user_id for post in held.select_for_update(of=("self",))} == {person_id}


def _locked_person(person_id: int) -> User:
    return User.objects.select_for_update(no_key=True).get(pk=person_id)


def _open(today: date) -> Q:
    """Not ended, begun or not."""
    return Q(ends_on__isnull=True) | Q(ends_on__gt=today)


def _same(post: Post) -> Q:
    """Role and place. Whoever stands in for another may be appointed himself, but nobody who is appointed stands in beside."""
    place = Q(organisation=post.organisation_id, division=post.division_id, compound=post.compound_id)
    same = Q(role=post.role) & place
    return same if post.delegated_from_id else same & Q(delegated_from__isnull=True)


def _overlaps(post: Post) -> Q:
    """Half-open ranges that share a day; a post that ended on its first day was never held."""
    ends_later = Q(ends_on__isnull=True) | (Q(ends_on__gt=post.starts_on) & Q(ends_on__gt=F("starts_on")))
    return ends_later & Q(starts_on__lt=post.ends_on) if post.ends_on else ends_later


def refuse_wish(actor: Actor, post: Post, today: date) -> None:
    objection = objection_to(_wish(actor, post, today), on=today)
    if objection is not None:
        raise _refusal(objection, post)


def _wish(actor: Actor, post: Post, today: date) -> Wish:
    home = post.organisation.division
    return Wish(
        role=post.role,
        body=Body(post.organisation.kind, _area(home, today), ended=_has_ended(post.organisation, today)),
        starts_on=post.starts_on,
        ends_on=post.ends_on,
        area=_area(post.division, today) if post.division else None,
        compound_ended=_has_ended(post.compound, today) if post.compound else None,
        of_oneself=post.user_id == actor.user_id,
        active=post.user.is_active,
    )


def _area(division: Division, today: date) -> Area:
    return Area(division.level, division.path, ended=_has_ended(division, today))


def _has_ended(row: Organisation | Division | Compound, today: date) -> bool:
    return row.ended_on is not None and row.ended_on <= today


def _refusal(objection: Objection, post: Post) -> Refused:
    values: dict[str, Any] = {
        "name": post.user.name,
        "role": ROLES[post.role].name,
        "unit": post.organisation.name,
        "days": FURTHEST_AHEAD.days,
    }
    match objection:
        case Objection.SELF:
            return Refused("post.appoint_own")
        case Objection.INACTIVE:
            return Refused("post.person_disabled", **values)
        case Objection.BODY_ENDED:
            return Refused("post.unit_ended", **values)
        case Objection.KIND:
            return Refused("post.unit_unfit", **values)
        case Objection.COMPOUND_MISSING:
            return Refused("post.compound_missing", **values)
        case Objection.COMPOUND_ENDED:
            return Refused("post.compound_ended", **values)
        case Objection.PLACE_NEEDLESS:
            return Refused("post.place_needless", **values)
        case Objection.AREA_OUTSIDE:
            return Refused("post.area_outside", **values)
        case Objection.AREA_LEVEL:
            return Refused("post.area_level", **values)
        case Objection.AREA_ENDED:
            return Refused("post.area_ended", **values)
        case Objection.DATES:
            return Refused("post.dates")
        case Objection.TOO_EARLY:
            return Refused("post.too_early")
        case Objection.TOO_FAR_AHEAD:
            return Refused("post.too_far_ahead", **values)


def _refuse_end_of_last(actor: Actor, post: Post, ends_on: date) -> None:
    if not is_last_holder(post.user_id, post.role, ends_on):
        return
    if post.role == "system_admin":
        raise Refused("post.last_system_admin")
    if post.user_id == actor.user_id:
        raise Refused("post.own_last_administrator", role=ROLES[post.role].name)


def _refuse_delegation(actor: Actor, post: Post, person: User, starts_on: date, ends_on: date, today: date) -> None:
    if post.user_id != actor.user_id:
        raise Refused("post.delegate_own_only")
    if not may_delegate(post.role, delegated=post.delegated_from_id is not None):
        raise Refused("post.not_delegable", role=ROLES[post.role].name)
    if starts_on < today or starts_on < post.starts_on:
        raise Refused("post.delegation_starts")
    if not delegation_fits(starts_on=starts_on, ends_on=ends_on, post_ends_on=post.ends_on):
        raise Refused("post.delegation_dates", days=LONGEST_DELEGATION.days)
    if not _is_colleague(person, post, starts_on) or person.pk == actor.user_id:
        raise Refused("post.delegate_colleague", unit=post.organisation.name)
    if Post.objects.filter(delegated_from=post, ends_on__gt=starts_on, starts_on__lt=ends_on).exists():
        raise Refused("post.already_delegated")


def _is_colleague(person: User, post: Post, day: date) -> bool:
    """Holds a post of their own in the same unit on that day."""
    own = Post.objects.filter(held_on(day), user=person, organisation=post.organisation_id, delegated_from__isnull=True)
    return person.is_active and own.exists()
