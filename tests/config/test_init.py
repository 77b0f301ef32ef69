"""Founding a county on the command line: what the operator can mend is said, and nothing is half-founded."""

from pathlib import Path

import pytest
from pytest_django import Settings

from anju.base.models import Installation
from anju.config.commands.init import _found_county
from anju.config.failure import Failure
from anju.places.models import Division
from tests.house.source import ROOT


def test_found_county_with_a_faulty_policy_says_every_line(db: None, tmp_path: Path, settings: Settings) -> None:
    folder = tmp_path / "broken"
    folder.mkdir()
    for path in (ROOT / "policy" / "zhongshan-2024").iterdir():
        text = path.read_text().replace("day = 25", "day = 45").replace('kind = "court"', 'kind = "law"')
        (folder / path.name).write_text(text)
    settings.POLICIES = tmp_path
    with pytest.raises(Failure) as failure:
        _found_county("broken")
    assert "policy.toml 第 22 行：“day”应在 1 到 28 之间。" in str(failure.value)
    assert "units.toml 第 " in str(failure.value)
    assert not Installation.objects.exists()
    assert not Division.objects.exists()


@pytest.mark.parametrize("policy", ["nowhere", "demo"])
def test_found_county_with_a_policy_that_cannot_found_is_refused_in_words(db: None, policy: str) -> None:
    with pytest.raises(Failure) as failure:
        _found_county(policy)
    assert "方案" in str(failure.value)
    assert not Installation.objects.exists()
