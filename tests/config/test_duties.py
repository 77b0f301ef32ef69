"""What the ticker does by itself."""

from types import SimpleNamespace

from anju.base.models import AuditEntry
from anju.config.duties import take_up_policy
from anju.registry.models import Indicator
from tests.people import NOW


def test_take_up_policy_fills_a_county_founded_before_and_then_rests(place: SimpleNamespace) -> None:
    take_up_policy(NOW)
    assert Indicator.objects.filter(code="households").exists()
    entries = AuditEntry.objects.count()
    take_up_policy(NOW)
    assert AuditEntry.objects.count() == entries


def test_take_up_policy_before_a_county_is_founded_does_nothing(db: None) -> None:
    take_up_policy(NOW)
    assert not Indicator.objects.exists()
