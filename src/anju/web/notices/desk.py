"""What the outbox brings to 今日: one line while something is unread."""

from typing import Final

from anju.base.outbox import unread_ever
from anju.rules.permissions import Permission
from anju.web.home.section import Line, Section, Way

UNREAD: Final = "notices.unread"
SECTION: Final = Section(
    tasks=lambda _actor, _at: (),
    waits={UNREAD: Permission.DESK_VIEW},
    lines={UNREAD: Line("通知", "{what} 条未读通知", Way("notices:notices"))},
    rows=lambda actor, _day: {UNREAD: lambda: unread_ever(actor)},
)
