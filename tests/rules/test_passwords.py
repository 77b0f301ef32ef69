"""The two password profiles."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from anju.rules.passwords import (
    MAX_LENGTH,
    PROFILES,
    READABLE,
    has_rested,
    is_expired,
    is_stale,
    tidy_password,
    weaknesses,
)

AT = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
COMMON = frozenset({"password", "admin", "qwertyuiop12", "iloveyou"})
WORDS = ("chenjb", "陈经办", "chenjingban", "13800000000", "示例县", "anju", "")


def found(password: str, profile: str) -> tuple[str, ...]:
    return weaknesses(password, profile=PROFILES[profile], context=WORDS, common=COMMON)


@pytest.mark.parametrize("password", ["Lanhua-2026", "lanhua 2026!", "兰花开了Lanhua9", "A1花开花落自有时候"])
def test_djbh_takes_ten_signs_of_three_kinds(password: str) -> None:
    assert found(password, "djbh") == ()


@pytest.mark.parametrize(
    ("password", "codes"),
    [
        ("Lanhua-26", ("too_short",)),
        ("lanhuakaile", ("too_uniform",)),
        ("lanhuakaile26", ("too_uniform",)),
        ("春天的故事在这里开始了啊", ("too_uniform",)),
        ("花", ("too_short", "too_uniform", "common")),
        ("", ("too_short", "too_uniform", "common")),
    ],
)
def test_djbh_refuses_short_and_uniform(password: str, codes: tuple[str, ...]) -> None:
    assert found(password, "djbh") == codes


@pytest.mark.parametrize("password", ["春天的故事在这里开始了啊", "correct horse battery staple", "x" * 40 + "yzab"])
def test_asvs_takes_long_ones_of_one_kind(password: str) -> None:
    assert found(password, "asvs") == ()


def test_asvs_refuses_eleven_signs() -> None:
    assert found("Lanhua-2026", "asvs") == ("too_short",)


@pytest.mark.parametrize("profile", sorted(PROFILES))
@pytest.mark.parametrize(
    "password",
    ["Password123!", "PASSWORD@2026", "!!Admin888888", "1234-iLoveYou-5678", "qwertyuiop12", "aaaAAAaaaAAA1"],
)
def test_profile_refuses_what_everybody_uses(profile: str, password: str) -> None:
    assert "common" in found(password, profile)


@pytest.mark.parametrize("profile", sorted(PROFILES))
@pytest.mark.parametrize(
    "password", ["Chenjb@20261", "ChenJingban#26", "陈经办2026Aa!", "示例县Anju2026!", "13800000000Aa!"]
)
def test_profile_refuses_names_and_places(profile: str, password: str) -> None:
    assert "personal" in found(password, profile)


def test_profile_takes_a_long_sentence_with_the_place_in_it() -> None:
    assert found("我在示例县种了两棵桂花树 Aa1", "djbh") == ()


@pytest.mark.parametrize("profile", sorted(PROFILES))
def test_profile_takes_128_signs_and_no_more(profile: str) -> None:
    longest = ("Lan花2" * 40)[:MAX_LENGTH]
    assert found(longest, profile) == ()
    assert found(longest + "x", profile) == ("too_long",)


def test_tidy_password_reads_full_width_letters_as_plain_ones() -> None:
    assert tidy_password("Ｌａｎｈｕａ２０２６！") == "Lanhua2026!"


@pytest.mark.parametrize(
    ("profile", "age", "expired"),
    [("djbh", 90, True), ("djbh", 89, False), ("asvs", 4000, False)],
)
def test_password_expires_by_its_profile(profile: str, age: int, expired: bool) -> None:
    assert is_expired(PROFILES[profile], changed_at=AT - timedelta(days=age), at=AT) is expired


def test_password_without_a_date_does_not_expire() -> None:
    assert not is_expired(PROFILES["djbh"], changed_at=None, at=AT)


def test_readable_signs_leave_out_those_that_look_alike() -> None:
    assert not set("0O1lIio") & set(READABLE)
    assert len(set(READABLE)) == len(READABLE) == 31


@pytest.mark.parametrize(
    ("must_change", "days", "over"), [(True, 7, True), (True, 6.99, False), (False, 900, False), (True, None, False)]
)
def test_one_time_password_is_over_after_seven_days(must_change: bool, days: float | None, over: bool) -> None:
    given_at = None if days is None else AT - timedelta(days=days)
    assert is_stale(must_change=must_change, given_at=given_at, at=AT) is over


@pytest.mark.parametrize(("minutes", "ended"), [(30, True), (29.9, False), (0, False)])
def test_sign_in_has_rested_when_its_limit_has_passed(minutes: float, ended: bool) -> None:
    limit = PROFILES["djbh"].idle
    assert has_rested(seen_at=AT - timedelta(minutes=minutes), limit=limit, at=AT) is ended
