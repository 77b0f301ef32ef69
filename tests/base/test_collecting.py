"""The collector rests while a long loop runs, and runs again afterwards whatever happened."""

import gc

import pytest

from anju.base.collecting import uncollected


def _broken_loop() -> None:
    with uncollected():
        with uncollected():
            assert not gc.isenabled()
        assert not gc.isenabled()
        raise ZeroDivisionError


def test_pause_the_collector_within_a_loop_and_start_it_again_after_a_fault() -> None:
    with pytest.raises(ZeroDivisionError):
        _broken_loop()
    assert gc.isenabled()
