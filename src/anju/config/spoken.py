"""Refusals of services, for the command line: the same sentence as on the pages, after the code."""

from collections.abc import Iterator
from contextlib import contextmanager

from anju.base.actor import Refused
from anju.config.failure import Failure
from anju.rules import policy_faults
from anju.web.words import sentence


@contextmanager
def spoken() -> Iterator[None]:
    try:
        yield
    except Refused as refusal:
        raise Failure(f"refused ({refusal.code})", sentence(refusal)) from refusal
    except policy_faults.PolicyFaults as wrong:
        lines = "".join(f"\n  {policy_faults.sentence(fault)}" for fault in wrong.faults)
        raise Failure("the policy is refused, nothing was written", f"方案文件有误，什么也没有写入：{lines}") from wrong
