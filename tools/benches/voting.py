"""A million ballots read and decided, beside json.loads and numpy's sums of the same columns; a large roll explained."""

import gc
import importlib
import json
import random
import time
from typing import Any

from anju.rules.voting.counting import Choice, count
from anju.rules.voting.decision import Procedure, decide
from anju.rules.voting.explanation import explain
from anju.rules.voting.profiles import CIVIL_CODE_278, Matter
from anju.rules.voting.recount_format import read_recount
from anju.rules.voting.recount_json import parse
from anju.rules.voting.units import Areas, Owner, RollRules, Standing, Unit
from anju.rules.voting.weight import weigh
from tools.benches.measure import Act, spread

BALLOTS, UNITS, ROUNDS = 1_000_000, 5_000, 5
TIMES_NUMPY, SECONDS = 3.0, 0.2
CHOICES = ["agree", "oppose", "abstain", "invalid", "silent"]


def run() -> list[dict[str, Any]]:
    return [_million(), _explained()]


def _million() -> dict[str, Any]:
    """Both read the same text; numpy then adds areas and heads by choice, we check, count and decide as well."""
    np: Any = importlib.import_module("numpy")
    text = _text(random.Random(20261124))
    codes = {choice: number for number, choice in enumerate(CHOICES)}

    def theirs() -> None:
        document = json.loads(text)
        areas = np.array([float(row["area"]) for row in document["roll"]])
        choices = np.array([codes[ballot["choice"]] for ballot in document["ballots"]])
        np.bincount(choices, weights=areas)
        np.bincount(choices)

    def ours() -> None:
        read_recount(parse(text)).decide()

    rounds = [(_work(ours), _work(theirs)) for _ in range(ROUNDS)]
    ratio = spread([a / b for a, b in rounds])
    return {
        "name": f"{BALLOTS} ballots read, checked and decided / read and added by numpy",
        "ratio": ratio,
        "seconds": spread([a for a, _ in rounds]),
        "limit": TIMES_NUMPY,
        "within": ratio["median"] <= TIMES_NUMPY,
    }


def _work(act: Act) -> float:
    """Processor seconds: both sides are one thread of computing, and a busy machine must not decide between them."""
    gc.collect()
    gc.disable()  # as `anju recount` does
    began = time.process_time()
    act()
    taken = time.process_time() - began
    gc.enable()
    return taken


def _text(chance: random.Random) -> str:
    roll = [
        {"unit": f"{n}", "area": f"{chance.randint(3000, 20000) / 100:.2f}", "voter": f"v{n}"} for n in range(BALLOTS)
    ]
    ballots = [{"voter": f"v{n}", "choice": chance.choice(CHOICES)} for n in range(BALLOTS)]
    head = {"format": "anju-recount/1", "matter": "ordinary", "profile": "civil-code-278"}
    return json.dumps(head | {"roll": roll, "ballots": ballots})


def _explained() -> dict[str, Any]:
    """From units and owners to the words: weigh, count, decide, explain."""
    chance = random.Random(20261124)
    units = [
        Unit(
            key=f"{number}",
            building=f"{number // 100}",
            entrance="1",
            areas=Areas(register=chance.randint(30_00, 200_00)),
            standing=Standing.REGISTERED,
            owners=(Owner(f"id{chance.randrange(UNITS)}", "示例"),),
        )
        for number in range(UNITS)
    ]
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        roll = weigh(units, RollRules())
        choices = {voter.key: Choice(chance.choice(CHOICES)) for voter in roll.voters}
        tally = count({voter.key: voter.area for voter in roll.voters}, choices, 2)
        explain(decide(tally, CIVIL_CODE_278, Matter.SPECIAL, Procedure()))
        times.append(time.perf_counter() - began)
    seconds = spread(times)
    return {
        "name": f"{UNITS} units weighed, counted and explained",
        "seconds": seconds,
        "limit": SECONDS,
        "within": seconds["median"] <= SECONDS,
    }
