"""回执: an act of a unit that never signs in counts from the moment on its paper, not from when somebody types it.

Its clocks stop at that moment. It lies neither ahead nor before what moved the case last; what only reminded somebody meanwhile (催办)
stays in the history, but does not make late what was done in time.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from anju.rules.cases.facts import Event
from anju.rules.cases.workflow import SAME, Transition, Workflow

_TELLING: Final = frozenset({"overseen", "urged", "nudged"})
_OUTSIDE: Final = frozenset({"system", "supervisor", "reporter"})


def only_tells(transition: Transition) -> bool:
    """Say whether an act leaves state, tasks and the work itself as they were: orders of oversight, 约谈, 通报, 催单, 重算时限."""
    stays = transition.to == SAME and not transition.opens and not transition.closes
    return stays and set(transition.roles) <= _OUTSIDE and set(transition.marks) <= _TELLING


def earliest_moment(workflow: Workflow, events: Iterable[Event]) -> datetime:
    """Return the moment before which nothing can have been done now: that of the last event that moved the case."""
    return max(event.at for event in events if not only_tells(workflow.transitions[event.transition]))
