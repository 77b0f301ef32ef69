"""The county's one table: where its rows stand, what people keep of it, what they did at it. Facts are the registry's, names are places'.

`TableRow` is kept by triggers of the database on compounds, divisions and cells, so that no way of writing them can forget it.
"""

from django.conf import settings
from django.db import models

from anju.places.models import Compound, Division
from anju.registry.models import Source


class TableRow(models.Model):
    """One compound in force as the table reads it. `place`: its town in the table's order, 待定乡镇 last.

    `cells`: by "i" and the indicator's id, what its `registry.Cell` says, each key left out where it says nothing: l low, h high, t text,
    f form, a approximate, s sources beyond one, c conflict, d the day it grows old and o the day it was seen, both as 20260131.
    """

    compound = models.OneToOneField(Compound, on_delete=models.CASCADE, primary_key=True, related_name="table_row")
    division = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+", db_index=False)
    town = models.ForeignKey(Division, on_delete=models.PROTECT, related_name="+", db_index=False)
    place = models.CharField(max_length=13)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=20)
    service_state = models.CharField(max_length=20)
    pinyin = models.CharField(max_length=400)
    initials = models.CharField(max_length=100)
    cells = models.JSONField(default=dict)

    class Meta:
        indexes = (
            models.Index(fields=["place", "pinyin", "compound"], name="table_row_in_order"),
            models.Index(fields=["town", "pinyin", "compound"], name="table_row_of_a_town"),
            models.Index(fields=["division", "pinyin", "compound"], name="table_row_of_a_place"),
        )


class SavedView(models.Model):
    """A view of the table that somebody gave a name: the query of its address. Anyone may be sent the address; the row is its owner's."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=30)
    query = models.CharField(max_length=2000, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=["owner", "name"], name="saved_view_name_once"),)


class TableEdit(models.Model):
    """One act at the table, which its author can take back whole. `statements` it wrote; `moved`: `[compound, field, before, after]`."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="table_edits")
    at = models.DateTimeField()
    about = models.CharField(max_length=200)
    statements = models.JSONField(default=list)
    moved = models.JSONField(default=list)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-id",)


class ReturnedTable(models.Model):
    """A table that was exported, edited outside and brought back: what it would change, for review.

    `changes`: one `[compound, name, indicator code, old, new, line]` each. `refusals`: one `[line, name, column, code, values]` each.
    `failure`: a code of `Refused`, or denied, with which a worker gave it back.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "待核对"
        WRITING = "writing", "正在登记"
        WRITTEN = "written", "已写入"
        ABANDONED = "abandoned", "已放弃"

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="returned_tables"
    )
    at = models.DateTimeField()
    file_name = models.CharField(max_length=200)
    rows = models.PositiveIntegerField()
    unchanged = models.PositiveIntegerField()
    changes = models.JSONField(default=list)
    refusals = models.JSONField(default=list)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    failure = models.CharField(max_length=40, blank=True)
    edit = models.ForeignKey(TableEdit, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("-id",)


class ReturnedOrder(models.Model):
    """What a worker is to write of a returned table: the places of the chosen changes, and who says so. `done` of them are written.

    It stands only while it is waited for. A row of its own: the returned table is held by the transaction that writes, which says beside
    itself how far it is.
    """

    returned = models.OneToOneField(ReturnedTable, on_delete=models.CASCADE, primary_key=True, related_name="order")
    chosen = models.JSONField()
    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="+")
    observed_on = models.DateField()
    reason = models.CharField(max_length=200, blank=True)
    done = models.PositiveIntegerField(default=0)
