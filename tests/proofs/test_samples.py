"""Seeded samples of the long proofs of `make proof`."""

import pytest

from tools.proof import PROOFS


@pytest.mark.parametrize("name", [name for name, (_, _, sample) in PROOFS.items() if sample])
def test_proof_holds_on_a_sample(name: str) -> None:
    proof, _, sample = PROOFS[name]
    result = proof(sample)
    assert result["passed"], result
