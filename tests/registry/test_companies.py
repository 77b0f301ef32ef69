"""Which company a name is, and what follows from it: said by a person, kept true by every later fact."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from anju.base.actor import Denied, Refused
from anju.base.models import AuditEntry
from anju.places.models import Compound, Organisation
from anju.registry.models import CompanyName, ServiceTerm
from anju.registry.queries.companies import named_companies, terms_of_company, terms_of_compound, unsettled_names
from anju.registry.services.companies import Naming, release_company_name, settle_company_names
from anju.registry.services.decisions import decide_fact
from anju.registry.services.statements import withdraw_statement
from tests.people import NOW, TODAY
from tests.registry.conftest import Tell

BEFORE = TODAY - timedelta(days=300)


def terms(compound: Compound) -> list[tuple[str, date | None, date, date | None]]:
    rows = ServiceTerm.objects.filter(compound=compound).order_by("known_on", "id")
    return list(rows.values_list("company__name", "starts_on", "known_on", "ends_on"))


def test_named_companies_offer_candidates_and_settle_none(
    place: SimpleNamespace, people: SimpleNamespace, tell: Tell
) -> None:
    actor = people.bureau_officer.actor
    place.company.aliases.create(name="示例物业")
    tell(actor, place.compound, "service", "示例物业")
    tell(actor, place.other_compound, "service", "嘉安物业服务有限公司")
    found = {one.name: [(each.name, each.why, each.sure) for each in one.candidates] for one in named_companies(actor)}
    assert found == {
        "示例物业": [("示例物业公司", ("same_alias",), True)],
        "嘉安物业服务有限公司": [("示例嘉安物业公司", ("company_core",), False)],
    }
    assert unsettled_names(actor) == 2
    assert not ServiceTerm.objects.exists()


def test_named_companies_offer_branches_and_say_where_the_code_differs(
    place: SimpleNamespace, people: SimpleNamespace, tell: Tell
) -> None:
    actor = people.bureau_officer.actor
    place.company.credit_code = "91110000600037341L"
    place.company.save()
    tell(actor, place.compound, "service", "示例嘉安物业公司城北分公司")
    tell(actor, place.other_compound, "service", "示例物业公司")
    tell(actor, place.other_compound, "credit_code", "91350100M000100Y43")
    found = {one.name: [(each.name, each.why, each.sure) for each in one.candidates] for one in named_companies(actor)}
    assert found == {
        "示例嘉安物业公司城北分公司": [("示例嘉安物业公司", ("company_branch",), False)],
        "示例物业公司": [("示例物业公司", ("same_name", "credit_code_differs"), False)],
    }


def test_named_companies_show_names_that_may_be_one(
    place: SimpleNamespace, people: SimpleNamespace, tell: Tell
) -> None:
    actor = people.bureau_officer.actor
    tell(actor, place.compound, "service", "金桂物业")
    tell(actor, place.other_compound, "service", "示例县金桂物业服务有限公司")
    found = {one.name: one.alike for one in named_companies(actor)}
    assert found == {"金桂物业": ("示例县金桂物业服务有限公司",), "示例县金桂物业服务有限公司": ("金桂物业",)}


def test_settle_name_writes_the_terms_and_later_facts_move_them(
    place: SimpleNamespace, people: SimpleNamespace, tell: Tell
) -> None:
    actor = people.bureau_officer.actor
    tell(actor, place.compound, "service", "示例物业公司", on=BEFORE)
    tell(actor, place.compound, "taken_over_on", "2020-07-01", on=BEFORE)
    tell(actor, place.compound, "manager", "李示例", on=BEFORE)
    namings = [Naming("示例物业公司", place.company), Naming("示例嘉安物业公司", place.other_company)]
    settle_company_names(actor=actor, namings=namings, at=NOW)
    assert terms(place.compound) == [("示例物业公司", date(2020, 7, 1), BEFORE, None)]
    assert ServiceTerm.objects.get().manager == "李示例"
    told = tell(actor, place.compound, "service", "示例嘉安物业公司")
    assert [row[0::3] for row in terms(place.compound)] == [("示例物业公司", TODAY), ("示例嘉安物业公司", None)]
    withdraw_statement(actor=actor, statement=told.statement, reason="写错", at=NOW)
    assert [row[0::3] for row in terms(place.compound)] == [("示例物业公司", None)]
    tell(actor, place.compound, "service", "业主自管")
    assert [row[0::3] for row in terms(place.compound)] == [("示例物业公司", TODAY)]


def test_terms_follow_a_decision_between_sources(place: SimpleNamespace, people: SimpleNamespace, tell: Tell) -> None:
    actor = people.bureau_officer.actor
    tell(actor, place.compound, "service", "示例物业公司", "filing")
    other = tell(actor, place.compound, "service", "示例嘉安物业公司", "company")
    namings = [Naming("示例物业公司", place.company), Naming("示例嘉安物业公司", place.other_company)]
    settle_company_names(actor=actor, namings=namings, at=NOW)
    assert [row[0] for row in terms(place.compound)] == ["示例物业公司"]
    decide_fact(actor=people.bureau_reviewer.actor, fact=other, reason="已换企业", at=NOW)
    assert [row[0] for row in terms(place.compound) if row[3] is None] == ["示例嘉安物业公司"]


def test_settle_name_as_a_new_company_with_the_code_beside_it(
    place: SimpleNamespace, people: SimpleNamespace, tell: Tell
) -> None:
    actor = people.bureau_officer.actor
    tell(actor, place.compound, "service", "示例金桂物业公司")
    tell(actor, place.compound, "credit_code", "91110000600037341L")
    settle_company_names(actor=actor, namings=[Naming("示例金桂物业公司")], at=NOW)
    made = Organisation.objects.get(name="示例金桂物业公司")
    assert (made.kind, made.credit_code, made.division) == ("company", "91110000600037341L", place.county)
    assert [row.compound for row in terms_of_company(people.manager.actor, made)] == [place.compound]
    assert not terms_of_compound(people.other_manager.actor, place.compound.pk).exists()


def test_release_name_takes_its_terms_back(place: SimpleNamespace, people: SimpleNamespace, tell: Tell) -> None:
    actor = people.bureau_officer.actor
    tell(actor, place.compound, "service", "示例物业公司")
    [name] = settle_company_names(actor=actor, namings=[Naming("示例物业公司", place.company)], at=NOW)
    release_company_name(actor=actor, name=name, reason="认错了", at=NOW)
    assert not ServiceTerm.objects.exists()
    with pytest.raises(Refused, match=r"company\.not_settled"):
        release_company_name(actor=actor, name=name, reason="再撤", at=NOW)
    assert AuditEntry.objects.filter(action="company_name.released").count() == 1


def test_settle_names_wrongly_leaves_nothing(place: SimpleNamespace, people: SimpleNamespace, tell: Tell) -> None:
    actor = people.bureau_officer.actor
    with pytest.raises(Refused, match=r"company\.nothing_chosen"):
        settle_company_names(actor=actor, namings=[], at=NOW)
    both = [Naming("示例甲物业公司"), Naming("示例乙物业公司", place.committee)]
    with pytest.raises(Refused, match=r"company\.no_such"):
        settle_company_names(actor=actor, namings=both, at=NOW)
    with pytest.raises(Denied):
        settle_company_names(actor=people.town_officer.actor, namings=both, at=NOW)
    assert not CompanyName.objects.exists()
    assert not Organisation.objects.filter(name="示例甲物业公司").exists()
