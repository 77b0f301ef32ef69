"""What a reporter does not want shown is a column, and so is whether a case came out of such a one: the database releases none of it."""

from typing import Final

from django.db import migrations, models
from django.db.models import Q

# The wish as the events tell it: asked for when it was filed, or the last word of the reporter since.
_FILL: Final = """
update cases_case set undisclosed = true, released = false where (
    select transition = 'ask_privacy' or body like '%"undisclosed":true%' from cases_caseevent event
    where event.case_id = cases_case.id and (seq = 1 or transition in ('ask_privacy', 'drop_privacy'))
    order by seq desc limit 1
)
"""
_VEIL: Final = """
with recursive below(id) as (
    select child.id from cases_case child join cases_case above on child.derived_from_id = above.id
    where above.private or above.undisclosed
    union select child.id from cases_case child join below on child.derived_from_id = below.id
)
update cases_case set veiled = true where id in (select id from below)
"""


class Migration(migrations.Migration):
    dependencies = (("cases", "0012_half_told"),)
    operations = (
        migrations.AddField("case", "undisclosed", models.BooleanField(default=False)),
        migrations.AddField("case", "veiled", models.BooleanField(default=False)),
        migrations.RunSQL(_FILL, migrations.RunSQL.noop),
        migrations.RunSQL(_VEIL, migrations.RunSQL.noop),
        migrations.AddConstraint(
            "case",
            models.CheckConstraint(condition=Q(released=False) | Q(undisclosed=False), name="case_released_if_wished"),
        ),
    )
