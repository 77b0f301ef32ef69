"""The demo county's open compounds: constructed facts, confirmed by a second person, examined and released as a county would."""

from datetime import date, datetime, timedelta

from django.utils import timezone

from anju.accounts.models import User
from anju.accounts.queries.acting import actor_of
from anju.base.actor import Actor
from anju.disclosure.services.releases import Place, decide_release, propose_release
from anju.places.models import OPEN, Compound, Division
from anju.registry.models import Fact, Indicator
from anju.registry.services.decisions import decide_facts
from anju.registry.services.statements import Saying, record_statement, source_named
from anju.rules.lists.cells import read_cell
from anju.rules.lists.readings import Known
from anju.rules.permissions import Permission

_BASIS = "已按政府信息公开条例第十七条审查：不涉密，不含个人信息（示例）"
_TOLD = {
    "示例·碧水花园": {
        "service": "示例物业公司", "contract_until": "2027-03-31", "households": "612", "buildings": "8", "completed": "2014",
        "bays": "420", "lifts": "16", "committee_formed": "有", "fee": "1.20元/㎡·月", "fee_basis": "按季收取",
    },
    "示例·城东雅苑": {
        "service": "示例嘉安物业公司", "households": "286", "buildings": "5", "completed": "2017", "committee_formed": "无",
        "fee": "1.00元/㎡·月",
    },
}  # fmt: skip
_UNCONFIRMED = frozenset({"fee_basis", "lifts"})  # so that the card shows what 待核实 looks like
_RELEASED = (
    "service", "contract_until", "committee_formed", "fee", "fee_basis", "households", "buildings", "completed", "bays", "lifts",
)  # fmt: skip


def load_demo_card(*, actor: Actor, at: datetime) -> None:
    """Tell, confirm and release what the demo county's public pages show."""
    actor.require(Permission.FACT_EDIT)
    begun = at - timedelta(days=14)
    officer, reviewer = (_person(name, at) for name in ("chen", "lin"))
    for name, told in _TOLD.items():
        compound = Compound.objects.filter(OPEN, name=name).first()
        if compound is not None:
            facts = _tell(officer, compound, told, begun)
            decide_facts(actor=reviewer, facts=facts, reason="已对照备案材料核对（示例）", at=begun)
    county = Division.objects.get(level="county", ended_on__isnull=True)
    proposal = propose_release(
        actor=officer, place=Place(division=county), items=_RELEASED, basis=_BASIS, at=begun + timedelta(hours=1)
    )
    decide_release(actor=reviewer, proposal=proposal, agreed=True, at=begun + timedelta(days=1))


def _person(username: str, at: datetime) -> Actor:
    return actor_of(User.objects.get(username=username), chosen_post=None, on=timezone.localdate(at))


def _tell(actor: Actor, compound: Compound, told: dict[str, str], at: datetime) -> list[Fact]:
    source = source_named(actor=actor, name="示例备案材料", kind="filing", at=at)
    statement = record_statement(
        actor=actor,
        compound=compound,
        source=source,
        observed_on=timezone.localdate(at),
        sayings={row: _saying(told[row.code], row, timezone.localdate(at)) for row in _indicators(told)},
        reason="示例数据",
        at=at,
    )
    return list(statement.facts.exclude(indicator__code__in=_UNCONFIRMED))


def _indicators(told: dict[str, str]) -> list[Indicator]:
    return list(Indicator.objects.filter(code__in=told))


def _saying(raw: str, indicator: Indicator, day: date) -> Saying:
    reading = read_cell(raw, indicator.type, latest=day.year)
    assert isinstance(reading, Known), raw
    return Saying(reading.value, raw)
