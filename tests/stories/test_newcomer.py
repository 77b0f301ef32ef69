"""A newcomer, first in the demo county, then in a county of their own: everything through the pages, nothing by hand."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from anju.accounts.models import Post, User
from anju.base.audit import verify_chain
from anju.base.models import AuditEntry
from anju.places.models import Division, Organisation

OWN_PASSWORD, OTHER_PASSWORD = "Guihua-2026-jian", "Songshu-2026-lin"


def text(response: Any) -> str:
    return str(response.content.decode())


def see(client: Client, name: str, *words: str, **named: int) -> str:
    page = client.get(reverse(name, kwargs=named))
    assert page.status_code == 200, name
    assert not [word for word in words if word not in text(page)]
    return text(page)


def do(client: Client, name: str, fields: dict[str, Any] | None = None, **named: int) -> str:
    """Post a form and follow: the answer must not be the form again with its errors."""
    page = client.post(reverse(name, kwargs=named), fields or {}, follow=True)
    assert page.status_code == 200, name
    assert 'id="form-errors"' not in text(page), text(page)
    return text(page)


def become(client: Client, username: str) -> None:
    do(client, "public:become", {"persona": User.objects.get(username=username).pk})


def sign_in(username: str, given: str, own: str) -> Client:
    """Sign in with a one-time password; the first page there is asks for a password of one's own."""
    client = Client()
    page = client.post(reverse("account_login"), {"login": username, "password": given}, follow=True)
    assert page.redirect_chain[-1][0].startswith(reverse("account_change_password"))
    do(client, "account_change_password", {"oldpassword": given, "password1": own, "password2": own})
    return client


def one_time_password(page: str) -> str:
    found = re.search(r'id="slip-code">\s*([^<\s]+)', page)
    assert found
    return found[1]


def register(client: Client, name: str) -> tuple[User, str]:
    page = do(client, "people:create", {"name": name, "username": "", "phone": ""})
    return User.objects.get(name=name), one_time_password(page)


@pytest.mark.django_db(transaction=True)
def test_newcomer_looks_at_the_demo_county() -> None:
    client = Client()
    see(client, "public:front", "看演示县", "建立我县")
    page = do(client, "public:demo")
    assert "您想以谁的身份看" in page

    become(client, "chen")
    see(client, "home:today", "超期", "示例·</span>清泉苑", "失管小区")
    see(client, "places:compounds", "碧水花园")

    become(client, "wei")
    see(client, "home:today", "老粮所宿舍")
    assert "站前花苑" not in see(client, "places:compounds")

    become(client, "li")
    see(client, "home:today", "1 条未读通知")  # it was asked to dissuade before others came
    assert "桂湖新城" not in see(client, "places:compounds", "碧水花园")

    become(client, "lin")
    waiting = re.search(r'href="/people/proposals/(\d+)/"', see(client, "home:today", "复核：合并单位"))
    assert waiting
    agree_to(client, int(waiting[1]))
    assert "复核：合并单位" not in see(client, "home:today")
    assert Organisation.objects.get(name="示例兴业物业服务部").merged_into is not None

    become(client, "deng")
    see(client, "trail:entries", "复核同意", "林示例")
    assert "审计链完好" in do(client, "trail:verify")


def agree_to(client: Client, pk: int) -> None:
    digest = re.search(r'name="digest" value="([0-9a-f]+)"', see(client, "people:proposal", pk=pk))
    assert digest
    do(client, "people:agree", {"digest": digest[1]}, pk=pk)


@pytest.mark.django_db(transaction=True)
def test_newcomer_founds_a_county() -> None:
    # The county, its first administrator and a password of her own.
    founded = do(Client(), "public:found", {"policy": "zhongshan-2024"})
    admin = sign_in("admin", one_time_password(founded), OWN_PASSWORD)
    see(admin, "home:today", "没有安全管理员")
    assert Client().get(reverse("public:personas")).status_code == 404

    # A unit, two people, and the post that goes from one to the other.
    county = Division.objects.get(level="county")
    do(admin, "places:organisation_new", {"name": "县档案馆", "kind": "department", "division": county.pk})
    unit = Organisation.objects.get(name="县档案馆")
    first, _ = register(admin, "韦一")
    second, _ = register(admin, "廖二")
    today = timezone.localdate()
    wish = {"person": first.name, "organisation": unit.name, "role": "department_officer", "reason": "新设"}
    do(admin, "people:appoint", wish | {"starts_on": str(today - timedelta(days=30))})
    post = Post.objects.get(user=first)
    do(admin, "people:hand_over", {"to": second.name, "on": str(today), "reason": "轮岗"}, pk=post.pk)
    post.refresh_from_db()
    assert post.ends_on == today
    assert Post.objects.get(user=second).role == "department_officer"

    # An audit administrator: two persons are needed, and the county has only one, which the trail keeps.
    auditor, given = register(admin, "覃三")
    bureau = Organisation.objects.get(name="县住建局")
    wish = {"person": auditor.name, "organisation": bureau.name, "role": "audit_admin", "reason": "配齐三员"}
    page = do(admin, "people:appoint", wish | {"starts_on": str(today)})
    alone(admin, page)
    reader = sign_in(auditor.username, given, OTHER_PASSWORD)
    see(reader, "trail:entries", "任命岗位", "结束岗位", "新增单位", "登记人员", "系统管理员")
    assert "审计链完好" in do(reader, "trail:verify")
    assert admin.get(reverse("trail:entries")).status_code == 404

    assert verify_chain() == []
    said = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"county.created", "organisation.created", "person.created", "post.appointed", "post.ended"} <= said
    assert not AuditEntry.objects.filter(body__contains=given).exists()


def alone(client: Client, page: str) -> None:
    address = re.search(r'action="/people/proposals/(\d+)/alone/"', page)
    digest = re.search(r'name="digest" value="([0-9a-f]+)"', page)
    assert address, page
    assert digest
    do(client, "people:alone", {"digest": digest[1]}, pk=int(address[1]))
