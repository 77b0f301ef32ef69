"""The facts of the demo county, told by its people through the services that real ones use, so that its trail reads like a real one's."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

from anju.accounts.models import Post
from anju.accounts.queries.acting import actor_of
from anju.accounts.services.demo import PREFIX
from anju.base.actor import Actor
from anju.places.models import Compound, Organisation
from anju.registry.models import Cell, Fact, Indicator
from anju.registry.services.companies import Naming, settle_company_names
from anju.registry.services.decisions import decide_facts
from anju.registry.services.statements import Saying, record_statement, source_named
from anju.rules.lists.cells import read_cell
from anju.rules.lists.readings import Known
from anju.rules.permissions import Permission

_FILE = Path(__file__).resolve().parent.parent / "demo_facts.toml"


@dataclass(frozen=True, slots=True)
class _Row:
    """One telling: which compound, from where, recorded by whom and when, and true of which day; both count days before the loading."""

    compound: str
    source: str
    kind: str
    by: str
    days: int
    values: Mapping[str, str]
    recorded: int = 0
    reason: str = ""


def load_demo_facts(*, actor: Actor, at: datetime) -> None:
    """Tell, confirm and settle what `demo_facts.toml` holds."""
    actor.require(Permission.FACT_EDIT)
    tables = tomllib.loads(_FILE.read_text("utf-8"))
    people = {post.user.username: post for post in Post.objects.select_related("user").order_by("-id")}
    indicators = {row.code: row for row in Indicator.objects.filter(ended_on__isnull=True)}
    compounds = {row.name: row for row in Compound.objects.filter(ended_on__isnull=True)}
    for row in sorted((_Row(**one) for one in tables["said"]), key=lambda row: -row.recorded or -row.days):
        _tell(row, people, indicators, compounds[PREFIX + row.compound], at)
    for one in tables["confirmed"]:
        _confirm(
            people[one["by"]], one["indicators"], one["compounds"], one["reason"], at - timedelta(days=one["days"])
        )
    officer = _acting(people[tables["companies"]["by"]], at)
    known = {row.name: row for row in Organisation.objects.filter(kind=Organisation.Kind.COMPANY)}
    namings = [Naming(name, known[company]) for name, company in tables["companies"]["names"].items()]
    settle_company_names(actor=officer, namings=namings, at=at - timedelta(days=5))


def _tell(
    row: _Row, people: Mapping[str, Post], indicators: Mapping[str, Indicator], compound: Compound, at: datetime
) -> None:
    moment = at - timedelta(days=row.recorded or row.days)
    who = _acting(people[row.by], at)
    source = source_named(actor=who, name=row.source, kind=row.kind, at=moment)
    record_statement(
        actor=who,
        compound=compound,
        source=source,
        observed_on=timezone.localdate(at - timedelta(days=row.days)),
        sayings={indicators[code]: _saying(indicators[code], raw, at.year) for code, raw in row.values.items()},
        reason=row.reason,
        at=moment,
    )


def _saying(indicator: Indicator, raw: str, year: int) -> Saying:
    reading = read_cell(raw, indicator.type, latest=year, unit=indicator.unit, zero=True)
    assert isinstance(reading, Known), (indicator.code, raw, reading)
    return Saying(reading.value, raw, reading.note)


def _confirm(post: Post, codes: list[str], compounds: list[str], reason: str, at: datetime) -> None:
    """Confirm what others told of these indicators in these compounds; what is in conflict waits."""
    cells = Cell.objects.filter(
        indicator__code__in=codes, compound__name__in=[PREFIX + name for name in compounds], conflict=False
    )
    current = list(cells.values_list("fact_id", flat=True))
    facts = list(Fact.objects.filter(pk__in=current).exclude(statement__recorder=post.user))
    decide_facts(actor=_acting(post, at), facts=facts, reason=reason, at=at)


def _acting(post: Post, at: datetime) -> Actor:
    return actor_of(post.user, chosen_post=post.pk, on=timezone.localdate(at))
