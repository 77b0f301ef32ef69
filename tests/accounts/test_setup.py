"""An empty installation becomes a real county or the demo county, once, whole, and never both."""

import shutil
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connections
from django.utils import timezone
from pytest_django import Settings

from anju.accounts.models import Post, Proposal, Recusal, User
from anju.accounts.queries.acting import actor_of
from anju.accounts.queries.personas import parts
from anju.accounts.services.setup import founding_policies, init_county, load_demo
from anju.base.actor import STRANGER, SYSTEM, Denied, Refused
from anju.base.audit import verify_chain
from anju.base.installation import forget, installation
from anju.base.models import AuditEntry, Installation
from anju.places.models import Compound, Division, Organisation
from anju.rules.permissions import Permission
from anju.rules.roles import ROLES
from tests.people import NOW, TODAY

REAL = "zhongshan-2024"


@pytest.mark.django_db
def test_init_county_makes_one_administrator_and_nobody_else() -> None:
    first = init_county(actor=SYSTEM, policy=REAL, at=NOW)
    person = User.objects.get()
    assert (person.username, person.check_password(first.password), person.must_change_password) == (
        "admin",
        True,
        True,
    )
    post = Post.objects.get()
    assert (post.user, post.role, post.organisation.name) == (person, "system_admin", "县住建局")
    assert actor_of(person, chosen_post=None, on=TODAY).may(Permission.PERSON_EDIT)


@pytest.mark.django_db
def test_init_county_has_no_demo_rows() -> None:
    init_county(actor=SYSTEM, policy=REAL, at=NOW)
    assert Installation.objects.values_list("mode", "county_name", "policy_code").get() == ("real", "钟山县", REAL)
    assert Division.objects.get(awaiting=True).name == "待定乡镇"
    assert not Compound.objects.exists()
    assert not User.objects.filter(persona=True).exists()
    assert not Organisation.objects.filter(name__contains="示例").exists()
    assert AuditEntry.objects.filter(action="county.created", subject_type="base.installation").count() == 1


@pytest.mark.django_db
def test_init_county_writes_the_password_nowhere() -> None:
    password = init_county(actor=SYSTEM, policy=REAL, at=NOW).password
    assert not AuditEntry.objects.filter(body__contains=password).exists()


def test_init_county_where_there_is_one_changes_nothing(demo: None) -> None:
    before = (AuditEntry.objects.count(), User.objects.count())
    with pytest.raises(Refused) as refused:
        init_county(actor=SYSTEM, policy=REAL, at=NOW)
    assert refused.value.code == "installation.taken"
    assert (AuditEntry.objects.count(), User.objects.count()) == before


@pytest.mark.django_db
@pytest.mark.parametrize(("policy", "code"), [("demo", "county.demo_policy"), ("../etc", "policy.unknown")])
def test_init_county_from_what_is_no_county_document_is_refused(policy: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        init_county(actor=SYSTEM, policy=policy, at=NOW)
    assert refused.value.code == code
    assert not Installation.objects.exists()


@pytest.mark.django_db
def test_init_county_by_a_stranger_is_denied() -> None:
    with pytest.raises(Denied):
        init_county(actor=STRANGER, policy=REAL, at=NOW)
    assert not Installation.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_init_county_twice_at_once_founds_one() -> None:
    outcomes: list[str] = []

    def found() -> None:
        try:
            outcomes.append(init_county(actor=SYSTEM, policy=REAL, at=NOW).username)
        except Refused as refusal:
            outcomes.append(refusal.code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=found) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["admin", "installation.taken", "installation.taken"]
    assert (User.objects.count(), verify_chain()) == (1, [])


def test_founding_policies_leave_the_demo_out() -> None:
    policies, faults = founding_policies()
    assert ([policy.code for policy in policies], faults) == ([REAL], [])


def test_load_demo_gives_every_role_somebody(demo: None) -> None:
    assert [part.role.code for part in parts(SYSTEM, on=timezone.localdate())] == list(ROLES)


def test_load_demo_gives_nobody_a_password_and_every_phone_is_made_up(demo: None) -> None:
    people = list(User.objects.all())
    assert all(person.persona and not person.has_usable_password() for person in people)
    assert all(person.phone.startswith("1350000") for person in people)
    assert all(person.name.endswith("示例") for person in people)


def test_load_demo_names_nothing_real(demo: None) -> None:
    assert not Compound.objects.exclude(name__startswith="示例·").exists()
    private = ("company", "committee", "developer", "supervising_unit")
    assert not Organisation.objects.filter(kind__in=private).exclude(name__startswith="示例").exists()


@pytest.mark.django_db
def test_load_demo_has_twenty_two_compounds_and_something_under_way() -> None:
    load_demo(actor=SYSTEM, at=NOW)
    in_force = Compound.objects.filter(ended_on__isnull=True)
    assert (in_force.count(), in_force.filter(service_state="unmanaged").count()) == (22, 3)
    assert Compound.objects.filter(merged_into__isnull=False).count() == 1
    assert Proposal.objects.get().state == "waiting"
    assert Recusal.objects.get().ends_on == TODAY + timedelta(days=21)
    assert Post.objects.get(delegated_from__isnull=False).ends_on == TODAY + timedelta(days=5)


def test_load_demo_leaves_a_trail_that_holds(demo: None) -> None:
    assert verify_chain() == []
    assert AuditEntry.objects.filter(action="post.delegated").exclude(user_id=None).exists()


@pytest.mark.django_db
def test_parts_are_empty_in_a_real_county() -> None:
    init_county(actor=SYSTEM, policy=REAL, at=NOW)
    forget()
    assert installation() is not None
    assert parts(SYSTEM, on=TODAY) == []


def test_offer_policies_leaves_out_a_wrong_one_and_says_why(settings: Settings, tmp_path: Path) -> None:
    shutil.copytree(settings.POLICIES, tmp_path / "policies")
    settings.POLICIES = tmp_path / "policies"
    units = settings.POLICIES / REAL / "units.toml"
    units.write_text(units.read_text().replace('kind = "bureau"', 'kind = "bureaux"', 1))
    policies, faults = founding_policies()
    assert policies == []
    assert faults[0].startswith(f"{REAL}/units.toml 第 ")
