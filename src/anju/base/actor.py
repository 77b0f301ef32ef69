"""Who acts: a person in the one post they are acting in, or the system itself. Every service and query takes one."""

from dataclasses import dataclass

from anju.rules.permissions import Permission
from anju.rules.scope import EVERYTHING, NOTHING, Scope


class Denied(Exception):
    """The actor's post does not permit the act. Doors answer 404; the trail keeps the refusal."""

    def __init__(self, permission: Permission) -> None:
        super().__init__(permission.value)
        self.permission = permission


class Refused(Exception):
    """The act is permitted but cannot be done now. `code` is put into words by the doors; `values` fill the sentence."""

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code = code
        self.values = values


@dataclass(frozen=True, slots=True)
class Actor:
    """A person in one post. `post_name` is the unit and role in Chinese, as the page's head shows it.

    `posts` are all the posts held that day, as id and name: those the person can change to.
    """

    user_id: int | None
    name: str
    post_id: int | None = None
    post_name: str = ""
    role: str = ""
    organisation_id: int | None = None
    permissions: frozenset[Permission] = frozenset()
    scope: Scope = NOTHING
    posts: tuple[tuple[int, str], ...] = ()

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    def require(self, permission: Permission) -> None:
        if permission not in self.permissions:
            raise Denied(permission)


STRANGER = Actor(user_id=None, name="")
SYSTEM = Actor(
    user_id=None,
    name="system",
    role="system",
    permissions=frozenset(Permission),
    scope=EVERYTHING,
)
