import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from anju.base.actor import SYSTEM, Denied, Refused
from anju.base.models import AuditEntry
from anju.places.models import Division, DivisionName, Organisation, OrganisationAlias, PolicyEdition, Responsibility
from anju.places.services.division_merge import merge_divisions
from anju.places.services.organisations import rename_organisation
from anju.places.services.policy import load_policy, read_policy
from anju.rules.policy import Policy
from anju.rules.policy_faults import PolicyFaults
from tests.people import NOW, TODAY

ZHONGSHAN, DEMO = "zhongshan-2024", "demo"
LATER = NOW + timedelta(days=400)


@pytest.fixture(scope="module")
def policy() -> Policy:
    return read_policy(ZHONGSHAN)


def test_load_policy_writes_the_whole_county(db: None, policy: Policy) -> None:
    edition = load_policy(actor=SYSTEM, policy=policy, at=NOW)
    levels = {level: Division.objects.filter(level=level).count() for level in ("county", "town", "community")}
    assert levels == {"county": 1, "town": 13, "community": 120}
    assert edition.items.count() == 19
    first = edition.items.get(code="1.1")
    named = {unit.code: unit.name for unit in policy.units}
    assert [row.organisation.name for row in first.responsibilities.order_by("position")] == [
        named[code] for code in ("organisation_department", "town", "bureau")
    ]
    assert Organisation.objects.filter(kind="town").count() == 12
    assert Organisation.objects.filter(kind="community").count() == 120


def test_load_policy_gives_every_row_its_path_and_spelling(db: None, policy: Policy) -> None:
    load_policy(actor=SYSTEM, policy=policy, at=NOW)
    for row in Division.objects.select_related("parent"):
        assert row.path == f"{row.parent.path if row.parent else ''}{row.pk}/"
        assert row.pinyin.isalnum()
    assert not Organisation.objects.filter(pinyin="").exists()


def test_load_policy_finds_units_by_every_spelling(db: None, policy: Policy) -> None:
    load_policy(actor=SYSTEM, policy=policy, at=NOW)
    said = {alias.name: alias.organisation.name for alias in OrganisationAlias.objects.select_related("organisation")}
    for unit in policy.units:
        assert {said[alias] for alias in unit.aliases} <= {unit.name}


def test_load_policy_is_one_entry_of_the_trail(db: None, policy: Policy) -> None:
    load_policy(actor=SYSTEM, policy=policy, at=NOW)
    entry = AuditEntry.objects.get()
    assert entry.action == "policy.loaded"
    assert '"divisions":134' in entry.body
    assert '"digest":"' in entry.body


def test_load_policy_twice_changes_nothing(db: None, policy: Policy) -> None:
    first = load_policy(actor=SYSTEM, policy=policy, at=NOW)
    before = counts()
    assert load_policy(actor=SYSTEM, policy=policy, at=LATER) == first
    assert counts() == before
    assert PolicyEdition.objects.get().loaded_at == NOW


def test_load_policy_altered_under_the_same_version_is_refused(db: None, policy: Policy) -> None:
    load_policy(actor=SYSTEM, policy=policy, at=NOW)
    before = counts()
    with pytest.raises(Refused) as refusal:
        load_policy(actor=SYSTEM, policy=replace(policy, digest="1" * 64), at=LATER)
    assert (refusal.value.code, refusal.value.values["version"]) == ("policy.altered", 1)
    assert counts() == before


def test_load_policy_of_a_newer_version_keeps_the_older_one(db: None, policy: Policy) -> None:
    old = load_policy(actor=SYSTEM, policy=policy, at=NOW)
    before = counts()
    new = load_policy(actor=SYSTEM, policy=replace(policy, version=2, digest="2" * 64), at=LATER)
    assert new.pk != old.pk
    assert (old.items.count(), new.items.count()) == (19, 19)
    after = counts()
    assert after["divisions"] == before["divisions"]
    assert after["organisations"] == before["organisations"]
    assert after["entries"] == before["entries"] + 1


def test_load_policy_keeps_what_the_county_changed_since(db: None, policy: Policy) -> None:
    load_policy(actor=SYSTEM, policy=policy, at=NOW)
    bureau = Organisation.objects.get(kind="bureau", parent=None)
    rename_organisation(actor=SYSTEM, organisation=bureau, name="县住房城乡建设和水利局", at=NOW)
    gone, into = Division.objects.get(code="451122104"), Division.objects.get(code="451122100")
    merge_divisions(actor=SYSTEM, division=gone, into=into, reason="撤镇", at=NOW)
    before = counts()
    new = load_policy(actor=SYSTEM, policy=replace(policy, version=2, digest="2" * 64), at=LATER)
    assert counts()["organisations"] == before["organisations"]
    assert counts()["divisions"] == before["divisions"]
    assert new.items.get(code="2.2").responsibilities.filter(organisation=bureau).exists()


def test_load_policy_of_the_demo_names_nobody_real(db: None) -> None:
    load_policy(actor=SYSTEM, policy=read_policy(DEMO), at=NOW)
    assert Division.objects.get(level="county").name == "示例县"
    assert not Division.objects.filter(code__startswith="45").exists()


def test_load_policy_without_the_permission_is_denied(people: SimpleNamespace) -> None:
    for who in (people.bureau_officer, people.security_admin, people.nobody):
        with pytest.raises(Denied):
            load_policy(actor=who.actor, policy=read_policy(DEMO), at=NOW)


@pytest.mark.parametrize("code", ["nowhere", "../policy/demo", "", "demo\x00"])
def test_read_policy_that_is_not_there_names_those_that_are(code: str) -> None:
    with pytest.raises(Refused) as refusal:
        read_policy(code)
    assert refusal.value.code == "policy.unknown"
    assert "demo" in str(refusal.value.values["known"])


def test_read_policy_with_faults_is_refused_whole(tmp_path: Path, settings: SimpleNamespace) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "policy.toml").write_bytes(b"\xff\xfe\x00")
    settings.POLICIES = tmp_path
    with pytest.raises(PolicyFaults) as faults:
        read_policy("broken")
    assert {fault.code for fault in faults.value.faults} >= {"not_utf8", "missing_file"}


@pytest.mark.parametrize("name", ["workflow.toml", "matters.toml"])
def test_read_policy_with_faulty_cases_is_refused_whole(name: str, tmp_path: Path, settings: SimpleNamespace) -> None:
    shutil.copytree(Path(settings.POLICIES) / "demo", tmp_path / "demo")
    broken = tmp_path / "demo" / name
    broken.write_text(broken.read_text().replace('name = "', 'nam = "', 1))
    settings.POLICIES = tmp_path
    with pytest.raises(PolicyFaults) as faults:
        read_policy("demo")
    assert [(fault.file, fault.code) for fault in faults.value.faults] == [(name, "missing_key"), (name, "unknown_key")]
    assert all(fault.line > 1 for fault in faults.value.faults)


def counts() -> dict[str, int]:
    return {
        "divisions": Division.objects.count(),
        "names": DivisionName.objects.count(),
        "organisations": Organisation.objects.count(),
        "aliases": OrganisationAlias.objects.count(),
        "responsibilities": Responsibility.objects.count(),
        "entries": AuditEntry.objects.count(),
    }


def test_load_policy_dates_divisions_by_their_table(db: None, policy: Policy) -> None:
    load_policy(actor=SYSTEM, policy=policy, at=NOW)
    days = {division.valid_from for division in policy.divisions}
    assert set(Division.objects.values_list("valid_from", flat=True)) == days
    assert set(Organisation.objects.values_list("valid_from", flat=True)) == {TODAY}
