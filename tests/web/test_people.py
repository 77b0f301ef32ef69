"""The pages of people: what they show, to whom, and what a form can and cannot do."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from anju.accounts.models import Post, User
from anju.base.models import AuditEntry
from anju.rules.roles import ADMINISTRATORS
from tests.people import FOUNDED, make_user

HOSTILE = '<img src=x onerror="alert(1)">'


def text_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def test_list_people_with_masked_phones(people: SimpleNamespace) -> None:
    User.objects.update(phone="13500000000")
    for who in ("bureau_officer", "system_admin", "town_officer"):
        page = text_of(getattr(people, who).client, "/people/")
        assert "135****0000" in page
        assert "13500000000" not in page


def test_list_people_of_ones_town_only(people: SimpleNamespace) -> None:
    page = text_of(people.town_officer.client, "/people/")
    assert "李经理" in page
    assert "覃经理" not in page
    assert "陈经办" not in page


def test_list_people_with_a_constant_number_of_queries(
    people: SimpleNamespace, django_assert_max_num_queries: Any
) -> None:
    for number in range(60):
        make_user(f"many{number}", f"很多人{number}")
    people.system_admin.signed_in()
    with django_assert_max_num_queries(12):
        assert "更早的" in text_of(people.system_admin.client, "/people/")


@pytest.mark.parametrize(
    "asked", ["?q=%00", "?q=" + "x" * 999, "?state=none", "?after=abc", "?after=99999999999999999999"]
)
def test_list_people_with_a_senseless_question(people: SimpleNamespace, asked: str) -> None:
    text_of(people.system_admin.client, f"/people/{asked}")


def test_find_people(people: SimpleNamespace) -> None:
    page = text_of(people.system_admin.client, "/people/?q=lij")
    assert "李经理" in page
    assert "陈经办" not in page
    assert "没有找到" in text_of(people.system_admin.client, "/people/?q=没有这个人")


def test_create_person_shows_the_password_once(people: SimpleNamespace) -> None:
    client = people.system_admin.client
    answer = client.post("/people/new/", {"name": "梁新人", "username": "", "phone": "135 0000 0000"})
    person = User.objects.get(name="梁新人")
    password = answer.context["password"]
    assert person.username == "liangxinren"
    assert person.phone == "13500000000"
    assert password in answer.content.decode()
    assert person.check_password(password)
    assert "no-store" in answer.headers["Cache-Control"]
    assert password not in text_of(client, f"/people/{person.pk}/")
    again = client.post("/people/new/", {"name": "梁新人", "username": "liangxinren"})
    assert "已经有人用了" in again.content.decode()


def test_create_person_takes_no_other_fields(people: SimpleNamespace) -> None:
    people.system_admin.client.post(
        "/people/new/",
        {
            "name": "梁新人",
            "username": "liang",
            "is_active": "",
            "persona": "on",
            "role": "system_admin",
            "post": "1",
            "password": "known",
            "must_change_password": "",
            "posts": "1",
            "is_superuser": "1",
        },
    )
    person = User.objects.get(username="liang")
    assert (person.is_active, person.persona, person.must_change_password) == (True, False, True)
    assert not person.check_password("known")
    assert not person.posts.exists()


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"name": ""}, "请填写姓名"),
        ({"name": "张\u202e三"}, "会颠倒或隐藏"),
        ({"name": "张\x00三"}, "看不见的控制字符"),
        ({"name": "很" * 10_000}, "姓名太长"),
        ({"username": "<b>"}, "不能用"),
        ({"username": "chen"}, "已经有人用了"),
        ({"phone": "1.38E+10"}, "科学计数"),
        ({"phone": "5280000"}, "要带区号"),
        ({"phone": "12345\x00"}, "11 位手机号"),
    ],
)
def test_create_person_says_what_is_wrong(people: SimpleNamespace, given: dict[str, str], words: str) -> None:
    answer = people.system_admin.client.post("/people/new/", {"name": "梁新人", "username": "liang"} | given)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not User.objects.filter(username="liang").exists()


def test_show_hostile_name_as_text(people: SimpleNamespace) -> None:
    person = make_user("hostile", HOSTILE)
    for address in ("/people/", f"/people/{person.pk}/", "/people/?q=img"):
        page = text_of(people.system_admin.client, address)
        assert HOSTILE not in page
        assert "&lt;img" in page


@pytest.mark.parametrize("pk", ["0", "-1", "1.0", "９", "abc", "9" * 30, "0x1", "1%00"])
def test_open_person_with_a_senseless_id(people: SimpleNamespace, pk: str) -> None:
    assert people.system_admin.client.get(f"/people/{pk}/").status_code == 404


def test_edit_person_keeps_the_phone(people: SimpleNamespace) -> None:
    person = make_user("liang", "梁新人", phone="13500000000")
    client, address = people.system_admin.client, f"/people/{person.pk}/edit/"
    assert "13500000000" not in text_of(client, address)
    client.post(address, {"name": "梁新名", "phone": "", "username": "other", "is_active": ""})
    person.refresh_from_db()
    assert (person.name, person.phone, person.username, person.is_active) == ("梁新名", "13500000000", "liang", True)
    client.post(address, {"name": "梁新名", "phone": "0774-5280000"})
    person.refresh_from_db()
    assert person.phone == "0774-5280000"
    client.post(address, {"name": "梁新名", "no_phone": "on"})
    person.refresh_from_db()
    assert person.phone == ""


def test_disable_person_throws_them_out(people: SimpleNamespace) -> None:
    person = people.town_officer
    assert person.client.get("/people/").status_code == 200
    answer = people.system_admin.client.post(f"/people/{person.user.pk}/disable/", {"reason": "退休"})
    assert answer.status_code == 302
    assert person.client.get("/people/").status_code == 302
    assert not Post.objects.filter(user=person.user, ends_on__isnull=True).exists()
    people.system_admin.client.post(f"/people/{person.user.pk}/enable/")
    person.user.refresh_from_db()
    assert person.user.is_active


def test_disable_administrator_becomes_a_proposal(people: SimpleNamespace) -> None:
    person = people.audit_admin.user
    answer = people.system_admin.client.post(f"/people/{person.pk}/disable/", {"reason": "调离"}, follow=True)
    person.refresh_from_db()
    assert person.is_active
    assert "等安全员复核" in answer.content.decode()


def test_disable_oneself(people: SimpleNamespace) -> None:
    answer = people.system_admin.client.post(f"/people/{people.system_admin.user.pk}/disable/", {"reason": "x"})
    assert "不能停用自己的账号" in answer.content.decode()


def test_reveal_phone_after_a_reason(people: SimpleNamespace) -> None:
    User.objects.filter(pk=people.manager.user.pk).update(phone="13500000000")
    client, address = people.bureau_officer.client, f"/people/{people.manager.user.pk}/phone/"
    assert "13500000000" not in text_of(client, address)
    assert "请填写原因" in client.post(address, {"reason": ""}).content.decode()
    assert not AuditEntry.objects.filter(action="person.phone_revealed").exists()
    answer = client.post(address, {"reason": "通知开会"})
    assert "13500000000" in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    assert AuditEntry.objects.filter(action="person.phone_revealed").count() == 1


def test_reset_password_shows_it_once(people: SimpleNamespace) -> None:
    person = people.manager.user
    answer = people.security_admin.client.post(f"/people/{person.pk}/reset/")
    person.refresh_from_db()
    assert person.check_password(answer.context["password"])
    assert people.manager.client.get("/people/mine/").status_code == 302


def test_reset_administrators_password_by_two(people: SimpleNamespace) -> None:
    person = people.audit_admin.user
    people.security_admin.client.post(f"/people/{person.pk}/reset/", {"reason": "忘记"})
    proposal = people.security_admin.user.proposals.get()
    page = people.system_admin.client.get(f"/people/proposals/{proposal.pk}/")
    answer = people.system_admin.client.post(
        f"/people/proposals/{proposal.pk}/agree/", {"digest": page.context["digest"]}
    )
    person.refresh_from_db()
    assert person.check_password(answer.context["password"])
    assert "no-store" in answer.headers["Cache-Control"]


def test_take_back_sign_ins(people: SimpleNamespace) -> None:
    person = people.manager.signed_in()
    people.security_admin.client.post(f"/people/{person.user.pk}/take-back/", {"what": "sessions"})
    assert person.client.get("/people/mine/").status_code == 302
    answer = people.security_admin.client.post(f"/people/{person.user.pk}/take-back/", {"what": "factor"}, follow=True)
    assert "没有开启二次验证" in answer.content.decode()


def test_ask_for_the_password_again_before_a_reset(people: SimpleNamespace) -> None:
    person = people.security_admin
    person.user.set_password("Long-Enough-1")
    person.user.save()
    person.client.force_login(person.user)
    answer = person.client.post(f"/people/{people.manager.user.pk}/reset/", {"reason": "忘记"})
    assert answer.status_code == 302
    assert "proof" in answer.headers["Location"]
    people.manager.user.refresh_from_db()
    assert not people.manager.user.has_usable_password()


def test_act_only_by_post(people: SimpleNamespace) -> None:
    person = people.manager.user
    assert people.system_admin.client.get(f"/people/{person.pk}/enable/").status_code == 405
    assert people.security_admin.client.get(f"/people/{person.pk}/take-back/").status_code == 405


def test_person_page_offers_only_what_the_post_permits(people: SimpleNamespace) -> None:
    address = f"/people/{people.manager.user.pk}/"
    officer, system, security = (
        text_of(getattr(people, who).client, address) for who in ("bureau_officer", "system_admin", "security_admin")
    )
    assert "停用账号" in system
    assert "重置密码" not in system
    assert "重置密码" in security
    assert "停用账号" not in security
    assert "停用账号" not in officer
    assert "任命岗位" not in officer


def test_stale_session_after_a_post_ends(people: SimpleNamespace) -> None:
    assert people.system_admin.client.get("/people/new/").status_code == 200
    Post.objects.filter(role__in=ADMINISTRATORS).update(ends_on=FOUNDED)
    assert people.system_admin.client.get("/people/new/").status_code == 404
    assert people.system_admin.client.post("/people/new/", {"name": "梁新人"}).status_code == 404
    assert not User.objects.filter(name="梁新人").exists()
