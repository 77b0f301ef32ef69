"""Seeded samples of the long proofs of `make proof`."""

import pytest

from tools.proof import PROOFS


@pytest.mark.parametrize("name", [name for name, (_, _, sample) in PROOFS.items() if sample])
def test_proof_holds_on_a_sample(name: str) -> None:
    proof, _, sample = PROOFS[name]
    result = proof(sample)
    if "skipped" in result:  # it needs what is not everybody's to have, and says what
        pytest.skip(result["skipped"])
    assert result["passed"], result
