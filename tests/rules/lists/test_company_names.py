"""Which known company a name may mean: the credit code decides, names only offer."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anju.rules.lists.company_names import CompanyIndex, KnownCompany, branch_of, company_core, company_key
from anju.rules.lists.matching import LIKELY, NONE, OFFERED, SAME, Match
from anju.rules.lists.reasons import MATCHES, match_sentence
from tests.house.source import SOURCE

CODE, OTHER_CODE = "91450000000000000A", "91450000000000000B"


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("甲乙物业服务有限公司", "甲乙物业服务"),
        ("甲乙物业服务有限责任公司", "甲乙物业服务"),
        ("甲乙物业服务（示例）有限公司", "甲乙物业服务"),
        ("甲 乙 物业服务股份有限公司", "甲乙物业服务"),
        ("示例市甲乙物业服务有限公司", "甲乙物业服务"),
        ("ＡＢ物业", "ab物业"),
        ("(示例)", "示例"),
        ("公司", "公司"),
        ("示例市", "示例市"),
    ],
)
def test_key_of_a_company(name: str, key: str) -> None:
    assert company_key(name, ["示例", "示例市", ""]) == key


@pytest.mark.parametrize(
    ("name", "core"),
    [
        ("甲乙物业", "甲乙"),
        ("甲乙物业服务有限公司", "甲乙"),
        ("甲乙置业有限公司", "甲乙置业"),
        ("物业公司", ""),
        ("甲物业", ""),
    ],
)
def test_core_of_a_company(name: str, core: str) -> None:
    assert company_core(name) == core


@pytest.mark.parametrize(
    ("name", "branch"),
    [
        ("甲乙物业服务有限公司示例分公司", ("甲乙物业服务有限公司", "示例分公司")),
        ("甲乙物业服务有限公司（示例分公司）", ("甲乙物业服务有限公司", "示例分公司")),
        ("甲乙物业服务有限公司 示例第一分公司", ("甲乙物业服务有限公司", "示例第一分公司")),
        ("甲乙物业管理有限公司分公司", ("甲乙物业管理有限公司", "分公司")),
        ("甲乙物业示例分公司", ("甲乙物业", "示例分公司")),
        ("甲乙物业集团示例花园项目部", ("甲乙物业集团", "示例花园项目部")),
        ("甲乙物业服务有限公司", None),
        ("示例局物业管理处", None),
    ],
)
def test_branch_of_a_company(name: str, branch: tuple[str, str] | None) -> None:
    assert branch_of(name) == branch


KNOWN = CompanyIndex(
    [
        KnownCompany(1, "示例市甲乙物业服务有限公司", ("甲乙管家",), CODE),
        KnownCompany(2, "丙丁物业管理有限公司示例分公司"),
        KnownCompany(3, "戊己物业管理有限公司"),
    ],
    places=["示例市"],
)


@pytest.mark.parametrize(
    ("name", "pk", "reason"),
    [
        ("示例市甲乙物业服务有限公司", 1, "same_name"),
        ("甲乙管家", 1, "same_alias"),
        ("甲乙物业服务有限责任公司", 1, "company_name"),
        ("甲乙物业", 1, "company_core"),
        ("甲乙物业服务有限公司远方分公司", 1, "company_branch"),
        ("丙丁物业管理有限公司", 2, "company_of_branch"),
        ("丙丁物业管理有限公司远方分公司", 2, "company_sister"),
        ("戊己物业服务有限公司", 3, "company_core"),
    ],
)
def test_match_of_a_company_by_name_is_a_candidate(name: str, pk: int, reason: str) -> None:
    found = KNOWN.match(name)
    assert (found.kind, found.pk) == (LIKELY, pk)
    assert [one.code for one in found.reasons] == [reason]
    assert match_sentence(reason, dict(found.reasons[0].told)).endswith("。")


def test_match_of_a_company_by_credit_code_is_the_same_whatever_its_name() -> None:
    found = KNOWN.match("庚辛物业", CODE)
    assert (found.kind, found.pk, found.reasons[0].code) == (SAME, 1, "same_credit_code")


def test_match_of_a_company_with_another_credit_code() -> None:
    asked = KNOWN.match("示例市甲乙物业服务有限公司", OTHER_CODE)
    assert [one.code for one in asked.reasons] == ["same_name", "credit_code_differs"]
    assert KNOWN.match("甲乙物业", OTHER_CODE) == Match(NONE)
    assert KNOWN.match("甲乙物业服务有限公司远方分公司", OTHER_CODE).reasons[0].code == "company_branch"
    assert KNOWN.match("戊己物业", OTHER_CODE).pk == 3


def test_match_of_an_unknown_company_is_none() -> None:
    assert KNOWN.match("庚辛物业") == Match(NONE)
    assert KNOWN.match("物业公司") == Match(NONE)


def test_match_of_many_companies_offers_few() -> None:
    many = CompanyIndex(KnownCompany(pk, f"甲乙物业服务有限公司示例{pk}分公司") for pk in range(1, 9))
    assert [one.pk for one in many.match("甲乙物业服务有限公司").candidates] == list(range(1, OFFERED + 1))


@given(st.text("甲乙示例市物业服务管理有限责任公司股份分()（） 集团", max_size=14))
def test_key_of_any_name_is_found_again(name: str) -> None:
    if company_key(name):
        assert CompanyIndex([KnownCompany(1, name)]).match(name).pk == 1


def test_reason_of_a_match_has_a_sentence_and_every_sentence_a_reason() -> None:
    source = "".join((SOURCE / "rules" / "lists" / f"{name}.py").read_text() for name in ("matching", "company_names"))
    used = set(re.findall(r'"((?:same|several|name|place|address|point|credit|company)_[a-z_]+)"', source))
    assert used == set(MATCHES)
