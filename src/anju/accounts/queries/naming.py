"""What the ids in the audit trail are called, for those who may read it."""

from collections.abc import Iterable

from django.apps import apps
from django.db.models import Model, Q

from anju.accounts.models import Post, User
from anju.base.actor import Actor
from anju.rules.permissions import Permission
from anju.rules.roles import ROLES

Subject = tuple[str, int]
MOST_PEOPLE = 200


def names_of_people(actor: Actor, ids: Iterable[int | None]) -> dict[int, str]:
    if not actor.may(Permission.AUDIT_READ):
        return {}
    wanted = {one for one in ids if one is not None}
    return dict(User.objects.filter(pk__in=wanted).values_list("pk", "name")) if wanted else {}


def people_called(actor: Actor, text: str) -> frozenset[int]:
    """Return the ids of people whose name, pinyin or user name holds `text`."""
    if not actor.may(Permission.AUDIT_READ):
        return frozenset()
    called = Q(name__icontains=text) | Q(username__iexact=text) | Q(pinyin__istartswith=text)
    return frozenset(User.objects.filter(called).values_list("pk", flat=True)[:MOST_PEOPLE])


def names_of_subjects(actor: Actor, subjects: Iterable[Subject]) -> dict[Subject, str]:
    """Return what each row is called today, one query a kind of row. Rows without a name of their own are left out."""
    if not actor.may(Permission.AUDIT_READ):
        return {}
    by_kind: dict[str, set[int]] = {}
    for kind, pk in subjects:
        by_kind.setdefault(kind, set()).add(pk)
    return {(kind, pk): name for kind, ids in by_kind.items() for pk, name in _named(kind, ids)}


def _named(kind: str, ids: set[int]) -> Iterable[tuple[int, str]]:
    if kind == Post._meta.label_lower:
        rows = Post.objects.filter(pk__in=ids).values_list("pk", "user__name", "organisation__name", "role")
        return [(pk, f"{person}（{body} · {ROLES[role].name}）") for pk, person, body, role in rows]
    model = _model(kind)
    if model is None or "name" not in {field.name for field in model._meta.get_fields()}:
        return []
    return list(model._default_manager.filter(pk__in=ids).values_list("pk", "name"))


def _model(kind: str) -> type[Model] | None:
    try:
        return apps.get_model(kind)
    except (LookupError, ValueError):
        return None
