"""The pages that change a place, walked through as a browser would."""

import html
import re
from types import SimpleNamespace
from typing import Any

import pytest

from anju.accounts.models import Proposal
from anju.accounts.queries.proposals import digest_of
from anju.accounts.services.proposals import approve
from anju.base.models import AuditEntry
from anju.places.models import Compound, Division, Organisation
from tests.people import NOW, TODAY, Person, make_compound, make_division, make_organisation

HOSTILE = ["<img src=x onerror=alert(1)>小区", "𠮷祥䶮府", "'\"><script>alert(1)</script>", "{{ actor }}{% now %}"]


def posted(person: Person, address: str, **fields: Any) -> Any:
    return person.client.post(address, fields)


def errors_in(answer: Any) -> str:
    found = re.search(r'<div class="aj-sum".*?</div>', answer.content.decode(), re.S)
    return html.unescape(re.sub("<[^>]+>", " ", found[0])) if found else ""


def compound_fields(place: SimpleNamespace, **more: Any) -> dict[str, Any]:
    return {
        "name": "示例·新苑",
        "division": place.community.pk,
        "kind": "commercial",
        "service_state": "company",
        "aliases": "新苑、示例·新苑一期",
    } | more


def test_register_compound_by_form(place: SimpleNamespace, people: SimpleNamespace) -> None:
    answer = posted(people.town_officer, "/places/compounds/new/", **compound_fields(place))
    row = Compound.objects.get(name="示例·新苑")
    assert answer["Location"] == f"/places/compounds/{row.pk}/"
    assert set(row.aliases.values_list("name", flat=True)) == {"新苑", "示例·新苑一期"}
    entry = AuditEntry.objects.get(action="compound.created")
    assert entry.post_id == people.town_officer.actor.post_id


@pytest.mark.parametrize("name", HOSTILE)
def test_register_compound_with_a_hostile_name_shows_it_as_text(
    place: SimpleNamespace, people: SimpleNamespace, name: str
) -> None:
    posted(people.town_officer, "/places/compounds/new/", **compound_fields(place, name=name, aliases="别" + name))
    row = Compound.objects.get(name=name)
    for address in (f"/places/compounds/{row.pk}/", "/places/compounds/", f"/places/compounds/{row.pk}/rename/"):
        page = people.town_officer.client.get(address).content.decode()
        assert name in html.unescape(re.sub(r'<span class="aj-demo">示例·</span>', "示例·", page))
        assert "<img" not in page
        assert "<script>" not in page


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"name": ""}, "请填写小区名称"),
        ({"name": "碧\u202e水"}, "颠倒或隐藏"),
        ({"name": "碧\x00水"}, "控制字符"),
        ({"name": "长" * 10_000}, "最多 100 个字"),
        ({"name": "示例·碧水花园"}, "已经有“示例·碧水花园”"),
        ({"name": "碧水"}, "“碧水”是“示例·碧水花园”的别名"),
        ({"division": ""}, "请选择所在社区"),
        ({"division": "１"}, "没有这个选项"),
        ({"kind": "palace"}, "没有这个选项"),
        ({"service_state": ""}, "请选择管理状态"),
        ({"aliases": "碧\u200b水"}, "颠倒或隐藏"),
        ({"aliases": "、".join(f"名{n}" for n in range(21))}, "最多 20 个"),
        ({"aliases": "示例·碧水花园"}, "已经是“示例·碧水花园”的名称或别名"),
    ],
)
def test_register_compound_wrongly_is_told_in_words_and_leaves_nothing(
    place: SimpleNamespace, people: SimpleNamespace, more: dict[str, str], told: str
) -> None:
    place.compound.aliases.create(name="碧水")
    before = Compound.objects.count()
    answer = posted(people.town_officer, "/places/compounds/new/", **compound_fields(place, **more))
    assert answer.status_code == 200
    assert told in errors_in(answer)
    assert Compound.objects.count() == before


def test_register_compound_elsewhere_is_no_choice(place: SimpleNamespace, people: SimpleNamespace) -> None:
    for division in (place.other_community, place.county, place.awaiting):
        answer = posted(people.town_officer, "/places/compounds/new/", **compound_fields(place, division=division.pk))
        assert "没有这个选项" in errors_in(answer)
    offered = people.town_officer.client.get("/places/compounds/new/").content.decode()
    assert "城北社区" in offered
    assert "东江社区" not in offered


def test_edit_compound_takes_no_field_that_is_not_on_the_form(place: SimpleNamespace, people: SimpleNamespace) -> None:
    fields = compound_fields(place, ended_on="2020-01-01", merged_into=place.other_compound.pk, pinyin="x", id=99)
    answer = posted(people.town_officer, f"/places/compounds/{place.compound.pk}/edit/", **fields)
    assert answer.status_code == 302
    place.compound.refresh_from_db()
    assert (place.compound.name, place.compound.ended_on, place.compound.merged_into) == ("示例·碧水花园", None, None)


def test_edit_compound_that_ended_is_refused_in_words(place: SimpleNamespace, people: SimpleNamespace) -> None:
    row = make_compound("示例·旧", place.community, ended_on=TODAY)
    answer = posted(people.town_officer, f"/places/compounds/{row.pk}/edit/", **compound_fields(place))
    assert "已经停用" in errors_in(answer)
    page = people.town_officer.client.get(f"/places/compounds/{row.pk}/").content.decode()
    assert "只供查看" in page
    assert "/edit/" not in page


def test_show_compound_offers_only_what_the_post_may_do(place: SimpleNamespace, people: SimpleNamespace) -> None:
    offered = {
        who: set(re.findall(r"/places/compounds/\d+/(\w+)/", page_of(getattr(people, who), place.compound)))
        for who in ("bureau_officer", "bureau_reviewer", "town_officer", "community_worker", "manager")
    }
    changes = {"edit", "rename", "aliases"}
    assert offered == {
        "bureau_officer": changes | {"merge", "end"},
        "bureau_reviewer": {"merge", "end"},
        "town_officer": changes,
        "community_worker": set(),
        "manager": set(),
    }


def page_of(person: Person, row: Compound) -> str:
    return str(person.client.get(f"/places/compounds/{row.pk}/").content.decode())


def test_show_compound_tells_its_history_by_post_and_never_by_person(
    place: SimpleNamespace, people: SimpleNamespace
) -> None:
    fields = compound_fields(place, division=place.town.pk, service_state="unmanaged")
    posted(people.town_officer, f"/places/compounds/{place.compound.pk}/edit/", **fields)
    page = page_of(people.bureau_officer, place.compound)
    history = html.unescape(page[page.index('id="history"') :])
    assert "修改小区（城关镇人民政府 · 乡镇经办）" in history
    assert "所属区划：城北社区 → 城关镇" in history
    assert "管理状态：物业服务 → 失管" in history
    assert "韦城关" not in page


def test_show_compound_names_who_is_in_post(place: SimpleNamespace, people: SimpleNamespace) -> None:
    page = page_of(people.bureau_officer, place.compound)
    for words in ("李经理", "陆主任", "城北社区居委会", "城关镇人民政府"):
        assert words in page


def test_remove_alias_of_another_compound_or_a_former_name_is_no_page(
    place: SimpleNamespace, people: SimpleNamespace
) -> None:
    own = place.compound.aliases.create(name="碧水")
    former = place.compound.aliases.create(name="旧碧水", kind="former", until=TODAY)
    other = place.other_compound.aliases.create(name="江畔")
    address = f"/places/compounds/{place.compound.pk}/aliases/remove/"
    for wrong in (former.pk, other.pk, "x", "", "-1", "9" * 40, "１"):
        assert posted(people.bureau_officer, address, alias=wrong).status_code == 404
    assert posted(people.bureau_officer, address, alias=own.pk).status_code == 302
    assert list(place.compound.aliases.values_list("name", flat=True)) == ["旧碧水"]


def test_merge_compound_is_proposed_and_done_by_the_second_person(
    place: SimpleNamespace, people: SimpleNamespace
) -> None:
    twin = make_compound("示例·碧水花苑", place.community)
    address = f"/places/compounds/{twin.pk}/merge/"
    answer = posted(people.bureau_officer, address, into=place.compound.pk, reason="登记了两次")
    assert answer["Location"] == f"/places/compounds/{twin.pk}/"
    twin.refresh_from_db()
    assert twin.ended_on is None
    proposal = Proposal.objects.get()
    approve(actor=people.bureau_reviewer.actor, proposal=proposal, digest=digest_of(proposal), at=NOW)
    twin.refresh_from_db()
    assert twin.merged_into == place.compound
    page = page_of(people.bureau_officer, twin)
    assert "并入" in page
    assert f"/places/compounds/{place.compound.pk}/" in page


def test_merge_compound_that_cannot_be_is_refused_before_anybody_decides(
    place: SimpleNamespace, people: SimpleNamespace
) -> None:
    address = f"/places/compounds/{place.compound.pk}/merge/"
    answer = posted(people.bureau_officer, address, into=place.other_compound.pk, reason="试试")
    assert "还有 2 个岗位" in errors_in(answer)
    assert "没有这个选项" in errors_in(posted(people.bureau_officer, address, into=place.compound.pk, reason="自己"))
    assert not Proposal.objects.exists()


def test_end_compound_is_proposed_with_its_reason(place: SimpleNamespace, people: SimpleNamespace) -> None:
    row = make_compound("示例·拆了", place.community)
    address = f"/places/compounds/{row.pk}/end/"
    assert "请填写原因" in errors_in(posted(people.bureau_officer, address, reason=" "))
    assert posted(people.bureau_officer, address, reason="已拆除").status_code == 302
    assert Proposal.objects.get().reason == "已拆除"


def test_make_organisation_by_form(place: SimpleNamespace, people: SimpleNamespace) -> None:
    fields = {"name": "示例兴业物业公司", "kind": "company", "division": place.town.pk, "aliases": "兴业"}
    wrong = posted(people.system_admin, "/places/organisations/new/", **fields, credit_code="91110000600037341X")
    assert "统一社会信用代码不对" in errors_in(wrong)
    posted(people.system_admin, "/places/organisations/new/", **fields, credit_code="91110000600037341L")
    row = Organisation.objects.get(name="示例兴业物业公司")
    assert "91110000600037341L" in people.system_admin.client.get(f"/places/organisations/{row.pk}/").content.decode()


def test_show_organisation_names_its_people_only_to_whom_posts_are_open(
    place: SimpleNamespace, people: SimpleNamespace
) -> None:
    address = f"/places/organisations/{place.bureau.pk}/"
    assert "陈经办" in people.town_officer.client.get(address).content.decode()
    assert "陈经办" not in people.manager.client.get(address).content.decode()
    own = people.manager.client.get(f"/places/organisations/{place.company.pk}/").content.decode()
    assert "黄企业" in own


def test_end_organisation_in_use_is_refused_in_words(place: SimpleNamespace, people: SimpleNamespace) -> None:
    answer = posted(people.bureau_officer, f"/places/organisations/{place.company.pk}/end/", reason="注销")
    assert "还有 2 个岗位在任" in errors_in(answer)


def test_merge_organisation_offers_only_its_kind(place: SimpleNamespace, people: SimpleNamespace) -> None:
    gone = make_organisation("示例丙物业公司", "company", place.town)
    address = f"/places/organisations/{gone.pk}/merge/"
    assert "没有这个选项" in errors_in(posted(people.bureau_officer, address, into=place.bureau.pk, reason="并"))
    assert posted(people.bureau_officer, address, into=place.company.pk, reason="并").status_code == 302
    proposal = Proposal.objects.get()
    approve(actor=people.bureau_reviewer.actor, proposal=proposal, digest=digest_of(proposal), at=NOW)
    gone.refresh_from_db()
    assert gone.merged_into == place.company


def test_make_rename_merge_and_end_divisions_by_form(place: SimpleNamespace, people: SimpleNamespace) -> None:
    admin = people.system_admin
    new = f"/places/divisions/{place.town.pk}/new/"
    assert "区划代码“990002100003”不对" in errors_in(posted(admin, new, name="城南社区", code="990002100003"))
    assert posted(admin, new, name="城南社区", code="990001100003").status_code == 302
    row = Division.objects.get(name="城南社区")
    posted(admin, f"/places/divisions/{row.pk}/rename/", name="南门社区")
    page = admin.client.get(f"/places/divisions/{row.pk}/").content.decode()
    assert "南门社区" in page
    assert "城南社区" in page
    empty = make_division("空社区", "990001100009", place.town)
    assert posted(admin, f"/places/divisions/{empty.pk}/end/", reason="撤").status_code == 302
    merged = posted(admin, f"/places/divisions/{row.pk}/merge/", into=place.community.pk, reason="并")
    assert merged["Location"] == f"/places/divisions/{place.community.pk}/"
    row.refresh_from_db()
    assert row.merged_into == place.community
    assert "合并区划：南门社区" in admin.client.get(merged["Location"]).content.decode()


def test_end_division_in_use_is_refused_in_words(place: SimpleNamespace, people: SimpleNamespace) -> None:
    answer = posted(people.system_admin, f"/places/divisions/{place.town.pk}/end/", reason="撤")
    assert "还有 1 个区划、0 个小区、2 个单位、1 个岗位" in errors_in(answer)
