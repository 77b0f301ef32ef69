"""Two people at once, on a real database: one of them is told why not."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from types import SimpleNamespace

import pytest
from django.db import connection

from anju.base.actor import Refused
from anju.places.models import Compound, Organisation
from anju.places.services.compound_merge import merge_compounds
from anju.places.services.compounds import CompoundFacts, create_compound
from anju.places.services.division_merge import merge_divisions
from anju.places.services.divisions import end_division
from anju.places.services.organisations import OrganisationFacts, create_organisation
from tests.people import NOW, make_compound, make_division

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Start all acts at the same moment and return how each ended: ok, or the code of its refusal."""
    gate = Barrier(len(acts), timeout=20)

    def run(act: Callable[[], object]) -> str:
        gate.wait()
        try:
            act()
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()
        return "ok"

    with ThreadPoolExecutor(len(acts)) as threads:
        return sorted(threads.map(run, acts))


def test_create_compound_twice_at_once_makes_one(place: SimpleNamespace, people: SimpleNamespace) -> None:
    actor, facts = people.bureau_officer.actor, CompoundFacts(division=place.community)

    def create() -> object:
        return create_compound(actor=actor, name="示例·同名", facts=facts, at=NOW)

    assert at_once(create, create, create) == ["ok", "place.name_taken", "place.name_taken"]
    assert Compound.objects.filter(name="示例·同名").count() == 1


def test_create_organisation_with_one_credit_code_at_once_makes_one(
    place: SimpleNamespace, people: SimpleNamespace
) -> None:
    def create(name: str, division: object) -> object:
        facts = OrganisationFacts(kind="company", division=division, credit_code="91110000600037341L")  # type: ignore[arg-type]
        return create_organisation(actor=people.bureau_officer.actor, name=name, facts=facts, at=NOW)

    ended = at_once(lambda: create("示例甲", place.town), lambda: create("示例乙", place.other_town))
    assert ended == ["ok", "organisation.credit_code_taken"]
    assert Organisation.objects.exclude(credit_code="").count() == 1


def test_merge_compounds_into_each_other_at_once_keeps_one(place: SimpleNamespace, people: SimpleNamespace) -> None:
    one, two = make_compound("示例·甲", place.town), make_compound("示例·乙", place.town)
    actor = people.bureau_officer.actor

    def merge(gone: Compound, into: Compound) -> object:
        return merge_compounds(actor=actor, compound=gone, into=into, reason="重复", at=NOW)

    assert at_once(lambda: merge(one, two), lambda: merge(two, one)) == ["ok", "place.ended"]
    assert Compound.objects.filter(pk__in=[one.pk, two.pk], ended_on=None).count() == 1


def test_end_division_while_a_compound_comes_leaves_no_orphan(place: SimpleNamespace, people: SimpleNamespace) -> None:
    empty = make_division("空社区", "990001100009", place.town)
    facts = CompoundFacts(division=empty)
    ended = at_once(
        lambda: end_division(actor=people.system_admin.actor, division=empty, reason="撤", at=NOW),
        lambda: create_compound(actor=people.bureau_officer.actor, name="示例·新", facts=facts, at=NOW),
    )
    assert ended in (["ok", "place.ended"], ["division.in_use", "ok"])
    empty.refresh_from_db()
    assert (empty.ended_on is None) == Compound.objects.filter(division=empty).exists()


def test_merge_divisions_into_each_other_at_once_keeps_one(place: SimpleNamespace, people: SimpleNamespace) -> None:
    one, two = make_division("甲镇", "990001105", place.county), make_division("乙镇", "990001106", place.county)
    actor = people.system_admin.actor
    ended = at_once(
        lambda: merge_divisions(actor=actor, division=one, into=two, reason="并", at=NOW),
        lambda: merge_divisions(actor=actor, division=two, into=one, reason="并", at=NOW),
    )
    assert ended == ["ok", "place.ended"]
