"""What the demo county has made public: proposed by one, examined and released by another, as a county would."""

from datetime import datetime, timedelta

from django.utils import timezone

from anju.accounts.models import User
from anju.accounts.queries.acting import actor_of
from anju.base.actor import Actor
from anju.disclosure.services.releases import Place, decide_release, propose_release
from anju.places.models import OPEN, Division
from anju.rules.permissions import Permission

_BASIS = "已按政府信息公开条例第十七条审查：不涉密，不含个人信息（示例）"
_RELEASED = (
    "service", "contract_until", "committee_formed", "committee_formed_on", "service_standard", "fee", "households", "buildings",
    "completed", "building_area", "bays", "lifts",
)  # fmt: skip
_AGO = timedelta(days=10)


def load_demo_releases(*, actor: Actor, at: datetime) -> None:
    """Release a set of indicators for the whole demo county; what nobody has confirmed stays 待核实 on its cards."""
    actor.require(Permission.DIVISION_EDIT)
    officer, reviewer = _person("chen", at), _person("lin", at)
    county = Division.objects.filter(OPEN).get(level="county")
    place, asked = Place(division=county), at - _AGO
    proposal = propose_release(actor=officer, place=place, items=_RELEASED, basis=_BASIS, at=asked)
    decide_release(actor=reviewer, proposal=proposal, agreed=True, at=asked + timedelta(hours=20))


def _person(username: str, at: datetime) -> Actor:
    return actor_of(User.objects.get(username=username), chosen_post=None, on=timezone.localdate(at))
