"""The first page of an empty, a trial and a real installation, and what stands before the door."""

import re
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from anju.accounts.models import User
from anju.accounts.services.setup import init_county
from anju.base.actor import SYSTEM
from anju.base.installation import forget
from anju.base.models import AuditEntry, Installation
from anju.rules.roles import ROLES
from anju.web.paths import own_path
from tests.people import NOW

FRONT, PERSONAS, BECOME, DEMO, FOUND = (
    reverse(f"public:{name}") for name in ("front", "personas", "become", "demo", "found")
)


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined,no-any-return]


@pytest.fixture
def trial(demo: None) -> None:
    """A trial installation."""


@pytest.fixture
def real(db: None) -> None:
    init_county(actor=SYSTEM, policy="zhongshan-2024", at=NOW)
    forget()


@pytest.mark.django_db
def test_open_front_of_an_empty_installation_offers_two_beginnings() -> None:
    page = text(Client().get(FRONT))
    assert "看演示县" in page
    assert "建立我县" in page
    assert page.count('lang="en"') >= 3
    assert "<script>" not in page


@pytest.mark.django_db
def test_open_personas_of_an_empty_installation_leads_to_the_front() -> None:
    assert Client().get(PERSONAS).headers["Location"] == FRONT


@pytest.mark.django_db
def test_press_demo_loads_it_and_a_second_press_finds_it() -> None:
    client = Client()
    assert [client.post(DEMO).headers["Location"] for _ in range(2)] == [FRONT, FRONT]
    assert Installation.objects.get().mode == "trial"
    assert AuditEntry.objects.filter(action="county.demo_loaded").count() == 1


@pytest.mark.django_db
def test_open_demo_by_address_loads_nothing() -> None:
    assert Client().get(DEMO).status_code == 405
    assert not Installation.objects.exists()


def test_open_front_of_a_trial_shows_every_role(trial: None) -> None:
    page = text(Client().get(FRONT, follow=True))
    assert not [role.name for role in ROLES.values() if role.name not in page or role.purpose not in page]
    assert "试用" in page


def test_become_persona_signs_in_with_one_click(trial: None) -> None:
    client, person = Client(), User.objects.get(username="chen")
    assert client.post(BECOME, {"persona": person.pk}).headers["Location"] == reverse("home:today")
    assert client.session["_auth_user_id"] == str(person.pk)
    assert AuditEntry.objects.filter(action="person.signed_in", user_id=person.pk).exists()


def test_become_another_persona_leaves_nothing_of_the_first(trial: None) -> None:
    client = Client()
    first, second = User.objects.get(username="chen"), User.objects.get(username="deng")
    client.post(BECOME, {"persona": first.pk})
    session = client.session
    session["acting_post"] = first.posts.get().pk
    session.save()
    client.post(BECOME, {"persona": second.pk})
    assert client.session["_auth_user_id"] == str(second.pk)
    assert "acting_post" not in client.session


@pytest.mark.parametrize("wished", ["0", "-1", "999999", "abc", "１", "9" * 30, "1 or 1=1", ""])
def test_become_nobody_is_not_there(trial: None, wished: str) -> None:
    client = Client()
    assert client.post(BECOME, {"persona": wished}).status_code == 404
    assert "_auth_user_id" not in client.session


def test_become_somebody_who_is_no_persona_is_not_there(trial: None) -> None:
    User.objects.filter(username="chen").update(persona=False)
    assert Client().post(BECOME, {"persona": User.objects.get(username="chen").pk}).status_code == 404


def test_become_persona_from_another_site_is_refused(trial: None) -> None:
    client = Client(enforce_csrf_checks=True)
    assert client.post(BECOME, {"persona": User.objects.get(username="chen").pk}).status_code == 403


@pytest.mark.parametrize("name", ["personas", "become", "demo", "found", "gallery"])
def test_open_trial_page_of_a_real_county_is_not_there(real: None, name: str) -> None:
    address = reverse(f"public:{name}")
    assert Client().get(address).status_code in {404, 405}
    assert Client().post(address, {"persona": 1, "policy": "zhongshan-2024"}).status_code in {404, 405}


def test_open_front_of_a_real_county_is_quiet(real: None) -> None:
    page = text(Client().get(FRONT))
    assert "钟山县" in page
    assert "工作人员登录" in page
    assert "〔待填〕" in page
    assert "演示" not in page
    assert "试用" not in page


@pytest.mark.django_db
def test_found_county_shows_the_password_once() -> None:
    client = Client()
    page = client.post(FOUND, {"policy": "zhongshan-2024"})
    password = re.search(r'id="slip-code">([^<]+)<', text(page))
    assert password
    assert User.objects.get(username="admin").check_password(password[1])
    assert "no-store" in page.headers["Cache-Control"]
    assert client.get(FOUND).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("policy", ["", "demo", "../..", "nowhere"])
def test_found_county_from_no_document_founds_nothing(policy: str) -> None:
    page = Client().post(FOUND, {"policy": policy})
    assert page.status_code == 200
    assert "请选择方案" in text(page) or "没有这个方案" in text(page)
    assert not Installation.objects.exists()


def test_found_county_in_a_trial_says_where(trial: None) -> None:
    page = text(Client().post(FOUND, {"policy": "zhongshan-2024"}))
    assert "anju init --policy zhongshan-2024" in page
    assert Installation.objects.get().mode == "trial"


def test_turn_large_type_on_and_off_comes_back(place: SimpleNamespace) -> None:
    client, address = Client(), reverse("public:type")
    answer = client.post(address, {"large": "1", "next": "/account/sign-in/?next=/desk/"})
    assert answer.headers["Location"] == "/account/sign-in/?next=/desk/"
    assert client.cookies["large"].value == "1"
    assert client.cookies["large"]["httponly"]
    assert " big" in text(client.get(FRONT)).split(">", 2)[1]
    client.post(address, {"large": "0", "next": "/"})
    assert " big" not in text(client.get(FRONT)).split(">", 2)[1]


@pytest.mark.parametrize(
    "wished",
    [
        "//evil.example",
        "https://evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "",
        "evil",
        "/\n/evil.example",
    ],
)
def test_own_path_never_leaves_the_site(wished: str) -> None:
    assert own_path(wished) == "/"


@pytest.mark.parametrize("wished", ["/desk/", "/audit/?person=%E9%99%88&below=7"])
def test_own_path_goes_where_it_was_wished(wished: str) -> None:
    assert own_path(wished) == wished


@pytest.mark.django_db
def test_open_empty_installation_from_elsewhere_is_refused() -> None:
    assert Client(REMOTE_ADDR="192.0.2.7").get(FRONT).status_code == 403
    assert Client(REMOTE_ADDR="192.0.2.7", HTTP_X_FORWARDED_FOR="127.0.0.1").post(DEMO).status_code == 403
    assert not Installation.objects.exists()
