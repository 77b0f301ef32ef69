"""The pages of posts, recusals, two-person acts and staff lists."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from anju.accounts.models import Post, Proposal, Recusal, User
from anju.accounts.services.proposals import propose
from anju.base.models import AuditEntry
from anju.base.sheets import read_rows
from tests.people import FOUNDED, Person, make_compound, make_post, make_user


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def today() -> Any:
    return timezone.localdate()


def wish(**more: Any) -> dict[str, Any]:
    """What the appointment form asks for."""
    return {
        "person": "无岗位（wugang）",
        "organisation": "县住建局（示例县）",
        "role": "bureau_officer",
        "starts_on": str(today()),
        "reason": "新任",
    } | more


# Lists


def test_list_posts_with_vacancies(people: SimpleNamespace) -> None:
    page = text_of(people.security_admin.client, "/people/posts/")
    assert "陈经办" in page
    assert "空缺" in page
    vacant = text_of(people.security_admin.client, "/people/posts/?show=vacant")
    assert "示例嘉安物业公司" in vacant
    assert "陈经办" not in vacant


def test_list_posts_of_ones_town_only(people: SimpleNamespace) -> None:
    page = text_of(people.town_officer.client, "/people/posts/")
    assert "李经理" in page
    assert "覃经理" not in page
    assert "结束" not in page


def test_list_posts_with_a_constant_number_of_queries(
    people: SimpleNamespace, place: SimpleNamespace, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        make_post(make_user(f"many{number}", f"很多人{number}"), "company_admin", place.company)
    people.security_admin.signed_in()
    with django_assert_max_num_queries(12):
        text_of(people.security_admin.client, "/people/posts/")


@pytest.mark.parametrize("asked", ["?q=%00", "?show=x", "?before=-1", "?after=1e9", "?q=" + "x" * 999])
def test_list_posts_with_a_senseless_question(people: SimpleNamespace, asked: str) -> None:
    text_of(people.security_admin.client, f"/people/posts/{asked}")


# Appointing and ending


def test_appoint_post_and_the_person_can_work(place: SimpleNamespace, people: SimpleNamespace) -> None:
    assert people.nobody.client.get("/people/").status_code == 404
    answer = people.security_admin.client.post("/people/posts/appoint/", wish(), follow=True)
    assert "无岗位已任县住建局房管所经办" in answer.content.decode()
    assert people.nobody.client.get("/people/").status_code == 200


def test_appoint_post_names_person_and_unit_from_a_link(place: SimpleNamespace, people: SimpleNamespace) -> None:
    address = f"/people/posts/appoint/?person={people.nobody.user.pk}&organisation={place.bureau.pk}"
    page = text_of(people.security_admin.client, address)
    assert 'value="无岗位（wugang）"' in page
    assert 'value="县住建局（示例县）"' in page
    text_of(people.security_admin.client, "/people/posts/appoint/?person=x&organisation=" + "9" * 40)


def test_appoint_post_takes_no_other_fields(people: SimpleNamespace) -> None:
    people.security_admin.client.post(
        "/people/posts/appoint/",
        wish(
            approved="1",
            user=people.security_admin.user.pk,
            appointed_by=people.chair.user.pk,
            delegated_from="1",
            ends_on="2020-01-01",
        ),
    )
    post = people.nobody.user.posts.get()
    assert (post.appointed_by, post.delegated_from, post.ends_on) == (people.security_admin.user, None, None)
    assert people.security_admin.user.posts.count() == 1


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"person": "没有这个人"}, "没有找到"),
        ({"person": "无岗位\x00"}, "没有找到"),
        ({"person": "很" * 10_000}, "没有找到"),
        ({"organisation": "火星基地"}, "没有找到"),
        ({"role": "root"}, "没有这个选项"),
        ({"role": "company_admin"}, "没有“物业企业管理员”这个岗位"),
        ({"role": "project_manager", "organisation": "示例物业公司"}, "要落到一个小区"),
        (
            {"role": "town_officer", "organisation": "城关镇人民政府", "division": "东江社区"},
            "不在城关镇人民政府的辖区内",
        ),
        ({"starts_on": "昨天"}, "这样的日期"),
        ({"starts_on": "1900-01-01"}, "起始日期太早"),
        ({"last_day": "2000-01-01"}, "结束日期要晚于起始日期"),
        ({"person": "安全员（anquan）"}, "不能给自己任命岗位"),
        ({"person": "陈经办（chen）"}, "已经担任这里的房管所经办"),
        ({"reason": ""}, "请填写原因"),
    ],
)
def test_appoint_post_says_what_is_wrong(people: SimpleNamespace, more: dict[str, str], words: str) -> None:
    before = Post.objects.count()
    answer = people.security_admin.client.post("/people/posts/appoint/", wish(**more))
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert Post.objects.count() == before


def test_appoint_one_of_two_people_of_one_name(place: SimpleNamespace, people: SimpleNamespace) -> None:
    second = make_user("wugang2", "无岗位")
    answer = people.security_admin.client.post("/people/posts/appoint/", wish(person="无岗位"))
    assert "不止一个" in answer.content.decode()
    people.security_admin.client.post("/people/posts/appoint/", wish(person="无岗位（wugang2）"))
    assert second.posts.exists()


def test_appoint_post_in_anothers_place_says_so(people: SimpleNamespace) -> None:
    assert people.system_admin.client.get("/people/posts/appoint/").status_code == 404
    Post.objects.filter(role="security_admin").update(ends_on=FOUNDED)
    assert "由您代行任命" in text_of(people.system_admin.client, "/people/posts/appoint/")
    people.system_admin.client.post("/people/posts/appoint/", wish())
    assert "stand_in" in AuditEntry.objects.get(action="post.appointed").body


def test_end_post_today_closes_every_door(people: SimpleNamespace) -> None:
    post = people.town_officer.user.posts.get()
    assert people.town_officer.client.get("/people/posts/").status_code == 200
    people.security_admin.client.post(f"/people/posts/{post.pk}/end/", {"ends_on": str(today()), "reason": "调离"})
    assert people.town_officer.client.get("/people/posts/").status_code == 404
    assert "您还没有岗位" in text_of(people.town_officer.client, "/people/mine/")


def test_end_post_in_the_past(people: SimpleNamespace) -> None:
    post = people.town_officer.user.posts.get()
    yesterday = today() - timedelta(days=1)
    answer = people.security_admin.client.post(
        f"/people/posts/{post.pk}/end/", {"ends_on": str(yesterday), "reason": "调离"}
    )
    assert "不能早于今天" in answer.content.decode()


# Hand-over


def test_hand_over_post_after_a_preview(place: SimpleNamespace, people: SimpleNamespace) -> None:
    post, client = people.manager.user.posts.get(), people.security_admin.client
    address = f"/people/posts/{post.pk}/hand-over/"
    asked = {"to": "无岗位（wugang）", "on": str(today()), "reason": "轮岗"}
    preview = client.get(address, asked)
    assert "示例·碧水花园" in preview.content.decode().replace('<span class="aj-demo">示例·</span>', "示例·")
    post.refresh_from_db()
    assert post.ends_on is None
    answer = client.post(address, asked, follow=True)
    page = answer.content.decode()
    assert "岗位交接单" in page
    assert "无岗位" in page
    assert people.nobody.user.posts.get().compound == place.compound
    text_of(people.town_officer.client, f"{address}sheet/")
    assert people.other_town_officer.client.get(f"{address}sheet/").status_code == 404


def test_hand_over_sheet_of_a_post_nobody_took(people: SimpleNamespace) -> None:
    post = people.manager.user.posts.get()
    assert people.security_admin.client.get(f"/people/posts/{post.pk}/hand-over/sheet/").status_code == 404


def test_hand_over_administrators_post_becomes_a_proposal(people: SimpleNamespace) -> None:
    post = people.audit_admin.user.posts.get()
    asked = {"to": "无岗位（wugang）", "on": str(today()), "reason": "轮岗"}
    people.security_admin.client.post(f"/people/posts/{post.pk}/hand-over/", asked)
    proposal = Proposal.objects.get()
    assert proposal.act == "post.hand_over_administrator"
    assert not people.nobody.user.posts.exists()
    agree(people.system_admin, proposal)
    assert people.nobody.user.posts.get().role == "audit_admin"


# One's own posts


def test_delegate_post_and_take_it_back(people: SimpleNamespace) -> None:
    officer, reviewer = people.bureau_officer, people.bureau_reviewer
    post = officer.user.posts.get()
    asked = {
        "to": reviewer.user.pk,
        "starts_on": str(today()),
        "last_day": str(today() + timedelta(days=6)),
        "reason": "出差",
    }
    officer.client.post(f"/people/posts/{post.pk}/delegate/", asked)
    given = Post.objects.get(delegated_from=post)
    assert given.ends_on == today() + timedelta(days=7)
    assert "代陈经办" in text_of(reviewer.client, "/people/mine/")
    assert "林复核" in text_of(officer.client, "/people/mine/")
    assert people.town_officer.client.post(f"/people/posts/{given.pk}/recall/").status_code == 404
    officer.client.post(f"/people/posts/{given.pk}/recall/")
    given.refresh_from_db()
    assert given.ends_on == today()


def test_delegate_post_of_somebody_else(people: SimpleNamespace) -> None:
    post = people.bureau_reviewer.user.posts.get()
    assert people.bureau_officer.client.get(f"/people/posts/{post.pk}/delegate/").status_code == 404


def test_delegate_post_to_somebody_of_another_unit(people: SimpleNamespace) -> None:
    post = people.bureau_officer.user.posts.get()
    asked = {"to": people.manager.user.pk, "starts_on": str(today()), "last_day": str(today()), "reason": "出差"}
    answer = people.bureau_officer.client.post(f"/people/posts/{post.pk}/delegate/", asked)
    assert "没有这个选项" in answer.content.decode()


def test_act_in_another_of_ones_posts(place: SimpleNamespace, people: SimpleNamespace) -> None:
    second = make_post(people.bureau_officer.user, "audit_admin", place.bureau)
    client = people.bureau_officer.client
    assert "改用此岗位" in text_of(client, "/people/mine/")
    client.post("/desk/post/", {"post": second.pk, "next": "/people/mine/"})
    assert client.get("/people/").status_code == 404
    foreign = people.security_admin.user.posts.get()
    assert client.post("/desk/post/", {"post": foreign.pk, "next": "/"}).status_code == 404


def test_open_own_posts_without_signing_in(people: SimpleNamespace) -> None:
    assert people.stranger.client.get("/people/mine/").status_code == 302


# Recusals


def test_record_recusal_of_oneself_and_have_it_ended(place: SimpleNamespace, people: SimpleNamespace) -> None:
    officer = people.bureau_officer
    asked = {"compound": "示例·碧水花园", "organisation": "", "starts_on": str(today()), "reason": "本人住在这里"}
    officer.client.post("/people/posts/recusals/new/", asked | {"person": "林复核（lin）", "user": "1"})
    row = Recusal.objects.get()
    assert (row.user, row.compound, row.recorded_by) == (officer.user, place.compound, officer.user)
    assert "本人住在这里" in text_of(officer.client, "/people/posts/recusals/")
    assert "本人住在这里" not in text_of(people.town_officer.client, "/people/posts/recusals/")
    assert officer.client.post(f"/people/posts/recusals/{row.pk}/end/").status_code == 404
    people.security_admin.client.post(f"/people/posts/recusals/{row.pk}/end/")
    row.refresh_from_db()
    assert row.ends_on == today()


def test_record_recusal_for_another(place: SimpleNamespace, people: SimpleNamespace) -> None:
    asked = {"person": "陈经办（chen）", "organisation": "示例物业公司", "starts_on": str(today()), "reason": "亲属"}
    people.security_admin.client.post("/people/posts/recusals/new-for-other/", asked)
    assert Recusal.objects.get().user == people.bureau_officer.user
    both = asked | {"compound": "示例·碧水花园"}
    answer = people.security_admin.client.post("/people/posts/recusals/new-for-other/", both)
    assert "只选一项" in answer.content.decode()


# Two-person acts


@pytest.fixture
def proposal(place: SimpleNamespace, people: SimpleNamespace) -> Proposal:
    twin = make_compound("示例·碧水花苑", place.community)
    payload = {"compound": twin.pk, "into": place.compound.pk}
    return propose(
        actor=people.bureau_officer.actor, act="compound.merge", payload=payload, reason="重复登记", at=timezone.now()
    )


def agree(person: Person, proposal: Proposal) -> str:
    page = person.client.get(f"/people/proposals/{proposal.pk}/")
    sent = {"digest": page.context["digest"]}
    return person.client.post(f"/people/proposals/{proposal.pk}/agree/", sent, follow=True).content.decode()


def test_agree_after_reading_what_will_be_done(people: SimpleNamespace, proposal: Proposal) -> None:
    page = text_of(people.bureau_reviewer.client, f"/people/proposals/{proposal.pk}/")
    for shown in ("碧水花苑", "碧水花园", "重复登记", "陈经办", "同意并办理"):
        assert shown in page
    assert "已经生效" in agree(people.bureau_reviewer, proposal)
    proposal.refresh_from_db()
    assert proposal.state == "approved"


def test_agree_to_something_else_than_was_shown(people: SimpleNamespace, proposal: Proposal) -> None:
    for digest in ("0" * 64, "", "x" * 999):
        answer = people.bureau_reviewer.client.post(f"/people/proposals/{proposal.pk}/agree/", {"digest": digest})
        assert "没有办成" in answer.content.decode()
    proposal.refresh_from_db()
    assert proposal.state == "waiting"


def test_agree_takes_no_other_fields(people: SimpleNamespace, proposal: Proposal) -> None:
    people.bureau_reviewer.client.post(
        f"/people/proposals/{proposal.pk}/agree/",
        {"digest": "0" * 64, "state": "approved", "alone": "1", "payload": "{}"},
    )
    proposal.refresh_from_db()
    assert (proposal.state, proposal.alone) == ("waiting", False)


def test_see_proposal_without_being_its_second_person(people: SimpleNamespace, proposal: Proposal) -> None:
    address = f"/people/proposals/{proposal.pk}/"
    for who in ("bureau_officer", "system_admin", "supervisor", "audit_admin"):
        page = text_of(getattr(people, who).client, address)
        assert "同意并办理" not in page
        assert "等林复核复核" in page
    assert people.town_officer.client.get(address).status_code == 404
    for who in ("bureau_officer", "supervisor", "town_officer"):
        assert getattr(people, who).client.post(f"{address}agree/").status_code == 404
    assert people.system_admin.client.post(f"{address}agree/", {"digest": "0" * 64}).status_code == 404


def test_send_back_with_a_reason(people: SimpleNamespace, proposal: Proposal) -> None:
    address = f"/people/proposals/{proposal.pk}/send-back/"
    answer = people.bureau_reviewer.client.post(address, {"digest": "x", "reason": ""})
    assert "请填写退回的原因" in answer.content.decode()
    people.bureau_reviewer.client.post(address, {"digest": "x", "reason": "不是同一个小区"})
    assert "不是同一个小区" in text_of(people.bureau_officer.client, f"/people/proposals/{proposal.pk}/")


def test_take_back_ones_own_proposal(people: SimpleNamespace, proposal: Proposal) -> None:
    address = f"/people/proposals/{proposal.pk}/take-back/"
    assert people.bureau_reviewer.client.post(address).status_code == 404
    people.bureau_officer.client.post(address)
    proposal.refresh_from_db()
    assert proposal.state == "withdrawn"


def test_list_proposals_that_wait_for_oneself(people: SimpleNamespace, proposal: Proposal) -> None:
    assert "合并小区" in text_of(people.bureau_reviewer.client, "/people/proposals/?show=waiting")
    assert "没有申请" in text_of(people.bureau_officer.client, "/people/proposals/?show=waiting")
    assert "合并小区" in text_of(people.bureau_officer.client, "/people/proposals/?show=own")
    assert "没有申请" in text_of(people.town_officer.client, "/people/proposals/")


def test_carry_out_alone_where_nobody_else_is(people: SimpleNamespace) -> None:
    """The first administrator of a county appoints the second."""
    Post.objects.filter(role="security_admin").update(ends_on=FOUNDED)
    client = people.system_admin.client
    client.post("/people/posts/appoint/", wish(role="security_admin"))
    proposal = Proposal.objects.get()
    page = client.get(f"/people/proposals/{proposal.pk}/")
    assert "本县缺第二人" in page.content.decode()
    sent = {"digest": page.context["digest"]}
    answer = client.post(f"/people/proposals/{proposal.pk}/alone/", sent, follow=True)
    assert "单人办理" in answer.content.decode()
    assert people.nobody.user.posts.get().role == "security_admin"
    assert Proposal.objects.get().alone


def test_carry_out_alone_is_not_offered_where_there_is_a_second(people: SimpleNamespace, proposal: Proposal) -> None:
    page = people.bureau_officer.client.get(f"/people/proposals/{proposal.pk}/")
    assert "单人办理" not in page.content.decode()
    sent = {"digest": page.context["digest"]}
    answer = people.bureau_officer.client.post(f"/people/proposals/{proposal.pk}/alone/", sent)
    assert "已有第二位" in answer.content.decode()


def test_check_separation(people: SimpleNamespace) -> None:
    assert "三员齐全" in text_of(people.supervisor.client, "/people/posts/check/")
    Post.objects.filter(role__in=["security_admin", "audit_admin", "bureau_reviewer"]).update(ends_on=FOUNDED)
    page = text_of(people.bureau_officer.client, "/people/posts/check/")
    for words in ("没有安全管理员", "没有审计管理员", "缺第二人", "代行", "单人办理"):
        assert words in page


# Staff lists


def upload(client: Client, content: bytes, name: str = "名册.csv") -> Any:
    return client.post("/people/staff/", {"file": SimpleUploadedFile(name, content)})


LIST = "姓名,手机号,单位,岗位\n梁新人,13500000001,县住建局,房管所经办\n覃新人,1.38E+10,县住建局,房管所经办\n蒙新人,,住建局,房管所经办\n"


def test_import_staff_from_upload_to_slips(place: SimpleNamespace, people: SimpleNamespace) -> None:
    Post.objects.filter(role="security_admin").update(ends_on=FOUNDED)
    client = people.system_admin.client
    preview = upload(client, LIST.encode("gb18030"))
    page = preview.content.decode()
    for words in ("科学计数", "有名称相近的", "写入 1 行", "认作县住建局（示例县）"):
        assert words in page
    assert not User.objects.filter(name="梁新人").exists()
    sent = {"rows": preview.context["rows"], "digest": preview.context["digest"]}
    again = client.post("/people/staff/", sent | {"write": "1", "line-4": f"unit:{place.bureau.pk}"})
    assert "已按您的选择重新核对" in again.content.decode()
    assert not User.objects.filter(name="梁新人").exists()
    sent = {"rows": again.context["rows"], "digest": again.context["digest"]}
    done = client.post("/people/staff/", sent | {"write": "1", **dict(_settled(again))})
    assert User.objects.filter(name__in=["梁新人", "蒙新人"], posts__role="bureau_officer").count() == 2
    assert "no-store" in done.headers["Cache-Control"]
    for _, enrolment in done.context["done"].enrolments:
        assert enrolment.password in done.content.decode()
    same = upload(client, LIST.encode())
    assert "没有可以写入的行" in same.content.decode()


def _settled(preview: Any) -> list[tuple[str, str]]:
    return [(f"line-{line}", choice) for line, choice in preview.context["settled"]]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "没有内容"),
        (b"\xd0\xcf\x11\xe0", "文件已损坏"),
        (b"PK\x03\x04", "文件已损坏"),
        (b"\x89PNG\x00", "不是能读的"),
        (b"a,b\n1,2\n", "没有找到表头"),
        ("姓名,单位\n".encode(), "表头下面没有内容"),
        ("姓名,单位\n".encode() + b"x,y\n" * 600, "最多 500 行"),
    ],
)
def test_import_staff_from_a_file_that_is_none(people: SimpleNamespace, content: bytes, words: str) -> None:
    answer = upload(people.system_admin.client, content)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_import_staff_from_a_page_that_was_changed(people: SimpleNamespace) -> None:
    preview = upload(people.system_admin.client, LIST.encode())
    rows, digest = preview.context["rows"], preview.context["digest"]
    for forged in (rows[:-1], rows[::-1], "", "x" * 1000):
        answer = people.system_admin.client.post("/people/staff/", {"rows": forged, "digest": digest, "write": "1"})
        assert answer.status_code == 422
    stolen = people.security_admin.client.post("/people/staff/", {"rows": rows, "digest": digest, "write": "1"})
    assert stolen.status_code == 422
    assert not User.objects.filter(name="梁新人").exists()


def test_import_staff_shows_hostile_text_as_text(people: SimpleNamespace) -> None:
    content = '姓名,单位,岗位\n"<img src=x onerror=alert(1)>","<b>单位</b>",房管所经办\n'.encode()
    page = upload(people.system_admin.client, content).content.decode()
    assert "<img" not in page
    assert "<b>单位" not in page


def test_download_template_and_import_it(place: SimpleNamespace, people: SimpleNamespace) -> None:
    content = people.system_admin.client.get("/people/staff/template/").content
    rows = read_rows(content, most=10)
    assert rows[0] == ["姓名", "用户名", "手机号", "单位", "岗位", "小区/区划", "起始日期"]
    preview = upload(people.system_admin.client, content, "名册.xlsx")
    assert preview.status_code == 200


# Fresh sign-in


def stale(person: Person) -> Client:
    """Somebody with a password who signed in long ago, as far as their session can prove."""
    assert person.user is not None
    person.user.set_password("Long-Enough-1")
    person.user.save()
    person.client.force_login(person.user)
    return person.client


def test_decide_only_after_proving_who_one_is(people: SimpleNamespace, proposal: Proposal) -> None:
    client, address = stale(people.bureau_reviewer), f"/people/proposals/{proposal.pk}/"
    page = client.get(address)
    for act, sent in (("agree", {"digest": page.context["digest"]}), ("send-back", {"reason": "不是"})):
        answer = client.post(f"{address}{act}/", sent)
        assert answer.status_code == 302
        assert "proof" in answer.headers["Location"]
    proposal.refresh_from_db()
    assert proposal.state == "waiting"


@pytest.mark.parametrize(
    ("who", "address", "sent"),
    [
        ("security_admin", "/people/posts/appoint/", {"role": "audit_admin"}),
        ("security_admin", "/people/posts/{post}/end/", {"ends_on": "2026-01-01"}),
        ("security_admin", "/people/posts/{post}/hand-over/", {"to": "无岗位", "on": "2026-01-01"}),
        ("system_admin", "/people/{person}/disable/", {}),
        ("security_admin", "/people/{person}/reset/", {}),
    ],
)
def test_propose_only_after_proving_who_one_is(
    people: SimpleNamespace, who: str, address: str, sent: dict[str, str]
) -> None:
    other = people.audit_admin.user
    client = stale(getattr(people, who))
    path = address.format(person=other.pk, post=other.posts.get().pk)
    answer = client.post(path, wish() | sent)
    assert answer.status_code == 302
    assert "proof" in answer.headers["Location"]
    assert not Proposal.objects.exists()


def test_appoint_ordinary_post_without_proving_again(people: SimpleNamespace) -> None:
    stale(people.security_admin).post("/people/posts/appoint/", wish())
    assert people.nobody.user.posts.exists()


def test_list_proposals_with_a_constant_number_of_queries(
    people: SimpleNamespace, proposal: Proposal, django_assert_max_num_queries: Any
) -> None:
    Proposal.objects.bulk_create(
        Proposal(
            act=proposal.act,
            payload=proposal.payload,
            reason="x",
            proposed_by=proposal.proposed_by,
            proposed_post=proposal.proposed_post,
            proposed_at=proposal.proposed_at,
        )
        for _ in range(60)
    )
    people.bureau_reviewer.signed_in()
    with django_assert_max_num_queries(12):
        assert "更早的" in text_of(people.bureau_reviewer.client, "/people/proposals/?show=waiting")
