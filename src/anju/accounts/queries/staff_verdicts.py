"""What each line of a staff list would do: shown before anything is written, and computed again when it is.

A line is never guessed at. What could mean two things is doubtful and is left out unless somebody chooses; choices are `skip`, `new`,
`user:<id>`, `line:<number>`, `unit:<id>`, `place:<id>`, joined by "+" where a line has more than one doubt.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum

from anju.accounts.models import User
from anju.accounts.queries.staff_lookup import Lookup, Named, look_up
from anju.base.actor import Actor
from anju.places.models import Compound, Division, Organisation
from anju.rules.chain import canonical
from anju.rules.permissions import Permission
from anju.rules.posts import Area, Body, Wish, objection_to
from anju.rules.roles import ADMINISTRATORS, ROLES, Reach
from anju.rules.staff_list import StaffRow

SKIP = "skip"


class State(StrEnum):
    NEW = "new"
    SAME = "same"
    DOUBTFUL = "doubtful"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Remark:
    """Why a line is judged as it is: the column, a code, and the value that fills its sentence."""

    column: str
    code: str
    value: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """One treatment of a doubtful line. `label` names the row it means, where it means one."""

    value: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is written for a line. `person` is an existing one, `like_line` the new person of an earlier line, else one is made."""

    person: int | None = None
    like_line: int | None = None
    appoint: bool = False
    organisation: int | None = None
    division: int | None = None
    compound: int | None = None
    starts_on: str = ""

    @property
    def creates(self) -> bool:
        return self.person is None and self.like_line is None


@dataclass(frozen=True, slots=True)
class Verdict:
    """One line's judgement."""

    row: StaffRow
    state: State
    remarks: tuple[Remark, ...] = ()
    options: tuple[Option, ...] = ()
    plan: Plan | None = None


class _Judged(Exception):
    """Ends the judging of a line with its verdict."""

    def __init__(self, state: State, remark: Remark, options: Sequence[Option] = ()) -> None:
        super().__init__(remark.code)
        self.state, self.remark, self.options = state, remark, tuple(options)


def judge_staff(actor: Actor, rows: Sequence[StaffRow], choices: Mapping[int, str], *, on: date) -> list[Verdict]:
    """Return a verdict for each line, in the list's order."""
    actor.require(Permission.PERSON_IMPORT)
    judge = _Judge(actor, look_up(actor, rows, on=on), on)
    return [judge.verdict(row, tuple(choices.get(row.line, "").split("+"))) for row in rows]


def digest_of_verdicts(verdicts: Sequence[Verdict]) -> str:
    """Return a digest of what would be written, so that nothing else is written than was shown."""
    plans = [[verdict.row.line, verdict.state.value, _shown(verdict)] for verdict in verdicts]
    return hashlib.sha256(canonical({"plans": plans}).encode()).hexdigest()


def _shown(verdict: Verdict) -> object:
    row = verdict.row
    return [row.name, row.username, row.phone, row.role, asdict(verdict.plan) if verdict.plan else None]


class _Judge:
    def __init__(self, actor: Actor, lookup: Lookup, on: date) -> None:
        self.actor, self.lookup, self.on = actor, lookup, on
        self.made: list[tuple[StaffRow, int | None]] = []  # lines that make a person, with the body
        self.seen: dict[tuple[object, ...], int] = {}

    def verdict(self, row: StaffRow, choice: tuple[str, ...]) -> Verdict:
        if row.problems:
            remarks = tuple(Remark(column, code) for column, code in row.problems)
            return Verdict(row, State.REFUSED, remarks)
        try:
            return self._judge(row, choice)
        except _Judged as judged:
            return Verdict(row, judged.state, (judged.remark,), judged.options)

    def _judge(self, row: StaffRow, choice: tuple[str, ...]) -> Verdict:
        remarks: list[Remark] = []
        body = self._body(row, choice, remarks)
        division, compound = self._place(row, body, choice)
        person = self._person(row, body, choice)
        self._refuse_repeated(row, person, body, division, compound)
        if body is not None:
            self._refuse_objection(row, body, division, compound, person)
        plan = self._plan(row, person, body, division, compound, remarks)
        if plan.creates:
            self.made.append((row, body.pk if body else None))
        done = not plan.creates and not plan.appoint
        return Verdict(row, State.SAME if done else State.NEW, tuple(remarks), plan=plan)

    # The body and the place

    def _body(self, row: StaffRow, choice: tuple[str, ...], remarks: list[Remark]) -> Organisation | None:
        if not row.unit and not row.role:
            return None
        if not row.unit or not row.role:
            missing = "unit" if not row.unit else "role"
            raise _Judged(State.REFUSED, Remark(missing, f"{missing}_missing"))
        if row.role in ADMINISTRATORS:
            raise _Judged(State.REFUSED, Remark("role", "administrator", ROLES[row.role].name))
        ids, by_alias = self.lookup.bodies.called(row.unit)
        found = self._one_of(self.lookup.bodies, "unit", row.unit, ids, choice)
        if by_alias and ids:
            remarks.append(Remark("unit", "unit_by_alias", found.name))
        assert isinstance(found, Organisation)
        return found

    def _place(
        self, row: StaffRow, body: Organisation | None, choice: tuple[str, ...]
    ) -> tuple[Division | None, Compound | None]:
        if body is None or not self.actor.may(Permission.POST_APPOINT):
            return None, None
        reach = ROLES[row.role].reach
        if reach is Reach.COMPOUND and row.place:
            ids, _ = self.lookup.compounds.called(row.place)
            compound = self._one_of(self.lookup.compounds, "place", row.place, ids, choice)
            assert isinstance(compound, Compound)
            return None, compound
        if reach is Reach.DIVISION:
            return self._division(row, body, choice), None
        if row.place and reach is not Reach.COMPOUND:
            raise _Judged(State.REFUSED, Remark("place", "place_needless", ROLES[row.role].name))
        return None, None

    def _division(self, row: StaffRow, body: Organisation, choice: tuple[str, ...]) -> Division:
        if not row.place:
            return body.division
        ids, _ = self.lookup.divisions.called(row.place)
        own = [pk for pk in ids if self._below(pk, body)]
        found = self._one_of(self.lookup.divisions, "place", row.place, own or ids, choice)
        assert isinstance(found, Division)
        return found

    def _below(self, division: int, body: Organisation) -> bool:
        row = self.lookup.divisions.rows[division]
        return isinstance(row, Division) and row.path.startswith(body.division.path)

    def _one_of(
        self, named: Named, column: str, text: str, ids: list[int], choice: tuple[str, ...]
    ) -> Organisation | Compound | Division:
        """Return the one that is meant; several of one name, or only similar ones, are for somebody to choose from."""
        if len(ids) == 1:
            return named.rows[ids[0]]
        candidates = ids or named.similar(text)
        if not candidates:
            raise _Judged(State.REFUSED, Remark(column, f"{column}_unknown", text))
        for pk in candidates:
            if f"{column}:{pk}" in choice:
                return named.rows[pk]
        code = f"{column}_several" if ids else f"{column}_similar"
        options = [Option(f"{column}:{pk}", _whereabouts(named.rows[pk])) for pk in candidates]
        raise _Judged(State.DOUBTFUL, Remark(column, code, text), [Option(SKIP), *options])

    # The person

    def _person(self, row: StaffRow, body: Organisation | None, choice: tuple[str, ...]) -> User | int | None:
        """Return an existing person, the number of an earlier line that makes them, or None for somebody new."""
        if row.username and (known := self.lookup.by_username.get(row.username)):
            if known.name != row.name:
                raise _Judged(State.REFUSED, Remark("username", "username_of_another", row.username))
            return known
        earlier = self._earlier(row, body)
        people = self.lookup.by_name.get(row.name, [])
        if sure := self._surely(row, body, people):
            return sure
        if isinstance(earlier, int):
            return earlier
        candidates = [Option(f"user:{person.pk}", f"{person.name}（{person.username}）") for person in people]
        candidates += [Option(f"line:{line.line}") for line in earlier]
        return self._chosen(row, candidates, choice) if candidates else None

    def _surely(self, row: StaffRow, body: Organisation | None, people: list[User]) -> User | None:
        """The same phone; or the only one of the name in the body; or the only one of the name, still without any post."""
        if row.username:
            return None
        if same := [person for person in people if row.phone and person.phone == row.phone]:
            return same[0] if len(same) == 1 else None
        posts = self.lookup.posts
        here = [one for one in people if body and any(post.organisation_id == body.pk for post in posts[one.pk])]
        if not here and len(people) == 1 and not posts[people[0].pk]:
            here = people
        one = here[0] if len(here) == 1 else None
        return one if one and not (row.phone and one.phone and row.phone != one.phone) else None

    def _earlier(self, row: StaffRow, body: Organisation | None) -> int | list[StaffRow]:
        """The line that makes the same person (same user name or phone), or the lines with the same name in one body."""
        alike: list[StaffRow] = []
        for line, at in self.made:
            if row.username and line.username == row.username and line.name != row.name:
                raise _Judged(State.REFUSED, Remark("username", "username_repeated", str(line.line)))
            if line.name != row.name:
                continue
            if (row.username and row.username == line.username) or (row.phone and row.phone == line.phone):
                return line.line
            if not (row.username and line.username) and at == (body.pk if body else None):
                alike.append(line)
        return alike

    def _chosen(self, row: StaffRow, candidates: list[Option], choice: tuple[str, ...]) -> User | int | None:
        for option in candidates:
            kind, _, number = option.value.partition(":")
            if option.value in choice:
                return int(number) if kind == "line" else self._user(row, int(number))
        if "new" in choice:
            return None
        kept = [part for part in choice if part.startswith(("unit:", "place:"))]
        options = [Option("+".join([*kept, option.value]), option.label) for option in (*candidates, Option("new"))]
        raise _Judged(State.DOUBTFUL, Remark("name", "name_several", row.name), [Option(SKIP), *options])

    def _user(self, row: StaffRow, pk: int) -> User:
        return next(person for person in self.lookup.by_name[row.name] if person.pk == pk)

    # Whether it can be

    def _refuse_repeated(self, row: StaffRow, person: User | int | None, *place: object) -> None:
        who = row.line if person is None else person
        key = (who.pk if isinstance(who, User) else -who, row.role, *(getattr(part, "pk", None) for part in place))
        if key in self.seen:
            raise _Judged(State.REFUSED, Remark("name", "repeated", str(self.seen[key])))
        self.seen[key] = row.line

    def _refuse_objection(
        self,
        row: StaffRow,
        body: Organisation,
        division: Division | None,
        compound: Compound | None,
        person: User | int | None,
    ) -> None:
        if not self.actor.may(Permission.POST_APPOINT):
            if body.kind not in ROLES[row.role].kinds:
                raise _Judged(State.REFUSED, Remark("role", "objection_kind", body.name))
            return
        wish = Wish(
            role=row.role,
            body=Body(body.kind, _area(body.division)),
            starts_on=row.starts_on or self.on,
            area=_area(division) if division else None,
            compound_ended=False if compound else None,
            of_oneself=isinstance(person, User) and person.pk == self.actor.user_id,
            active=not isinstance(person, User) or person.is_active,
        )
        if objection := objection_to(wish, on=self.on):
            raise _Judged(State.REFUSED, Remark("role", f"objection_{objection.value}", body.name))

    def _plan(
        self,
        row: StaffRow,
        person: User | int | None,
        body: Organisation | None,
        division: Division | None,
        compound: Compound | None,
        remarks: list[Remark],
    ) -> Plan:
        if person is None and not self.actor.may(Permission.PERSON_EDIT):
            raise _Judged(State.REFUSED, Remark("name", "person_unknown"))
        known = person if isinstance(person, User) else None
        if known and row.phone and known.phone and known.phone != row.phone:
            remarks.append(Remark("phone", "phone_differs"))
        appoint = body is not None and not (known and self._holds(known, row.role, body, division, compound))
        if appoint and not self.actor.may(Permission.POST_APPOINT):
            remarks.append(Remark("role", "post_later"))
            appoint = False
        return Plan(
            person=known.pk if known else None,
            like_line=person if isinstance(person, int) else None,
            appoint=appoint,
            organisation=body.pk if body else None,
            division=division.pk if division else None,
            compound=compound.pk if compound else None,
            starts_on=str(row.starts_on or self.on),
        )

    def _holds(
        self, person: User, role: str, body: Organisation, division: Division | None, compound: Compound | None
    ) -> bool:
        """Holds it already; who cannot appoint cannot tell at which place, and need not."""
        exact = self.actor.may(Permission.POST_APPOINT)
        place = (division.pk if division else None, compound.pk if compound else None)
        return any(
            (post.role, post.organisation_id) == (role, body.pk)
            and (not exact or (post.division_id, post.compound_id) == place)
            and post.delegated_from_id is None
            for post in self.lookup.posts[person.pk]
        )


def _area(division: Division) -> Area:
    return Area(division.level, division.path)


def _whereabouts(row: Organisation | Compound | Division) -> str:
    return row.name if isinstance(row, Division) else f"{row.name}（{row.division.name}）"
