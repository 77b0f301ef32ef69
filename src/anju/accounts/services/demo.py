"""Making the demo county by the services that make a real one, so that its trail reads like a real one's."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.utils import timezone

from anju.accounts.demo import DemoBody, DemoCompound, DemoCounty, DemoPerson
from anju.accounts.models import Post, User
from anju.accounts.queries.acting import actor_of
from anju.accounts.services.calendar import confirm_year
from anju.accounts.services.posts import appoint_post, delegate_post
from anju.accounts.services.proposals import propose
from anju.accounts.services.recusals import record_recusal
from anju.base import audit
from anju.base.actor import Actor
from anju.base.models import CalendarYear
from anju.places.models import Compound, Division, Organisation
from anju.places.services.compound_merge import end_compound, merge_compounds
from anju.places.services.compounds import CompoundFacts, create_compound
from anju.places.services.organisations import OrganisationFacts, create_organisation
from anju.places.services.spelling import spell
from anju.rules.permissions import Permission

PREFIX = "示例·"
# How long before the day of loading each thing was done.
BEGUN, REGISTERED, APPOINTED, DELEGATED, PROPOSED = (timedelta(days=days) for days in (210, 200, 190, 10, 2))
_PERSONAL = frozenset({"username", "name", "phone"})


def fill_demo(*, actor: Actor, county: DemoCounty, at: datetime) -> None:
    """Write bodies, compounds, people and posts, then what is under way between them."""
    divisions = {row.name: row for row in Division.objects.all()}
    _make_bodies(actor, county.bodies, divisions, at - REGISTERED)
    bodies = {row.name: row for row in Organisation.objects.all()}
    compounds = _make_compounds(actor, county.compounds, divisions, bodies, at - REGISTERED)
    posts = {}
    for number, person in enumerate(county.people):
        user = _make_person(actor, person, number, at)
        posts[person.username] = _appoint(actor, user, person, divisions, bodies, compounds, at)
    _begin_affairs(actor, posts, bodies, at)
    for table in CalendarYear.objects.filter(confirmed=False).order_by("year"):
        reviewer = _acting(posts["lin"], at - DELEGATED)
        confirm_year(actor=reviewer, year=table.year, based_on=table.version, at=at - DELEGATED)


def _make_bodies(actor: Actor, bodies: Iterable[DemoBody], divisions: Mapping[str, Division], at: datetime) -> None:
    for body in bodies:
        facts = OrganisationFacts(kind=body.kind, division=divisions[body.division])
        create_organisation(actor=actor, name=body.name, facts=facts, aliases=body.aliases, at=at)


def _make_compounds(
    actor: Actor,
    compounds: Iterable[DemoCompound],
    divisions: Mapping[str, Division],
    bodies: Mapping[str, Organisation],
    at: datetime,
) -> dict[str, Compound]:
    made: dict[str, Compound] = {}
    for row in compounds:
        facts = CompoundFacts(
            division=divisions[row.division],
            kind=row.kind,
            service_state=row.state,
            supervising_unit=bodies.get(row.supervisor),
        )
        aliases = [PREFIX + alias for alias in row.aliases]
        made[row.name] = create_compound(actor=actor, name=PREFIX + row.name, facts=facts, aliases=aliases, at=at)
        _close(actor, row, made, at)
    return made


def _close(actor: Actor, row: DemoCompound, made: Mapping[str, Compound], at: datetime) -> None:
    compound = made[row.name]
    if row.merged_into:
        into = made[row.merged_into]
        merge_compounds(actor=actor, compound=compound, into=into, reason="摸底发现是同一个小区", at=at)
    if row.ended:
        end_compound(actor=actor, compound=compound, reason="已整体拆除", at=at)


def _make_person(actor: Actor, person: DemoPerson, number: int, at: datetime) -> User:
    """A persona without any password: nobody can sign in as them but by the one click of a trial."""
    actor.require(Permission.PERSON_EDIT)
    made_at = at - APPOINTED
    user = User(username=person.username, name=person.name, pinyin=spell(person.name).pinyin, persona=True)
    user.phone, user.created_at, user.must_change_password = f"1350000{number + 1:04}", made_at, False
    user.last_login = None if person.never_signed_in else at - timedelta(days=1)
    user.set_unusable_password()
    user.save(force_insert=True)
    change = audit.difference({}, audit.snapshot(user, ("username", "name", "phone")), personal=_PERSONAL)
    audit.record(actor=actor, action="person.created", subject=user, change=change, at=made_at)
    return user


def _appoint(
    actor: Actor,
    user: User,
    person: DemoPerson,
    divisions: Mapping[str, Division],
    bodies: Mapping[str, Organisation],
    compounds: Mapping[str, Compound],
    at: datetime,
) -> Post:
    today = timezone.localdate(at)
    return appoint_post(
        actor=actor,
        person=user,
        role=person.role,
        organisation=bodies[person.body],
        division=divisions.get(person.area),
        compound=compounds.get(person.compound),
        starts_on=timezone.localdate(at - APPOINTED),
        ends_on=None if person.ends is None else today + timedelta(days=person.ends),
        reason="示例",
        at=at - APPOINTED,
    )


def _begin_affairs(actor: Actor, posts: Mapping[str, Post], bodies: Mapping[str, Organisation], at: datetime) -> None:
    """A delegation that ends in four days, a recusal that ends in three weeks, a proposal that waits for its second person."""
    today, town, officer = timezone.localdate(at), posts["wei"], posts["chen"]
    delegate_post(
        actor=_acting(town, at - DELEGATED),
        post=town,
        to=posts["nong"].user,
        ends_on=today + timedelta(days=5),
        reason="外出培训",
        at=at - DELEGATED,
    )
    record_recusal(
        actor=_acting(posts["lin"], at - DELEGATED),
        person=posts["lin"].user,
        organisation=bodies["示例嘉安物业公司"],
        reason="近亲属在该企业任职",
        starts_on=timezone.localdate(at - DELEGATED),
        ends_on=today + timedelta(days=21),
        at=at - DELEGATED,
    )
    payload = {"organisation": bodies["示例兴业物业服务部"].pk, "into": bodies["示例兴业物业公司"].pk}
    reason = "同一家企业登记了两次"
    propose(
        actor=_acting(officer, at - PROPOSED),
        act="organisation.merge",
        payload=payload,
        reason=reason,
        at=at - PROPOSED,
    )


def _acting(post: Post, at: datetime) -> Actor:
    return actor_of(post.user, chosen_post=post.pk, on=timezone.localdate(at))
