"""Hand-over (交接): one person leaves a post and another takes it up on the same day, with what hangs on it."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from anju.accounts.models import Post, Proposal, User
from anju.accounts.services.posts import (
    close_post,
    copy_post,
    locked_post,
    record_post,
    refuse_end,
    refuse_wish,
    require_second,
    store_post,
)
from anju.base import audit
from anju.base.actor import Actor, Refused
from anju.rules.permissions import Permission


@dataclass(frozen=True, slots=True)
class HandOver:
    """What was done: `redirected` delegations now stand for the new post; `waiting` proposals must be made anew."""

    old: Post
    new: Post
    redirected: tuple[Post, ...]
    waiting: tuple[Proposal, ...]


def hand_over_post(
    *, actor: Actor, post: Post, to: User, on: date, reason: str, at: datetime, approved: bool = False
) -> HandOver:
    """End a post on the day `on` and appoint `to` in the same role at the same place from that day.

    An administrator's post is handed over by two persons: `approved` says that a second one has agreed.
    """
    actor.require(Permission.POST_APPOINT)
    require_second(actor, post.role, approved)
    today = timezone.localdate(at)
    with transaction.atomic():
        person = User.objects.select_for_update(no_key=True).get(pk=to.pk)
        old = locked_post(post)
        _refuse(old, person, on, today)
        new = copy_post(old, person, starts_on=on, ends_on=old.ends_on, reason=reason)
        refuse_wish(actor, new, today)
        store_post(actor=actor, post=new, at=at)
        record_post(
            actor=actor, action="post.appointed", post=new, before={}, reason=reason, at=at, handed_over_from=old.pk
        )
        redirected = _redirect(actor, old, new, on, at)
        close_post(actor=actor, post=old, ends_on=on, reason=reason, at=at)
    return HandOver(old, new, redirected, tuple(waiting_proposals(old)))


def waiting_proposals(post: Post) -> list[Proposal]:
    """What the leaving person has proposed in this post and nobody has decided: it cannot be carried out any more."""
    return list(Proposal.objects.filter(proposed_post=post, state=Proposal.State.WAITING).order_by("id"))


def _refuse(old: Post, person: User, on: date, today: date) -> None:
    if old.delegated_from_id is not None:
        raise Refused("post.hand_over_delegated")
    if old.user_id == person.pk:
        raise Refused("post.hand_over_same")
    refuse_end(old, on, today)
    if on <= old.starts_on or (old.ends_on is not None and on >= old.ends_on):
        raise Refused("post.hand_over_day")


def _redirect(actor: Actor, old: Post, new: Post, on: date, at: datetime) -> tuple[Post, ...]:
    """Let running delegations stand for the new post; one held by the new holder would stand for himself, and ends."""
    running = Post.objects.select_for_update(of=("self",)).filter(delegated_from=old, ends_on__gt=on)
    redirected = []
    for delegation in running.exclude(user=new.user_id).select_related("organisation", "user").order_by("id"):
        delegation.delegated_from = new
        delegation.save(update_fields=["delegated_from"])
        change = {"delegated_from": (old.pk, new.pk)}
        audit.record(actor=actor, action="post.redirected", subject=delegation, change=change, at=at)
        redirected.append(delegation)
    return tuple(redirected)
