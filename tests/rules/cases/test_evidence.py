"""Which pictures are also kept as they came."""

import pytest

from anju.rules.cases.evidence import keeps_original


@pytest.mark.parametrize(
    ("case_type", "evidence", "role", "kept"),
    [
        ("enforcement_lead", "scene_photo", "community", True),
        ("enforcement_lead", "after_photo", "unit_lead", True),
        ("enforcement_lead", "scene_photo", "reporter", False),
        ("enforcement_lead", "photo", "intake", False),
        ("complaint", "after_photo", "unit_lead", False),
    ],
)
def test_original_is_kept_of_an_offence_by_somebody_at_work(
    case_type: str, evidence: str, role: str, *, kept: bool
) -> None:
    assert keeps_original(case_type, evidence, role) is kept
