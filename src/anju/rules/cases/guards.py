"""The conditions of the workflow, by the names that workflow.toml uses. Each gives the code of why not, or nothing.

An act whose evidence is missing is refused for that (`needs`); a guard says nothing about values that are not there.
"""

from collections.abc import Callable
from typing import Final

from anju.rules.cases import items, requests, separation, sessions
from anju.rules.cases.facts import TaskKind
from anju.rules.cases.oversight import standing, urged
from anju.rules.cases.question import Question
from anju.rules.cases.workflow import DONE, Urgency

Guard = Callable[[Question], str]

_FAILED: Final = frozenset({"refused", "in_vain", "danger"})


def info_asked_once(q: Question) -> str:
    """补正 is told all at once."""
    return "already_asked" if q.facts.info_requests >= q.book.workflow.limits.info_requests else ""


def emergency_told(q: Question) -> str:
    """What is urgent goes to 110, 119, 120 or lift rescue first; the record says so, or says that it was not needed."""
    urgency = q.act.payload.urgency or q.facts.urgency
    return "emergency_not_told" if urgency is Urgency.A and "emergency_call" not in q.act.evidence else ""


def not_urgent(q: Question) -> str:
    return "urgent" if q.facts.urgency is Urgency.A else ""


def objection_in_time(q: Question) -> str:
    return "" if q.book.within(q.facts.ended_at, q.book.workflow.limits.object_within, q.act.at) else "too_late"


def reopen_in_time(q: Question) -> str:
    """The reporter within the window, the supervisor at any time."""
    if q.act.role == "supervisor" or q.book.within(q.facts.ended_at, q.book.workflow.limits.reopen_within, q.act.at):
        return ""
    return "too_late"


def kept_long_enough(q: Question) -> str:
    """Years after the end, by the calendar; 29 February counts as 1 March."""
    limits = q.book.workflow.limits
    years = limits.keep_closed_years if q.facts.closing else limits.keep_other_years
    ended = q.facts.ended_at
    if ended is None:
        return "kept_still"
    passed = (q.act.at.year - years, q.act.at.month, q.act.at.day) >= (ended.year, ended.month, ended.day)
    return "" if passed else "kept_still"


def mergeable(q: Question) -> str:
    """Same compound, same matter, still open, and no circle."""
    master = q.act.around.master
    if master is None:
        return "no_master"
    if q.act.around.number in (master.number, *master.above):
        return "merge_cycle"
    if (master.compound, master.matter) != (q.facts.compound, q.act.payload.matter or q.facts.matter):
        return "master_elsewhere"
    return "master_finished" if master.finished else ""


def master_kept(q: Question) -> str:
    if q.act.around.master is None:
        return "no_master"
    return "master_finished" if q.act.around.master.archived else ""


def private_interest(q: Question) -> str:
    """A danger or an offence does not end because somebody withdraws the report of it."""
    public = q.facts.public_interest or q.book.workflow.types[q.facts.type].public_interest
    return "public_interest" if public else ""


def reporter_there(q: Question) -> str:
    return "" if q.facts.reachable else "reporter_gone"


def dissuasion_stopped(q: Question) -> str:
    return "" if q.act.payload.dissuasion == "stopped" else "not_stopped"


def dissuasion_failed(q: Question) -> str:
    """Those who dissuaded say how it failed; those who looked (and the clock) need not."""
    if q.act.role not in ("company", "owners_org") or q.act.payload.dissuasion in _FAILED:
        return ""
    return "not_failed"


def returned_or_bureau(q: Question) -> str:
    """指定管辖 settles a dispute, or finds a unit where 县住建局 must keep out itself."""
    return "" if q.facts.returned_by or q.facts.respondents & q.book.bureau else "not_returned"


def return_in_time(q: Question) -> str:
    return "" if q.book.within(q.facts.dispatched_at, q.book.workflow.limits.return_within, q.act.at) else "too_late"


def returned_once(q: Question) -> str:
    spent = q.facts.returned_by.count(q.facts.lead) >= q.book.workflow.limits.returns_per_unit
    return "returned_before" if spent else ""


def not_adjudicated(q: Question) -> str:
    return "adjudicated" if q.facts.adjudicated else ""


def binding_respected(q: Question) -> str:
    """What a supervisor has adjudicated only a supervisor moves."""
    return "adjudicated" if q.facts.adjudicated and q.act.role != "supervisor" else ""


def helpers_given(q: Question) -> str:
    return "" if q.act.payload.helpers else "no_helpers"


def helpers_done(q: Question) -> str:
    return "helpers_pending" if q.facts.open_tasks(TaskKind.HELPER) else ""


def milestone_of_type(q: Question) -> str:
    found = q.book.workflow.milestones.get(q.act.payload.milestone)
    known = not q.act.payload.milestone or (found is not None and found.is_of(q.facts.type, q.facts.urgency))
    return "" if known else "milestone_unknown"


def outcome_of_type(q: Question) -> str:
    """A result of this type that this act may give."""
    given = {one.code for one in q.book.workflow.outcomes_by(q.facts.type, q.act.transition)}
    return "" if q.act.payload.outcome in given | {""} else "outcome_unknown"


def ground_of_act(q: Question) -> str:
    """A reason that was chosen is one of this act's."""
    known = q.act.payload.ground in {"", *q.book.workflow.grounds_of(q.act.transition)}
    return "" if known else "ground_unknown"


def children_closed(q: Question) -> str:
    """Not 已解决 while what was derived from it is open; any other result may be given. Who verifies looks at the result that was."""
    outcome = q.book.workflow.outcomes.get(q.act.payload.outcome or q.facts.outcome)
    solved = outcome is not None and outcome.kind == DONE
    return "children_pending" if solved and q.act.around.open_children else ""


def child_of_other_type(q: Question) -> str:
    child = q.act.payload.child_type
    return "child_unknown" if child and (child == q.facts.type or child not in q.book.workflow.types) else ""


def until_in_limit(q: Question) -> str:
    """An end that the act sets lies ahead and within the longest that is allowed."""
    if q.act.payload.until is None:
        return ""
    clock = next(one for one in q.book.workflow.clocks.values() if one.given and q.act.transition in one.start)
    longest = q.book.limit(clock.code, q.facts.type, q.facts.matter, q.facts.urgency)
    fits = longest is not None and q.act.at < q.act.payload.until <= q.book.end(q.act.at, longest)
    return "" if fits else "end_out_of_limit"


def rework_left(q: Question) -> str:
    """After so many failed verifications only work under an oversight order is done again."""
    limits = q.book.workflow.limits
    return "needs_oversight" if q.facts.reworks >= limits.reworks and q.facts.level < limits.rework_level else ""


def score_satisfied(q: Question) -> str:
    score = q.act.payload.score
    return "" if score == 0 or q.book.workflow.limits.satisfied_from <= score <= 5 else "not_satisfied"


def score_unsatisfied(q: Question) -> str:
    return "" if 0 <= q.act.payload.score < q.book.workflow.limits.satisfied_from else "not_unsatisfied"


def not_awaiting(q: Question) -> str:
    return "awaiting_ruling" if q.facts.awaiting_ruling else ""


def awaiting(q: Question) -> str:
    return "" if q.facts.awaiting_ruling else "nothing_to_rule"


def redo_left(q: Question) -> str:
    if q.facts.court:
        return "court"
    return "redo_spent" if q.facts.redos >= q.book.workflow.limits.redos else ""


def redo_spent(q: Question) -> str:
    """The second displeasure is heard by a supervisor; so is any with what a court has decided."""
    return "" if q.facts.court or q.facts.redos >= q.book.workflow.limits.redos else "redo_left"


def no_court_result(q: Question) -> str:
    return "court" if q.facts.court else ""


def nudge_spaced(q: Question) -> str:
    """催单 never moves a deadline; it is only not heard twice in two days."""
    lately = q.facts.nudged_at is not None and q.act.at < q.book.end(
        q.facts.nudged_at, q.book.workflow.limits.nudge_every
    )
    return "nudged_lately" if lately else ""


def level_rises(q: Question) -> str:
    """The clock only raises, so that running it twice changes nothing; a supervisor may order any level that there is."""
    known = q.act.payload.level in {level.level for level in q.book.workflow.levels}
    rises = q.act.role == "supervisor" or q.act.payload.level > standing(q.book.workflow, q.facts)
    return "" if known and rises else "level_not_higher"


def urge_rises(q: Question) -> str:
    """What is urged runs, is late and had no such level yet."""
    clock = urged(q.book.workflow, q.facts, q.act.payload.clock)
    known = q.act.payload.level in {level.level for level in q.book.workflow.levels}
    rises = clock is not None and q.act.at >= clock.due and q.act.payload.level > clock.level
    return "" if known and rises else "level_not_higher"


def overseen(q: Question) -> str:
    return "no_oversight" if q.facts.level_answered else ""


def publishable(q: Question) -> str:
    if q.facts.private or q.book.workflow.types[q.facts.type].publication == "counts":
        return "private"
    if q.facts.undisclosed or q.act.around.veiled:
        return "undisclosed" if q.facts.undisclosed else "veiled"
    return "released_already" if q.facts.released else ""


def not_private_yet(q: Question) -> str:
    """What is only counted anyhow needs no asking."""
    if not q.facts.reported:
        return "no_reporter"
    counted = q.facts.private or q.book.workflow.types[q.facts.type].publication == "counts"
    return "undisclosed_already" if q.facts.undisclosed or counted else ""


def asked_privacy(q: Question) -> str:
    return "" if q.facts.undisclosed else "disclosed_already"


def published(q: Question) -> str:
    return "" if q.facts.released else "not_released"


GUARDS: Final[dict[str, Guard]] = {
    guard.__name__: guard
    for guard in (
        info_asked_once,
        emergency_told,
        not_urgent,
        objection_in_time,
        reopen_in_time,
        kept_long_enough,
        mergeable,
        master_kept,
        private_interest,
        reporter_there,
        dissuasion_stopped,
        dissuasion_failed,
        returned_or_bureau,
        return_in_time,
        returned_once,
        not_adjudicated,
        binding_respected,
        helpers_given,
        helpers_done,
        milestone_of_type,
        outcome_of_type,
        ground_of_act,
        children_closed,
        child_of_other_type,
        until_in_limit,
        rework_left,
        score_satisfied,
        score_unsatisfied,
        not_awaiting,
        awaiting,
        redo_left,
        redo_spent,
        no_court_result,
        nudge_spaced,
        level_rises,
        urge_rises,
        overseen,
        publishable,
        not_private_yet,
        asked_privacy,
        published,
        *separation.GUARDS,
        *requests.GUARDS,
        *items.GUARDS,
        *sessions.GUARDS,
    )
}
