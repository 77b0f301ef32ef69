"""The units' orders of a case: opened and closed by transitions, one lead at a time."""

from dataclasses import replace

from anju.rules.cases.facts import Event, Facts, Task, TaskKind, TaskState
from anju.rules.cases.workflow import Kind, Transition


def moved_tasks(facts: Facts, event: Event, transition: Transition, arrives: Kind) -> tuple[Task, ...]:
    """Return the tasks after an event. At the end of a case what is still open falls away."""
    tasks = [_closed(task, transition, arrives) for task in facts.tasks]
    for kind in transition.opens:
        tasks = _opened(tasks, event, TaskKind(kind), binding="adjudicated" in transition.marks)
    return tuple(tasks)


def _closed(task: Task, transition: Transition, arrives: Kind) -> Task:
    if task.state is not TaskState.OPEN:
        return task
    if task.kind in transition.closes:
        return replace(task, state=TaskState.DONE)
    return replace(task, state=TaskState.CANCELLED) if arrives in (Kind.FINAL, Kind.END) else task


def _opened(tasks: list[Task], event: Event, kind: TaskKind, *, binding: bool) -> list[Task]:
    if kind is TaskKind.LEAD:
        tasks = [_handed_on(task) for task in tasks]
        return [*tasks, Task(kind, event.payload.lead, binding=binding)]
    units = {TaskKind.HELPER: event.payload.helpers, TaskKind.DISSUADE: (event.payload.unit,)}.get(kind, ("",))
    standing = {task.unit for task in tasks if task.state is TaskState.OPEN and task.kind in (kind, TaskKind.LEAD)}
    return [*tasks, *(Task(kind, unit) for unit in dict.fromkeys(units) if unit not in standing)]


def _handed_on(task: Task) -> Task:
    is_lead = task.kind is TaskKind.LEAD and task.state is TaskState.OPEN
    return replace(task, state=TaskState.REASSIGNED) if is_lead else task
