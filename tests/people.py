"""A small county town and the people in it, so that every test can ask: and who else might try this?"""

import copy
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from anju.accounts.models import Post, User
from anju.accounts.queries.acting import actor_of
from anju.base.actor import Actor
from anju.base.installation import forget
from anju.base.models import Installation
from anju.base.queries.calendar import forget as forget_calendar
from anju.places.models import Compound, Division, Organisation
from anju.places.services.spelling import spell
from tests.grounds import Ground

TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
FOUNDED = date(2024, 1, 1)


@dataclass
class Person:
    """Someone who tries things: in code through `actor`, over HTTP through `client`."""

    user: User | None

    @cached_property
    def client(self) -> Client:
        """Signed in when first asked for: most tests hear of two or three of the fifteen."""
        client = Client()
        if self.user is not None:
            client.force_login(self.user)
        return client

    def signed_in(self) -> "Person":
        """Sign in now, where it matters when: before a clock is moved, a query is counted, or sessions are ended."""
        assert self.client
        return self

    @property
    def actor(self) -> Actor:
        assert self.user is not None
        return actor_of(self.user, chosen_post=None, on=TODAY)


def make_division(name: str, code: str, parent: Division | None = None, *, awaiting: bool = False) -> Division:
    level = {None: "county", "county": "town", "town": "community"}[parent.level if parent else None]
    row = Division.objects.create(
        code=code,
        name=name,
        level=level,
        parent=parent,
        pinyin=spell(name).pinyin,
        valid_from=FOUNDED,
        awaiting=awaiting,
    )
    row.path = f"{parent.path if parent else ''}{row.pk}/"
    row.save(update_fields=["path"])
    return row


def make_organisation(name: str, kind: str, division: Division, **more: Any) -> Organisation:
    return Organisation.objects.create(
        name=name,
        kind=kind,
        division=division,
        pinyin=spell(name).pinyin,
        valid_from=FOUNDED,
        **more,
    )


def make_compound(name: str, division: Division, **more: Any) -> Compound:
    return Compound.objects.create(
        name=name,
        division=division,
        pinyin=spell(name).pinyin,
        initials=spell(name).initials,
        valid_from=FOUNDED,
        **more,
    )


def make_user(username: str, name: str, **more: Any) -> User:
    given = {
        "must_change_password": False,
        "password_changed_at": NOW,
        "created_at": NOW,
    } | more
    user = User(username=username, name=name, pinyin=spell(name).pinyin, **given)
    user.set_unusable_password()
    user.save()
    return user


def make_post(user: User, role: str, organisation: Organisation, **more: Any) -> Post:
    given = {"starts_on": FOUNDED, "appointed_at": NOW} | more
    return Post.objects.create(user=user, role=role, organisation=organisation, **given)


def make_person(
    username: str,
    name: str,
    role: str = "",
    organisation: Organisation | None = None,
    **more: Any,
) -> Person:
    user = make_user(username, name)
    if organisation is not None:
        make_post(user, role, organisation, **more)
    return Person(user)


@pytest.fixture(autouse=True)
def _installation_asked_anew() -> Iterator[None]:
    """Each test has its own database, so what a process remembers of the last one must go."""
    forget()
    forget_calendar()
    yield
    forget()
    forget_calendar()


@pytest.fixture
def place(db: None, town_ground: Ground) -> SimpleNamespace:
    """The county's places: two towns, each with a community, and the bodies in them."""
    mine: SimpleNamespace = copy.deepcopy(town_ground.held.place)
    return mine


@pytest.fixture
def people(place: SimpleNamespace, town_ground: Ground) -> SimpleNamespace:
    """Those who work with the county, one in each role, and two who should get nowhere."""
    mine: SimpleNamespace = copy.deepcopy(town_ground.held.people)
    return mine


def make_place() -> SimpleNamespace:
    Installation.objects.create(mode="real", county_name="示例县", policy_code="demo", created_at=NOW)
    county = make_division("示例县", "990001")
    town, other_town = (
        make_division("城关镇", "990001100", county),
        make_division("东江镇", "990001101", county),
    )
    here = SimpleNamespace(
        county=county,
        town=town,
        other_town=other_town,
        community=make_division("城北社区", "990001100001", town),
        other_community=make_division("东江社区", "990001101001", other_town),
        awaiting=make_division("待定乡镇", "990001999", county, awaiting=True),
        bureau=make_organisation("县住建局", "bureau", county),
        government=make_organisation("县政府办", "government", county),
        department=make_organisation("县市场监管局", "department", county),
        town_office=make_organisation("城关镇人民政府", "town", town),
        other_town_office=make_organisation("东江镇人民政府", "town", other_town),
        company=make_organisation("示例物业公司", "company", town),
        other_company=make_organisation("示例嘉安物业公司", "company", other_town),
    )
    here.community_office = make_organisation("城北社区居委会", "community", here.community)
    here.committee = make_organisation("示例·碧水花园业委会", "committee", here.community)
    here.compound = make_compound("示例·碧水花园", here.community, kind="commercial", service_state="company")
    here.other_compound = make_compound("示例·江畔名邸", here.other_community, service_state="unmanaged")
    return here


def make_people(place: SimpleNamespace) -> SimpleNamespace:
    bureau, town_office = place.bureau, place.town_office
    return SimpleNamespace(
        bureau_officer=make_person("chen", "陈经办", "bureau_officer", bureau),
        bureau_reviewer=make_person("lin", "林复核", "bureau_reviewer", bureau),
        supervisor=make_person("zhou", "周督查", "county_supervisor", place.government),
        department_officer=make_person("mo", "莫市监", "department_officer", place.department),
        town_officer=make_person("wei", "韦城关", "town_officer", town_office, division=place.town),
        other_town_officer=make_person(
            "liao",
            "廖东江",
            "town_officer",
            place.other_town_office,
            division=place.other_town,
        ),
        community_worker=make_person(
            "wu",
            "吴城北",
            "community_worker",
            place.community_office,
            division=place.community,
        ),
        company_admin=make_person("huang", "黄企业", "company_admin", place.company),
        manager=make_person("li", "李经理", "project_manager", place.company, compound=place.compound),
        other_manager=make_person(
            "qin",
            "覃经理",
            "project_manager",
            place.other_company,
            compound=place.other_compound,
        ),
        chair=make_person("lu", "陆主任", "committee_member", place.committee, compound=place.compound),
        system_admin=make_person("xitong", "系统员", "system_admin", bureau),
        security_admin=make_person("anquan", "安全员", "security_admin", bureau),
        audit_admin=make_person("shenji", "审计员", "audit_admin", bureau),
        nobody=make_person("wugang", "无岗位"),
        stranger=Person(None),
    )
