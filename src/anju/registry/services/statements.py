"""Recording what a source says about a compound, and taking it back. Nothing is overwritten: a newer word of the same source supersedes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from anju.base import audit
from anju.base.actor import Actor, Refused
from anju.places.models import Compound
from anju.places.services.reach import locked_compounds
from anju.registry.models import Fact, Indicator, Source, Statement, Withdrawal
from anju.registry.services.cells import refresh_cells
from anju.rules.lists.readings import Value
from anju.rules.lists.stored import store
from anju.rules.masking import PERSONAL
from anju.rules.permissions import Permission

RANKS = {kind: rank for rank, kind in enumerate(Source.Kind.values, start=1)}


@dataclass(frozen=True, slots=True)
class Saying:
    """A value as it is told: read by `rules.lists.cells.read_cell`; `raw` is how it was written."""

    value: Value
    raw: str = ""
    note: str = ""


def source_named(*, actor: Actor, name: str, kind: str, at: datetime) -> Source:
    """Return the source of that name, made now where it is new. Its kind gives the rank with which it is believed."""
    actor.require(Permission.FACT_EDIT)
    row, _ = Source.objects.get_or_create(name=name, defaults={"kind": kind, "rank": RANKS[kind], "created_at": at})
    return row


@transaction.atomic
def record_statement(
    *,
    actor: Actor,
    compound: Compound,
    source: Source,
    observed_on: date,
    sayings: Mapping[Indicator, Saying],
    reason: str = "",
    at: datetime,
) -> Statement:
    """Write what a source says about one compound, one value an indicator."""
    return record_for_many(
        actor=actor, compounds=[compound], source=source, observed_on=observed_on, sayings=sayings, reason=reason, at=at
    )[0]


def record_for_many(
    *,
    actor: Actor,
    compounds: Sequence[Compound],
    source: Source,
    observed_on: date,
    sayings: Mapping[Indicator, Saying],
    reason: str = "",
    at: datetime,
) -> list[Statement]:
    """Write the same sayings about several compounds: all of them or none."""
    said = dict.fromkeys((compound.pk for compound in compounds), sayings)
    return record_each(actor=actor, said=said, source=source, observed_on=observed_on, reason=reason, at=at)


@transaction.atomic
def record_each(
    *,
    actor: Actor,
    said: Mapping[int, Mapping[Indicator, Saying]],
    source: Source,
    observed_on: date,
    reason: str = "",
    at: datetime,
) -> list[Statement]:
    """Write of each compound (by its key) what the source says of it: all or none, with as many statements to the database for ten thousand
    as for one.
    """
    actor.require(Permission.FACT_EDIT)
    if not all(said.values()):
        raise Refused("fact.nothing_said")
    if observed_on > timezone.localdate(at):
        raise Refused("fact.observed_later")
    _refuse_derived({indicator for sayings in said.values() for indicator in sayings})
    told = [
        Statement(
            compound=row,
            source=source,
            observed_on=observed_on,
            recorder_id=actor.user_id,
            recorder_post=actor.post_id,
            recorded_at=at,
            reason=reason,
        )
        for row in locked_compounds(actor, Permission.FACT_EDIT, *said).values()
    ]
    Statement.objects.bulk_create(told)
    Fact.objects.bulk_create(
        Fact(statement=one, indicator=indicator, **stored_columns(saying))
        for one in told
        for indicator, saying in said[one.compound_id].items()
    )
    refresh_cells((one.compound_id, indicator.pk) for one in told for indicator in said[one.compound_id])
    _record(actor, told, said, at)
    return told


def stored_columns(saying: Saying) -> dict[str, object]:
    """Return the columns of `Fact` that keep a saying."""
    kept = store(saying.value)
    return {
        "low": kept.low,
        "high": kept.high,
        "text": kept.text,
        "form": kept.form,
        "approximate": kept.approximate,
        "raw": saying.raw,
        "note": saying.note,
    }


@transaction.atomic
def withdraw_statement(*, actor: Actor, statement: Statement, reason: str, at: datetime) -> None:
    """Take back one's own statement, or one within reach by whoever may confirm facts."""
    own = statement.recorder_id == actor.user_id
    permission = Permission.FACT_EDIT if own else Permission.FACT_CONFIRM
    actor.require(permission)
    if not reason.strip():
        raise Refused("fact.reason_missing")
    locked_compounds(actor, permission, statement.compound_id)
    if Withdrawal.objects.filter(statement=statement).exists():
        raise Refused("fact.already_withdrawn")
    withdraw_all(actor=actor, statements=[statement], reason=reason, at=at)
    audit.record(
        actor=actor,
        action="fact.withdrawn",
        subject=statement.compound,
        note={"statement": statement.pk, "reason": reason},
        at=at,
    )


def withdraw_all(*, actor: Actor, statements: Sequence[Statement], reason: str, at: datetime) -> None:
    """Take statements back and work their cells out anew. The caller has checked the permission, the reach and the reason."""
    Withdrawal.objects.bulk_create(
        Withdrawal(statement=row, by_id=actor.user_id, by_post=actor.post_id, at=at, reason=reason)
        for row in statements
    )
    compounds = {row.pk: row.compound_id for row in statements}
    facts = Fact.objects.filter(statement__in=list(compounds)).values_list("statement_id", "indicator_id")
    refresh_cells((compounds[statement], indicator) for statement, indicator in facts)


def _refuse_derived(indicators: Iterable[Indicator]) -> None:
    ended = next((row.name for row in indicators if row.ended_on is not None), None)
    if ended:
        raise Refused("fact.indicator_ended", indicator=ended)


def _record(
    actor: Actor, told: Sequence[Statement], said: Mapping[int, Mapping[Indicator, Saying]], at: datetime
) -> None:
    """One entry for each compound with its values; one for all that were told the same."""
    alike: dict[tuple[tuple[Indicator, Saying], ...], list[Statement]] = defaultdict(list)
    for one in told:
        alike[tuple(said[one.compound_id].items())].append(one)
    audit.record_all(actor=actor, entries=(_entry(rows, sayings) for sayings, rows in alike.items()), at=at)


def _entry(told: Sequence[Statement], sayings: Iterable[tuple[Indicator, Saying]]) -> audit.Entry:
    words: dict[str, tuple[object, object]] = {
        row.code: (None, audit.CONCEALED if row.type in PERSONAL else saying.raw) for row, saying in sayings
    }
    note: dict[str, object] = {"source": told[0].source.name, "observed_on": str(told[0].observed_on)}
    if len(told) == 1:
        return audit.Entry(action="fact.recorded", subject=told[0].compound, change=words, note=note)
    note |= {"compounds": [row.compound_id for row in told]}
    return audit.Entry(action="fact.recorded_for_many", change=words, note=note)
