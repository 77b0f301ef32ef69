"""What notices say. A template names what happened; its values carry numbers and names of things, never of people."""

from anju.base.outbox import Values

TEXTS: dict[str, str] = {
    "work.waiting": "您有{count}件事项待办，请登录查看。",
}


def said_notice(template: str, values: Values) -> str:
    """Return the sentence of a notice."""
    return TEXTS[template].format(**values)
