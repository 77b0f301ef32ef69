"""Views that people keep for themselves. A view is an address; keeping one gives nobody any right."""

from datetime import datetime

from django.db import transaction

from anju.base.actor import Actor, Refused
from anju.reports.models import SavedView
from anju.rules.permissions import Permission

MOST = 30


@transaction.atomic
def save_view(*, actor: Actor, name: str, query: str, at: datetime) -> SavedView:
    """Keep a view under a name; a name that is there already gets the new view."""
    actor.require(Permission.FACT_VIEW)
    mine = SavedView.objects.filter(owner=actor.user_id)
    if mine.count() >= MOST and not mine.filter(name=name).exists():
        raise Refused("table.too_many_views", most=MOST)
    row, _ = mine.update_or_create(owner_id=actor.user_id, name=name, defaults={"query": query, "created_at": at})
    return row


@transaction.atomic
def rename_view(*, actor: Actor, view: SavedView, name: str, at: datetime) -> None:
    actor.require(Permission.FACT_VIEW)
    mine = SavedView.objects.filter(owner=actor.user_id)
    if mine.filter(name=name).exclude(pk=view.pk).exists():
        raise Refused("table.view_name_taken", name=name)
    mine.filter(pk=view.pk).update(name=name)


def drop_view(*, actor: Actor, view: SavedView, at: datetime) -> None:
    actor.require(Permission.FACT_VIEW)
    SavedView.objects.filter(pk=view.pk, owner=actor.user_id).delete()
