"""Who must keep out of a case, and whose task it is (回避, 职责分离). Guards among them are listed in `guards`.

Nobody handles, verifies or decides a case about themselves, their unit or their relatives; nobody verifies what their own unit
has done; where 县住建局 itself is answerable, the town or a county supervisor verifies. There is no role that may do all.
"""

from collections.abc import Iterator
from typing import Final

from anju.rules.cases.book import Book
from anju.rules.cases.decision import Reason
from anju.rules.cases.facts import Act, Facts, TaskKind, TaskState
from anju.rules.cases.question import Question
from anju.rules.cases.roles import ENTERED_BY
from anju.rules.cases.workflow import Transition

_OWN_VOICE: Final = frozenset({"reporter", "system"})
_UNITS: Final = frozenset({"handler", "unit_lead"})
_COMPOUND_BODIES: Final = frozenset({"company", "owners_org"})
_OTHER_HANDS: Final = frozenset({"mediator", "court"})
_IN_OTHER_HANDS: Final = frozenset({"mediating", "in_court"})
_WORK: Final = (TaskKind.LEAD, TaskKind.HELPER, TaskKind.DISSUADE)
_DID: Final = (TaskState.OPEN, TaskState.DONE)


def working_units(facts: Facts) -> frozenset[str]:
    """Return the units that handle the case or have handled it; those that gave it back have not."""
    return frozenset(task.unit for task in facts.tasks if task.kind in _WORK and task.state in _DID)


def with_bureau(units: frozenset[str], book: Book) -> frozenset[str]:
    """县住建局 and its offices are one where they must keep out."""
    return units | book.bureau if units & book.bureau else units


def recusal(q: Question, transition: Transition) -> Iterator[Reason]:
    """Yield why this person or unit must keep out. A citizen speaks for himself; a respondent may do what is open to one.

    Who enters an act from paper must keep out as much as who does it.
    """
    act, respondents = q.act, with_bureau(q.facts.respondents, q.book)
    own_voice = act.role in _OWN_VOICE or (transition.open_to_respondent and act.role in _COMPOUND_BODIES)
    if not transition.from_ or (own_voice and act.clerk is None):
        return
    if act.recused or act.person in q.facts.about or (act.clerk and act.clerk.units & respondents):
        yield Reason("recused")
    elif not own_voice and act.units & respondents:
        yield Reason("respondent" if act.role in _COMPOUND_BODIES else "recused")


def clerk(facts: Facts, act: Act) -> Iterator[Reason]:
    """Yield what forbids entering another's act: the wrong post, one's own work rated, no paper (代录)."""
    if act.clerk is None:
        return
    if act.clerk.role not in ENTERED_BY.get(act.role, frozenset()):
        yield Reason("may_not_enter_for")
    if act.role == "reporter" and act.clerk.units & working_units(facts):
        yield Reason("clerk_of_own_work")
    if not act.evidence & {"scan", "call_note"}:
        yield Reason("missing", "scan|call_note")


def own_lead(q: Question) -> str:
    """A handler acts in what was given to his unit; other roles act by their own right."""
    return "not_your_task" if q.act.role in _UNITS and q.facts.lead not in q.act.units else ""


def own_last_lead(q: Question) -> str:
    """An order of oversight is answered by the unit it was about, also while its work is verified or rated."""
    return "" if q.facts.last_lead in q.act.units else "not_your_task"


def own_task(q: Question) -> str:
    """Who has the work notes what was done. A mediator or a court has it while a case is mediated or in court, or through its unit."""
    if q.act.role in _OTHER_HANDS and q.facts.state in _IN_OTHER_HANDS:
        return ""
    mine = q.act.units & {task.unit for task in q.facts.open_tasks(*_WORK)}
    return "not_your_task" if q.act.role in _UNITS | _COMPOUND_BODIES | _OTHER_HANDS and not mine else ""


def own_dissuasion(q: Question) -> str:
    """Who was told to dissuade reports that it was in vain, also after having said that it worked."""
    told = {task.unit for task in q.facts.tasks if task.kind is TaskKind.DISSUADE}
    return "not_your_task" if q.act.role in _COMPOUND_BODIES and not q.act.units & told else ""


def own_helper(q: Question) -> str:
    mine = q.act.units & {task.unit for task in q.facts.open_tasks(TaskKind.HELPER)}
    return "" if mine else "no_helper_task"


def dissuader_apart(q: Question) -> str:
    """The respondent does not dissuade itself (物业管理条例 45 asks it of the company where others offend)."""
    if not q.act.payload.unit:
        return "no_dissuader"
    return "company_is_respondent" if q.act.payload.unit in q.facts.respondents else ""


def lead_given(q: Question) -> str:
    return "" if q.act.payload.lead else "no_lead"


def lead_apart(q: Question) -> str:
    return "lead_is_respondent" if q.act.payload.lead in with_bureau(q.facts.respondents, q.book) else ""


def helpers_apart(q: Question) -> str:
    """A helper that must keep out could never finish, and the case would wait for it."""
    kept_out = with_bureau(q.facts.respondents, q.book)
    return "lead_is_respondent" if kept_out & set(q.act.payload.helpers) else ""


def helper_named(q: Question) -> str:
    helpers = {task.unit for task in q.facts.open_tasks(TaskKind.HELPER)}
    return "" if q.act.payload.unit in helpers else "no_helper_task"


def lead_not_returner(q: Question) -> str:
    """Who gave it back by law gets it again only by adjudication; what is adjudicated stays where it was put."""
    lead = q.act.payload.lead
    bound = next((task.unit for task in reversed(q.facts.tasks) if task.binding), "")
    if bound:
        return "" if lead == bound else "adjudicated"
    return "lead_returned" if lead in q.facts.returned_by else ""


def not_to_returner(q: Question) -> str:
    """A dispatcher does not give a case back to who returned it by law; a supervisor may (指定管辖)."""
    returned = q.act.payload.lead in q.facts.returned_by and q.act.role != "supervisor"
    return "lead_returned" if returned else ""


def single_route(q: Question) -> str:
    return "no_single_route" if q.act.role == "system" and not q.act.payload.single_route else ""


def no_lead_yet(q: Question) -> str:
    return "lead_already" if q.facts.lead else ""


def lead_there(q: Question) -> str:
    return "" if q.facts.lead else "no_lead_yet"


def verifier_apart(q: Question) -> str:
    """Not the unit that handled it, not the person who did; for 县住建局 the town or a supervisor."""
    if q.act.units & with_bureau(working_units(q.facts), q.book) or q.act.person in q.facts.hands:
        return "own_work"
    if _of_bureau(q.facts, q.book):
        return "" if q.act.role in q.book.workflow.recusal.verifiers else "other_verifier"
    return "other_verifier" if q.act.role == "supervisor" else ""


def _of_bureau(facts: Facts, book: Book) -> bool:
    return bool(book.bureau & (working_units(facts) | facts.respondents))


def verifiers_of(facts: Facts, book: Book, town: str) -> tuple[str, ...]:
    """Return whose part it is to verify, as `verifier_apart` has it. `town`: the unit of the compound's town, empty where unknown.

    A supervisor alone where 县住建局 and the town have both worked on it, or are what it is about.
    """
    if not _of_bureau(facts, book):
        return ("community", "town")
    return ("supervisor",) if town in working_units(facts) | facts.respondents else ("town", "supervisor")


def not_own_work(q: Question) -> str:
    return "own_work" if q.act.person in q.facts.hands else ""


def reporter_reachable(q: Question) -> str:
    return "" if q.facts.reachable else "unreachable"


def reporter_unreachable(q: Question) -> str:
    """Where a type asks the reporter, a reachable one is asked."""
    return "reachable" if q.facts.reachable and q.book.workflow.enabled(q.facts.type, "verify_pass") else ""


GUARDS: Final = (
    own_lead,
    own_last_lead,
    own_task,
    own_dissuasion,
    own_helper,
    dissuader_apart,
    lead_given,
    lead_apart,
    helpers_apart,
    helper_named,
    lead_not_returner,
    not_to_returner,
    single_route,
    no_lead_yet,
    lead_there,
    verifier_apart,
    not_own_work,
    reporter_reachable,
    reporter_unreachable,
)
