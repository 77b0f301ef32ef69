"""Rows chosen in the table, and what an act would change in them."""

from dataclasses import dataclass

from django.utils import timezone

from anju.places.models import Compound
from anju.places.queries.scoped import compounds_for
from anju.reports.queries.cells import told_of, written
from anju.reports.queries.rows import columns_for, digits, rows_for
from anju.rules.lists.canonical import canonical
from anju.rules.masking import PERSONAL
from anju.rules.permissions import Permission
from anju.web.doors import ActorRequest
from anju.web.reports.forms import SelectionForm

MOST = 500
KINDS = dict(Compound.Kind.choices)


@dataclass(frozen=True, slots=True)
class Selection:
    rows: list[Compound]
    form: SelectionForm
    documents: dict[int, dict[str, dict[str, object]]]

    def changes(self) -> list[tuple[str, str, str]]:
        """Return name, what stands there and what would stand there, for each row."""
        return [(row.name, self._old(row), self._new()) for row in self.rows]

    def about(self) -> str:
        """Return the act in words. It stays in the trail, so a person's name or number is left out."""
        data = self.form.cleaned_data
        many = f"{len(self.rows)} 个小区"
        if data["act"] != "indicator":
            return f"{many}：{'所属区划' if data['act'] == 'division' else '小区类型'}改为{self._new()}"
        column = self.form.columns.by_code[data["column"]]
        return f"{many}：{column.name}" + ("" if column.type in PERSONAL else f"改为{self._new()}")

    def _old(self, row: Compound) -> str:
        data = self.form.cleaned_data
        if data["act"] == "division":
            return row.division.name
        if data["act"] == "kind":
            return KINDS[row.kind]
        column = self.form.columns.by_code[data["column"]]
        told = told_of(self.documents.get(row.pk, {}), column, digits(timezone.localdate()))
        return "未知" if told is None else written(column, told)

    def _new(self) -> str:
        data = self.form.cleaned_data
        if data["act"] == "division":
            return str(data["division"].name)
        return KINDS[data["kind"]] if data["act"] == "kind" else canonical(self.form.saying.value)


def selection_of(request: ActorRequest) -> Selection:
    """Return the rows a request names, as far as they are the actor's; the first 500."""
    asked = request.POST if request.method == "POST" else request.GET
    ids = [int(text) for text in asked.getlist("row") if text.isascii() and text.isdigit() and len(text) <= 18][:MOST]
    rows = (
        compounds_for(request.actor)
        .filter(pk__in=ids, ended_on=None)
        .select_related("division")
        .order_by("pinyin", "id")
    )
    typed = request.POST if request.method == "POST" else None
    form = SelectionForm(
        request.actor,
        columns_for(request.actor),
        typed,
        today=timezone.localdate(),
        may_move=request.actor.may(Permission.COMPOUND_EDIT),
    )
    documents = dict(rows_for(request.actor).filter(pk__in=ids).values_list("pk", "cells"))
    return Selection(list(rows), form, documents)
