from dataclasses import replace
from types import SimpleNamespace

import pytest

from anju.accounts.models import Recusal
from anju.base.actor import Denied, Refused
from anju.base.models import AuditEntry
from anju.places.models import Organisation, PolicyEdition
from anju.places.services.organisation_merge import merge_organisations
from anju.places.services.organisations import (
    OrganisationFacts,
    add_organisation_alias,
    create_organisation,
    edit_organisation,
    end_organisation,
    remove_organisation_alias,
    rename_organisation,
)
from tests.people import NOW, TODAY, make_compound, make_organisation

CREDIT_CODE = "91110000600037341L"  # the sample of python-stdnum's own documentation


def names_of(row: Organisation) -> set[tuple[str, str]]:
    return set(row.aliases.values_list("name", "kind"))


def test_create_organisation_with_aliases_and_credit_code(place: SimpleNamespace, people: SimpleNamespace) -> None:
    facts = OrganisationFacts(kind="company", division=place.town, credit_code=" ９1110000-600037341l ")
    row = create_organisation(
        actor=people.bureau_officer.actor, name="示例兴业物业公司", facts=facts, aliases=["兴业物业"], at=NOW
    )
    assert (row.credit_code, row.pinyin) == (CREDIT_CODE, "ShiLiXingYeWuYeGongSi")
    assert names_of(row) == {("兴业物业", "alias")}
    assert AuditEntry.objects.get().action == "organisation.created"


@pytest.mark.parametrize("code", ["91110000600037341X", "123", "９" * 18, "x" * 10_000, "91110000\x00600037341L"])
def test_create_organisation_with_a_wrong_credit_code_is_refused(
    place: SimpleNamespace, people: SimpleNamespace, code: str
) -> None:
    facts = OrganisationFacts(kind="company", division=place.town, credit_code=code)
    with pytest.raises(Refused) as refusal:
        create_organisation(actor=people.bureau_officer.actor, name="示例公司", facts=facts, at=NOW)
    assert refusal.value.code == "organisation.bad_credit_code"


def test_create_organisation_with_anothers_credit_code_names_the_other(
    place: SimpleNamespace, people: SimpleNamespace
) -> None:
    facts = OrganisationFacts(kind="company", division=place.town, credit_code=CREDIT_CODE)
    create_organisation(actor=people.bureau_officer.actor, name="示例甲公司", facts=facts, at=NOW)
    with pytest.raises(Refused) as refusal:
        create_organisation(
            actor=people.bureau_officer.actor,
            name="示例乙公司",
            facts=replace(facts, division=place.other_town),
            at=NOW,
        )
    assert refusal.value.values == {"other": "示例甲公司"}
    assert refusal.value.code == "organisation.credit_code_taken"


def test_create_organisation_named_like_an_alias_offers_the_other(
    place: SimpleNamespace, people: SimpleNamespace
) -> None:
    actor, facts = people.bureau_officer.actor, OrganisationFacts(kind="department", division=place.county)
    add_organisation_alias(actor=actor, organisation=place.department, name="县市监局", at=NOW)
    with pytest.raises(Refused) as refusal:
        create_organisation(actor=actor, name="县市监局", facts=facts, at=NOW)
    assert refusal.value.values == {"name": "县市监局", "other": "县市场监管局"}
    with pytest.raises(Refused) as refusal:
        create_organisation(actor=actor, name="县市场监管局", facts=facts, at=NOW)
    assert refusal.value.code == "place.name_taken"


@pytest.mark.parametrize("name", ["县市场监管局", "市监局", "县住建局"])
def test_add_organisation_alias_that_is_a_name_already_is_refused(
    place: SimpleNamespace, people: SimpleNamespace, name: str
) -> None:
    actor = people.bureau_officer.actor
    add_organisation_alias(actor=actor, organisation=place.bureau, name="市监局", at=NOW)
    with pytest.raises(Refused) as refusal:
        add_organisation_alias(actor=actor, organisation=place.department, name=name, at=NOW)
    assert refusal.value.code in {"place.alias_is_name", "place.alias_taken"}


def test_rename_organisation_there_and_back_keeps_both_former_names(
    place: SimpleNamespace, people: SimpleNamespace
) -> None:
    for name in ("县市场监督管理局", "县市场监管局", "县市场监督管理局"):
        rename_organisation(actor=people.bureau_officer.actor, organisation=place.department, name=name, at=NOW)
    assert names_of(place.department) == {("县市场监管局", "former"), ("县市场监督管理局", "former")}


def test_remove_organisation_alias_keeps_former_names(place: SimpleNamespace, people: SimpleNamespace) -> None:
    actor = people.bureau_officer.actor
    add_organisation_alias(actor=actor, organisation=place.department, name="市监", at=NOW)
    rename_organisation(actor=actor, organisation=place.department, name="县市场监督管理局", at=NOW)
    alias, former = place.department.aliases.get(kind="alias"), place.department.aliases.get(kind="former")
    remove_organisation_alias(actor=actor, alias=alias, at=NOW)
    with pytest.raises(Refused) as refusal:
        remove_organisation_alias(actor=actor, alias=former, at=NOW)
    assert refusal.value.code == "place.former_name_stays"
    assert names_of(place.department) == {("县市场监管局", "former")}


def test_edit_organisation_with_posts_keeps_its_kind(place: SimpleNamespace, people: SimpleNamespace) -> None:
    with pytest.raises(Refused) as refusal:
        edit_organisation(
            actor=people.system_admin.actor,
            organisation=place.company,
            facts=OrganisationFacts(kind="bureau", division=place.town),
            at=NOW,
        )
    assert (refusal.value.code, refusal.value.values["posts"]) == ("organisation.kind_held", 2)


def test_edit_organisation_moves_a_company_but_no_office_whose_posts_reach_by_it(
    place: SimpleNamespace, people: SimpleNamespace
) -> None:
    from tests.people import make_post

    actor = people.bureau_officer.actor
    facts = OrganisationFacts(kind="company", division=place.other_town)
    assert edit_organisation(actor=actor, organisation=place.company, facts=facts, at=NOW).division == place.other_town
    make_post(people.nobody.user, "town_officer", place.town_office)
    with pytest.raises(Refused) as refusal:
        edit_organisation(actor=actor, organisation=place.town_office, facts=replace(facts, kind="town"), at=NOW)
    assert refusal.value.code == "organisation.division_held"


def test_edit_organisation_below_itself_is_refused(place: SimpleNamespace, people: SimpleNamespace) -> None:
    actor = people.bureau_officer.actor
    office = make_organisation("县住建局房管所", "bureau", place.county, parent=place.bureau)
    with pytest.raises(Refused) as refusal:
        edit_organisation(
            actor=actor,
            organisation=place.bureau,
            facts=OrganisationFacts(kind="bureau", division=place.county, parent=office),
            at=NOW,
        )
    assert refusal.value.code == "organisation.parent_circle"


def test_edit_organisation_to_what_it_is_leaves_no_trace(place: SimpleNamespace, people: SimpleNamespace) -> None:
    facts = OrganisationFacts(kind="company", division=place.town)
    edit_organisation(actor=people.bureau_officer.actor, organisation=place.company, facts=facts, at=NOW)
    assert not AuditEntry.objects.exists()


def test_end_organisation_in_use_says_what_hangs_on_it(place: SimpleNamespace, people: SimpleNamespace) -> None:
    place.compound.supervising_unit = place.department
    place.compound.save()
    with pytest.raises(Refused) as refusal:
        end_organisation(actor=people.bureau_officer.actor, organisation=place.department, reason="撤", at=NOW)
    assert refusal.value.values == {"name": "县市场监管局", "posts": 1, "compounds": 1, "children": 0}


def test_end_organisation_frees_its_name(place: SimpleNamespace, people: SimpleNamespace) -> None:
    actor = people.bureau_officer.actor
    end_organisation(
        actor=actor, organisation=make_organisation("示例老公司", "company", place.town), reason="销", at=NOW
    )
    facts = OrganisationFacts(kind="company", division=place.town)
    assert create_organisation(actor=actor, name="示例老公司", facts=facts, at=NOW).ended_on is None


def test_merge_organisations_moves_everything_and_keeps_history(
    place: SimpleNamespace, people: SimpleNamespace
) -> None:
    actor = people.bureau_officer.actor
    gone = make_organisation("县质监局", "department", place.county)
    add_organisation_alias(actor=actor, organisation=gone, name="质监局", at=NOW)
    child = make_organisation("县质监局分局", "department", place.county, parent=gone)
    watched = make_compound("示例·质监局宿舍", place.community, supervising_unit=gone)
    edition = make_edition()
    items = [edition.items.create(code=f"2.{n}", position=n, heading="项", cite="二", text="文") for n in (1, 2)]
    items[0].responsibilities.create(organisation=gone, position=1)
    items[1].responsibilities.create(organisation=gone, position=1)
    items[1].responsibilities.create(organisation=place.department, position=2)
    merge_organisations(actor=actor, organisation=gone, into=place.department, reason="机构改革", at=NOW)
    for row in (gone, child, watched):
        row.refresh_from_db()
    assert (gone.ended_on, gone.merged_into) == (TODAY, place.department)
    assert (child.parent, watched.supervising_unit) == (place.department, place.department)
    assert names_of(place.department) == {("质监局", "alias"), ("县质监局", "former")}
    assert names_of(gone) == {("质监局", "alias")}
    assert list(items[0].responsibilities.values_list("organisation__name", flat=True)) == ["县市场监管局"]
    assert items[1].responsibilities.count() == 2


def test_merge_organisations_into_its_own_child_leaves_no_circle(
    place: SimpleNamespace, people: SimpleNamespace
) -> None:
    gone = make_organisation("县质监局", "department", place.county, parent=place.government)
    child = make_organisation("县质监局分局", "department", place.county, parent=gone)
    merge_organisations(actor=people.bureau_officer.actor, organisation=gone, into=child, reason="并", at=NOW)
    child.refresh_from_db()
    assert child.parent == place.government


def test_merge_organisations_of_two_kinds_is_refused(place: SimpleNamespace, people: SimpleNamespace) -> None:
    with pytest.raises(Refused) as refusal:
        merge_organisations(
            actor=people.bureau_officer.actor, organisation=place.committee, into=place.company, reason="并", at=NOW
        )
    assert refusal.value.code == "organisation.merge_unlike"


def test_merge_organisations_with_posts_or_recusals_is_refused(place: SimpleNamespace, people: SimpleNamespace) -> None:
    gone = make_organisation("示例丙公司", "company", place.town)
    Recusal.objects.create(
        user=people.bureau_officer.user, organisation=gone, reason="亲属", starts_on=TODAY, recorded_at=NOW
    )
    for row, held in ((gone, (0, 1)), (place.other_company, (1, 0))):
        with pytest.raises(Refused) as refusal:
            merge_organisations(
                actor=people.bureau_officer.actor, organisation=row, into=place.company, reason="并", at=NOW
            )
        assert (refusal.value.values["posts"], refusal.value.values["recusals"]) == held


@pytest.mark.parametrize("who", ["town_officer", "community_worker", "company_admin", "security_admin", "nobody"])
def test_rename_organisation_without_the_permission_is_denied(
    place: SimpleNamespace, people: SimpleNamespace, who: str
) -> None:
    with pytest.raises(Denied):
        rename_organisation(actor=getattr(people, who).actor, organisation=place.company, name="新名", at=NOW)


def make_edition() -> PolicyEdition:
    return PolicyEdition.objects.create(
        code="demo",
        version=1,
        title="示例方案",
        number="示例〔2026〕1号",
        issuer="示例县",
        issued_on=TODAY,
        in_force_from=TODAY,
        digest="0" * 64,
        loaded_at=NOW,
    )
