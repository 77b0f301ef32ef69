"""Who serves which compound from when, row by row of an import, in words."""

from typing import Any

from anju.base.actor import Actor
from anju.registry.models import ListImport
from anju.registry.queries.imports import RowPage
from anju.registry.queries.serving import Serving, serving_in
from anju.rules.lists.spoken import spoken
from anju.rules.masking import mask_name


def serving_lines(actor: Actor, row: ListImport, page: RowPage) -> list[dict[str, Any]]:
    """Return one line a row that names a company: the company, since when, its project manager, and who serves as things stand."""
    told = serving_in(actor, page.rows, row.observed_on)
    return [
        {
            "row": one,
            "compound": one.compound,
            "serving": told[one.line],
            "since": _since(told[one.line]),
            "manager": mask_name(told[one.line].manager),
            "skipped": one.act == one.Act.SKIP,
        }
        for one in page.rows
        if one.line in told
    ]


def _since(told: Serving) -> str:
    """The row's own date where it tells one; else all that is known is that the company served on the day of the list."""
    return f"{spoken(told.began)} 接管" if told.began else f"{told.known_on.isoformat()} 已在管（按数据日期）"
