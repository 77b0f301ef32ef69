"""Where the compounds of the demo county lie and how far their management areas reach, told through the services that real ones use."""

import json
import tomllib
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.utils import timezone

from anju.accounts.models import Post
from anju.accounts.queries.acting import actor_of
from anju.accounts.services.demo import PREFIX
from anju.base.actor import Actor
from anju.places.models import Compound
from anju.registry.models import Indicator
from anju.registry.services.areas import set_area
from anju.registry.services.statements import Saying, record_statement, source_named
from anju.rules.areas import read_area
from anju.rules.coordinates import STEPS
from anju.rules.lists.readings import Point
from anju.rules.permissions import Permission

_FILE = Path(__file__).resolve().parent.parent / "demo_map.toml"


def load_demo_map(*, actor: Actor, at: datetime) -> None:
    """Tell the points and set the areas that `demo_map.toml` holds."""
    actor.require(Permission.FACT_EDIT)
    tables = tomllib.loads(_FILE.read_text("utf-8"))
    people = {post.user.username: post for post in Post.objects.select_related("user").order_by("-id")}
    compounds = {row.name: row for row in Compound.objects.filter(ended_on__isnull=True)}
    place = Indicator.objects.get(type="point", ended_on__isnull=True)
    for told in (tables["points"], tables["rough"]):
        for name, text in told["at"].items():
            _place(told, place, compounds[PREFIX + name], text, people, at)
    for told in tables["area"]:
        _area(told, compounds[PREFIX + told["compound"]], people, at)


def _place(
    told: Mapping[str, Any], place: Indicator, row: Compound, text: str, people: Mapping[str, Post], at: datetime
) -> None:
    moment = at - timedelta(days=told["days"])
    who = _acting(people[told["by"]], at)
    east, north = (_steps(part) for part in text.split(","))
    record_statement(
        actor=who,
        compound=row,
        source=source_named(actor=who, name=told["source"], kind=told["kind"], at=moment),
        observed_on=timezone.localdate(moment),
        sayings={place: Saying(Point(east, north, told["system"]), text)},
        at=moment,
    )


def _area(told: Mapping[str, Any], row: Compound, people: Mapping[str, Post], at: datetime) -> None:
    moment = at - timedelta(days=told["days"])
    who, day = _acting(people[told["by"]], at), timezone.localdate(moment)
    corners = ",".join(f"[{corner}]" for corner in told["corners"].split())
    first = corners[: corners.index("]") + 1]
    ring = json.loads(f"[{corners},{first}]")
    set_area(
        actor=who,
        compound=row,
        area=read_area(json.dumps({"type": "Polygon", "coordinates": [ring]})),
        source=source_named(actor=who, name=told["source"], kind=told["kind"], at=moment),
        observed_on=day,
        filed_on=day if told.get("filed") else None,
        reason=told.get("reason", ""),
        at=moment,
    )


def _steps(text: str) -> int:
    """Return 1085021000 of 108.50210, without a float."""
    whole, _, part = text.partition(".")
    return int(whole) * STEPS + int(part.ljust(7, "0"))


def _acting(post: Post, at: datetime) -> Actor:
    return actor_of(post.user, chosen_post=post.pk, on=timezone.localdate(at))
