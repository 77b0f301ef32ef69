"""The shapes of workflow.toml: every key it may hold."""

from typing import Any, Final

from anju.rules.cases.audiences import AUDIENCES
from anju.rules.cases.workflow import ANSWERS, DONE, Urgency
from anju.rules.policy_shapes import FILE, TABLES
from anju.rules.policy_tables import Field, Shape

CODE: Final = Field(str, limit=40, pattern=r"[a-z][a-z0-9_]{1,39}")
CODES: Final = Field(list, limit=40, pattern=CODE.pattern)
SOME_CODES: Final = Field(list, limit=40, pattern=CODE.pattern, required=False)
NAME: Final = Field(str, limit=40)
_CITE: Final = Field(str, limit=100, required=False)
AMOUNT_PATTERN: Final = r"[1-9]\d{0,4} (cm|ch|wh|wd|cd)"
_AMOUNT: Final = Field(str, limit=20, pattern=AMOUNT_PATTERN)
_MAYBE_AMOUNT: Final = Field(str, limit=20, pattern=AMOUNT_PATTERN, required=False)
_MOVES: Final = Field(list, limit=50, pattern=r"(milestone:)?[a-z][a-z0-9_]{1,39}", least=1)
_SOME_MOVES: Final = Field(list, limit=50, pattern=CODE.pattern, required=False)
_NEEDS: Final = Field(list, limit=100, pattern=r"[a-z_]+(\|[a-z_]+)*", required=False)
_FLAG: Final = Field(bool, required=False)
PUBLIC: Final = ("已收到", "办理中", "等您补充", "请您评价", "已办结")
PUBLICATIONS: Final = ("ledger", "building", "result", "counts")
TASKS: Final = ("lead", "helpers", "dissuade", "verify", "ruling")

STATE: Final[Shape] = {
    "code": CODE,
    "name": NAME,
    "kind": Field(str, choices=("open", "waiting", "final", "end")),
    "public": Field(str, choices=PUBLIC),
}
EVIDENCE: Final[Shape] = {"code": CODE, "name": NAME}
TRANSITION: Final[Shape] = {
    "code": CODE,
    "name": NAME,
    "from": CODES,
    "to": CODE,
    "roles": Field(list, limit=40, pattern=CODE.pattern, least=1),
    "needs": _NEEDS,
    "guards": SOME_CODES,
    "marks": SOME_CODES,
    "opens": Field(list, choices=TASKS, required=False),
    "closes": Field(list, choices=TASKS, required=False),
    "open_to_respondent": _FLAG,
}
CLOCK: Final[Shape] = {
    "code": CODE,
    "name": NAME,
    "start": _MOVES,
    "stop": _MOVES,
    "pause": _SOME_MOVES,
    "resume": _SOME_MOVES,
    "extend": _SOME_MOVES,
    "reset": _SOME_MOVES,
    "earliest": _SOME_MOVES,
    "fires": Field(str, limit=40, pattern=CODE.pattern, required=False),
    "given": _FLAG,
    "halves": _FLAG,
    "extend_most": _MAYBE_AMOUNT,
    "answers": Field(str, choices=ANSWERS, required=False),
    "warns": _FLAG,
    "level_most": Field(int, low=1, high=9, required=False),
}
LIMIT: Final[Shape] = {
    "clock": CODE,
    "types": Field(list, limit=40, pattern=CODE.pattern, least=1),
    "a": _MAYBE_AMOUNT,
    "b": _MAYBE_AMOUNT,
    "c": _MAYBE_AMOUNT,
    "source": Field(str, choices=("statute", "plan", "practice")),
    "cite": _CITE,
}
TYPES: Final = Field(list, limit=40, pattern=CODE.pattern, least=1)
MILESTONE: Final[Shape] = {
    "code": CODE,
    "name": NAME,
    "types": TYPES,
    "needs": _NEEDS,
    "urgencies": Field(list, choices=tuple(Urgency), required=False),
}
OUTCOME: Final[Shape] = {
    "code": CODE,
    "name": NAME,
    "types": TYPES,
    "kind": Field(str, choices=(DONE, "partly", "explained", "unfounded", "moved", "court")),
    "by": SOME_CODES,
}
PROOF: Final[Shape] = {"matters": Field(list, limit=4, pattern=r"[A-Z]{2}\d{2}", least=1), "needs": TYPES}
NOTICE: Final[Shape] = {"code": CODE, "name": NAME, "to": Field(str, choices=("reporter", *AUDIENCES)), "on": TYPES}
LEVEL: Final[Shape] = {
    "level": Field(int, low=1, high=9),
    "name": NAME,
    "to": TYPES,
    "overdue_days": Field(int, low=-1, high=365),
    "document": Field(str, limit=40, required=False),
    "reply_within": _MAYBE_AMOUNT,
    "also": SOME_CODES,
}
MEASURE: Final[Shape] = {"code": CODE, "name": NAME, "document": NAME}
REASON: Final[Shape] = {"code": CODE, "name": Field(str, limit=12), "upto": Field(int, low=1, high=5)}
GROUND: Final[Shape] = {"code": CODE, "name": NAME, "acts": TYPES}
TYPE: Final[Shape] = {
    "code": CODE,
    "name": NAME,
    "prefix": Field(str, limit=2, pattern=r"[A-Z]{2}"),
    "publication": Field(str, choices=PUBLICATIONS),
    "public_interest": Field(bool),
    "reported_as": Field(str, limit=30, required=False),
    "transitions": Field(list, limit=40, pattern=CODE.pattern, least=1),
}
RECUSAL: Final[Shape] = {"bureau": CODE, "verifiers": TYPES, "cite": Field(str, limit=50)}
_COUNT: Final = Field(int, low=0, high=100)
LIMITS: Final[Shape] = {
    "info_requests": _COUNT,
    "returns_per_unit": _COUNT,
    "return_within": _AMOUNT,
    "object_within": _AMOUNT,
    "reopen_within": _AMOUNT,
    "redos": _COUNT,
    "reworks": _COUNT,
    "rework_level": Field(int, low=1, high=9),
    "extensions": _COUNT,
    "extension_days": _COUNT,
    "ask_before": _AMOUNT,
    "nudge_every": _AMOUNT,
    "satisfied_from": Field(int, low=1, high=5),
    "keep_closed_years": Field(int, low=1, high=100),
    "keep_other_years": Field(int, low=1, high=100),
}
LISTED: Final[dict[str, Shape]] = {
    "state": STATE,
    "evidence": EVIDENCE,
    "transition": TRANSITION,
    "clock": CLOCK,
    "limit": LIMIT,
    "milestone": MILESTONE,
    "outcome": OUTCOME,
    "notice": NOTICE,
    "level": LEVEL,
    "measure": MEASURE,
    "type": TYPE,
    "reason": REASON,
    "proof": PROOF,
    "ground": GROUND,
}
SINGLE: Final[dict[str, Shape]] = {"recusal": RECUSAL, "limits": LIMITS}
ROOT: Final[dict[str, Any]] = {
    **FILE,
    **dict.fromkeys(LISTED, TABLES),
    **dict.fromkeys(SINGLE, Field(dict)),
    "reason": Field(list, limit=0, required=False),  # editions before the second have none
    "proof": Field(list, limit=0, required=False),  # editions before the fourth have none
    "ground": Field(list, limit=0, required=False),
}
