"""Lock-out over HTTP: a stranger locks out strangers, the victim's own computer still gets in."""

from typing import Any

import pytest
from django.core import signing
from django.test import Client

from anju.accounts.models import SignInCounter, User
from anju.base.models import AuditEntry
from anju.rules.lockout import ADDRESS, KNOWN_DEVICE, STRANGE_DEVICES
from anju.web.signin.device import COOKIE
from tests.web.signin_people import SIGN_OUT, WRONG, is_in, said, sign_in

LOCKED = "输错次数太多"


def attack(client: Client, name: str, times: int, **more: Any) -> str:
    """Guess so often and return what the last page said."""
    words = ""
    for _ in range(times):
        words = said(sign_in(client, name, WRONG, **more))[0]
    return words


@pytest.fixture
def office(chen: User) -> Client:
    """The computer at which chen signed in before, and out again."""
    client = Client()
    sign_in(client, "chen")
    client.post(SIGN_OUT)
    return client


def test_attack_locks_strangers_out_and_lets_the_victim_in(chen: User, office: Client) -> None:
    attacker = Client()
    assert LOCKED in attack(attacker, "chen", STRANGE_DEVICES.attempts + 1, REMOTE_ADDR="10.0.0.9")
    assert LOCKED in said(sign_in(Client(), "chen"))[0]
    sign_in(office, "chen")
    assert is_in(office)


def test_attack_is_told_how_long_and_what_to_do_instead(chen: User, client: Client) -> None:
    words = attack(client, "chen", STRANGE_DEVICES.attempts + 1)
    assert "请等 15 分钟" in words
    assert "平时登录的电脑" in words
    assert "安全管理员" in words


@pytest.mark.django_db
def test_attack_on_an_unknown_name_is_locked_in_the_same_words(chen: User) -> None:
    known = attack(Client(), "chen", STRANGE_DEVICES.attempts + 1)
    unknown = attack(Client(), "nobody-at-all", STRANGE_DEVICES.attempts + 1)
    assert known == unknown


def test_attack_by_spelling_the_name_differently_shares_one_count(chen: User, client: Client) -> None:
    for name in ("chen", "CHEN", "Chen", " chen", "ｃｈｅｎ"):
        sign_in(client, name, WRONG)
    assert LOCKED in said(sign_in(client, "cHen", WRONG))[0]


def test_right_password_forgets_the_wrong_ones_before_it(chen: User) -> None:
    for _ in range(3):
        stranger = Client()
        attack(stranger, "chen", STRANGE_DEVICES.attempts - 1)
        sign_in(stranger, "chen")
        assert is_in(stranger)


def test_locked_attempts_compute_no_hash_and_write_no_more_entries(chen: User, client: Client) -> None:
    attack(client, "chen", STRANGE_DEVICES.attempts + 10)
    failed = AuditEntry.objects.filter(action="person.sign_in_failed")
    assert failed.count() == STRANGE_DEVICES.attempts
    assert '"closed":true' in failed.order_by("-id")[0].body.replace(" ", "")


def test_known_device_has_its_own_count_and_then_is_strange(chen: User, office: Client) -> None:
    words = attack(office, "chen", KNOWN_DEVICE.attempts)
    assert LOCKED not in words
    assert LOCKED in attack(office, "chen", STRANGE_DEVICES.attempts + 1)


def test_device_cookie_of_one_person_is_useless_for_another(chen: User, lin: User, office: Client) -> None:
    attack(Client(), "lin", STRANGE_DEVICES.attempts)
    assert LOCKED in said(sign_in(office, "lin"))[0]


def test_device_cookie_that_was_copied_opens_nothing_and_is_counted_apart(chen: User, office: Client) -> None:
    thief = Client()
    thief.cookies[COOKIE] = office.cookies[COOKIE].value
    sign_in(office, "chen")  # the owner's name is new now
    attack(thief, "chen", KNOWN_DEVICE.attempts + STRANGE_DEVICES.attempts + 1)
    assert not is_in(thief)
    office.post(SIGN_OUT)
    sign_in(office, "chen")
    assert is_in(office)


@pytest.mark.parametrize(
    "forged",
    [
        "",
        "nonsense",
        "W1sxLCJ4Il1d:1abcde:AAAA",
        signing.dumps([[1, "x"]], salt="another.salt"),
        signing.dumps("text", salt="anju.signin.device"),
    ],
    ids=["empty", "nonsense", "garbage", "another-salt", "no-list"],
)
def test_device_cookie_that_was_forged_is_a_strange_device(chen: User, client: Client, forged: str) -> None:
    attack(Client(), "chen", STRANGE_DEVICES.attempts)
    client.cookies[COOKIE] = forged
    assert LOCKED in said(sign_in(client, "chen"))[0]


def test_shared_computer_knows_everyone_who_signed_in_there(chen: User, lin: User, office: Client) -> None:
    sign_in(office, "lin")
    office.post(SIGN_OUT)
    for name in ("chen", "lin"):
        attack(Client(), name, STRANGE_DEVICES.attempts)
    for name in ("chen", "lin"):
        sign_in(office, name)
        assert is_in(office)
        office.post(SIGN_OUT)


def test_spoofed_address_does_not_escape_the_count(chen: User, settings: Any) -> None:
    settings.TRUSTED_PROXIES = 0
    sign_in(Client(), "a", WRONG, REMOTE_ADDR="10.0.0.9", HTTP_X_FORWARDED_FOR="1.1.1.1")
    sign_in(Client(), "b", WRONG, REMOTE_ADDR="10.0.0.9", HTTP_X_FORWARDED_FOR="2.2.2.2", HTTP_X_REAL_IP="3.3.3.3")
    assert counts() == [1, 1, 2]


def test_address_behind_one_proxy_is_the_last_that_the_proxy_wrote(chen: User, settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1
    for number, said_by_client in enumerate(["9.9.9.9, 10.0.0.7", "10.0.0.7", "8.8.8.8,7.7.7.7, 10.0.0.7"]):
        sign_in(Client(), f"name{number}", WRONG, HTTP_X_FORWARDED_FOR=said_by_client)
    assert counts() == [1, 1, 1, 3]


@pytest.mark.parametrize("header", ["", "not an address", "10.0.0.7", "<script>, \x7f", "1.1.1.1,,"])
def test_address_that_no_proxy_vouches_for_is_the_peers(chen: User, settings: Any, header: str) -> None:
    settings.TRUSTED_PROXIES = 2
    for name in ("a", "b"):
        assert sign_in(Client(), name, WRONG, HTTP_X_FORWARDED_FOR=header).status_code == 200
    assert counts() == [1, 1, 2]


def test_addresses_of_one_ipv6_household_share_a_count(chen: User) -> None:
    for number, address in enumerate(["2001:db8::1", "2001:db8::ffff:2", "2001:db8:0:1::1"]):
        sign_in(Client(), f"name{number}", WRONG, REMOTE_ADDR=address)
    assert counts() == [1, 1, 1, 1, 2]


def test_attack_on_many_names_closes_the_address_but_not_to_known_devices(chen: User, office: Client) -> None:
    sign_in(Client(), "first", WRONG)
    SignInCounter.objects.update(failures=ADDRESS.attempts - 1)
    sign_in(Client(), "second", WRONG)
    assert LOCKED in said(sign_in(Client(), "third", WRONG))[0]
    sign_in(office, "chen")
    assert is_in(office)


def counts() -> list[int]:
    return sorted(SignInCounter.objects.values_list("failures", flat=True))
