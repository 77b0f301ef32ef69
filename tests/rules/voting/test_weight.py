"""The roll: what holds for every compound, and the reasons in words."""

from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from anju.rules.voting.units import Areas, AreaSource, Owner, RollRules, Scope, Share, Space, Standing, Unit
from anju.rules.voting.weight import Finding, Problem, Remark, Weighed, voter_key, weigh

PLAIN = RollRules()


def _unit(key: str, *owners: str | None, standing: Standing = Standing.REGISTERED, area: int = 100_00) -> Unit:
    named = tuple(Owner(name, name or "未知") for name in owners)
    return Unit(key, "1栋", "1单元", Areas(register=area), standing, named)


OWNERS = st.lists(st.sampled_from("甲乙丙丁"), min_size=1, max_size=3, unique=True)
UNITS = st.lists(
    st.builds(
        lambda owners, standing, area, space: (owners, standing, area, space),
        OWNERS,
        st.sampled_from(Standing),
        st.integers(1, 300_00),
        st.sampled_from(Space),
    ),
    max_size=15,
).map(
    lambda rows: [
        replace(_unit(str(number), *owners, standing=standing, area=area), space=space)
        for number, (owners, standing, area, space) in enumerate(rows)
    ]
)


@given(UNITS, st.booleans())
def test_weigh_keeps_every_square_metre_and_every_unit_once(units: list[Unit], parking_counts: bool) -> None:
    roll = weigh(units, RollRules(parking_counts=parking_counts))
    left_out = {key for key, _ in roll.left_out}
    assert roll.area == sum(unit.areas.register or 0 for unit in units if unit.key not in left_out)
    assert sorted(key for voter in roll.voters for key in voter.units) == sorted(
        unit.key for unit in units if unit.key not in left_out
    )
    assert roll.heads == len({voter_key(unit) for unit in units if unit.key not in left_out})
    assert roll.heads == len(roll.voters) == len({voter.key for voter in roll.voters})
    assert all(voter.reason for voter in roll.voters)
    assert (not left_out) or not parking_counts
    developer = [voter for voter in roll.voters if voter.key == "developer"]
    assert len(developer) <= 1


@given(UNITS, st.randoms(use_true_random=False))
def test_weigh_does_not_see_the_order(units: list[Unit], rng: object) -> None:
    shuffled = list(units)
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = weigh(units, PLAIN), weigh(shuffled, PLAIN)
    assert (one.area, one.heads) == (other.area, other.heads)
    assert {(v.key, v.area) for v in one.voters} == {(v.key, v.area) for v in other.voters}


def test_weigh_says_why_each_voter_is_one_head() -> None:
    units = [
        _unit("101", "甲"),
        _unit("102", "乙"),
        _unit("103", "乙"),
        _unit("104", "丙", "丁"),
        _unit("105", "丙", "丁"),
        _unit("106", "戊", "己"),
        _unit("107", standing=Standing.UNSOLD),
        _unit("108", "庚", standing=Standing.UNDELIVERED),
        replace(_unit("109", "辛"), clerk_voter="辛壬"),
    ]
    assert {voter.key: voter.reason for voter in weigh(units, PLAIN).voters} == {
        "甲": "一个专有部分按一人计算（解释第九条）",
        "乙": "同一买受人有 2 个专有部分，按一人计算（解释第九条）",
        "丁+丙": "2 人共有，推选一人行使表决权；同一买受人有 2 个专有部分，按一人计算（解释第九条）",
        "己+戊": "2 人共有，推选一人行使表决权；一个专有部分按一人计算（解释第九条）",
        "developer": "建设单位尚未出售和已出售未交付的 2 个专有部分，按一人计算（解释第九条）",
        "辛壬": "1 个专有部分经工作人员凭证核定为同一表决人，按一人计算",
    }


def test_weigh_merges_what_the_developer_kept_by_its_code() -> None:
    unsold = replace(_unit("101", standing=Standing.UNSOLD), developer="USCC1")
    (voter,) = weigh([unsold, _unit("102", "USCC1")], PLAIN).voters
    assert voter.units == ("101", "102")
    assert voter.area == 200_00
    assert (
        voter.reason
        == "建设单位尚未出售和已出售未交付的 1 个专有部分，连同登记在其名下的 1 个，按一人计算（解释第九条）"
    )


def test_weigh_keeps_two_developers_apart() -> None:
    one, other = (replace(_unit(key, standing=Standing.UNSOLD), developer=key) for key in ("A", "B"))
    assert weigh([one, other], PLAIN).heads == 2


def test_weigh_tells_the_source_of_each_area() -> None:
    units = [
        replace(_unit("1", "甲"), areas=Areas(register=1, survey=2, contract=3)),
        replace(_unit("2", "乙"), areas=Areas(register=0, survey=2, contract=3)),
        replace(_unit("3", "丙"), areas=Areas(survey=-5, contract=3)),
    ]
    assert weigh(units, PLAIN).units == (
        Weighed("1", 1, AreaSource.REGISTER, "甲"),
        Weighed("2", 2, AreaSource.SURVEY, "乙"),
        Weighed("3", 3, AreaSource.CONTRACT, "丙"),
    )


def test_weigh_never_merges_by_name_and_remarks_two_names_of_one_number() -> None:
    same_name = [
        replace(_unit("101"), owners=(Owner("450001", "李某"),)),
        replace(_unit("102"), owners=(Owner("450002", "李某"),)),
    ]
    assert weigh(same_name, PLAIN).heads == 2
    same_number = [
        replace(_unit("101"), owners=(Owner("450001", "李某"),)),
        replace(_unit("102"), owners=(Owner("450001", "王某"),)),
    ]
    roll = weigh(same_number, PLAIN)
    assert roll.heads == 1
    assert roll.remarks == (Finding(Remark.NAMES_DIFFER, "450001"),)


def test_weigh_lists_every_problem_at_once() -> None:
    units = [
        replace(_unit("101", None), areas=Areas()),
        _unit("102"),
        _unit("103", "甲", "甲"),
        _unit("104", "甲+乙"),
        _unit("104", "丙"),
        _unit("105", ""),
    ]
    roll = weigh(
        units, RollRules(scope=Scope(buildings=frozenset({"1栋", "9栋"}), entrances=frozenset({("1栋", "8单元")})))
    )
    assert set(roll.problems) == {
        Finding(Problem.NO_AREA, "101"),
        Finding(Problem.IDENTITY_UNKNOWN, "101"),
        Finding(Problem.NO_OWNER, "102"),
        Finding(Problem.OWNER_REPEATED, "103"),
        Finding(Problem.IDENTITY_UNKNOWN, "104"),
        Finding(Problem.UNIT_REPEATED, "104"),
        Finding(Problem.IDENTITY_UNKNOWN, "105"),
        Finding(Problem.SCOPE_UNKNOWN, "9栋"),
        Finding(Problem.SCOPE_UNKNOWN, "1栋/8单元"),
    }
    assert (roll.heads, roll.area, roll.voters, roll.units) == (None, None, (), ())
    assert roll.rules.scope.buildings == {"1栋", "9栋"}


def test_weigh_names_an_unknown_unit_of_the_scope() -> None:
    roll = weigh([_unit("101", "甲")], RollRules(scope=Scope(units=frozenset({"101", "999"}))))
    assert roll.problems == (Finding(Problem.SCOPE_UNKNOWN, "999"),)


def test_weigh_leaves_problems_outside_the_scope_alone() -> None:
    outside = replace(_unit("201", None), building="2栋")
    roll = weigh([_unit("101", "甲"), outside], RollRules(scope=Scope(buildings=frozenset({"1栋"}))))
    assert (roll.heads, roll.problems) == (1, ())


def test_weigh_needs_no_buyer_for_the_developers_units() -> None:
    unit = replace(_unit("101", None, standing=Standing.UNDELIVERED), areas=Areas(contract=90_00))
    bought = _unit("103", "甲", standing=Standing.UNDELIVERED)
    roll = weigh([unit, _unit("102", "甲"), bought], PLAIN)
    assert roll.heads == 2
    assert roll.remarks == ()


def test_weigh_remarks_shares_that_are_not_one_whole() -> None:
    def held(*shares: Share | None) -> Unit:
        return replace(_unit("101"), owners=tuple(Owner(f"号{n}", "x", share) for n, share in enumerate(shares)))

    short = (Finding(Remark.SHARES_NOT_WHOLE, "101"),)
    assert weigh([held(Share(1, 3), Share(2, 3))], PLAIN).remarks == ()
    assert weigh([held(None, None)], PLAIN).remarks == ()
    assert weigh([held(Share(1, 3), Share(1, 3))], PLAIN).remarks == short
    assert weigh([held(Share(1, 1), None)], PLAIN).remarks == short
    assert weigh([held(Share(1, 3), Share(1, 3))], PLAIN).heads == 1


@given(st.lists(st.tuples(st.integers(1, 9), st.integers(1, 9)), min_size=1, max_size=4))
def test_shares_are_added_exactly(parts: list[tuple[int, int]]) -> None:
    owners = tuple(Owner(f"号{n}", "x", Share(*part)) for n, part in enumerate(parts))
    whole = sum(Fraction(*part) for part in parts) == 1
    assert (weigh([replace(_unit("101"), owners=owners)], PLAIN).remarks == ()) is whole


def test_remark_for_an_owner_alone_and_together_names_the_person() -> None:
    roll = weigh([_unit("101", "甲"), _unit("102", "甲", "乙"), _unit("103", "丙")], PLAIN)
    assert roll.heads == 3
    assert roll.remarks == (Finding(Remark.OWNERS_OVERLAP, "甲"),)


def test_remark_for_an_empty_register_names_the_unit() -> None:
    unit = replace(_unit("101", "甲"), areas=Areas(register=0, contract=1))
    assert weigh([unit], PLAIN).remarks == (Finding(Remark.REGISTER_EMPTY, "101"),)
    assert weigh([replace(unit, areas=Areas(register=1))], PLAIN).remarks == ()


def test_roll_keeps_the_rules_it_was_made_by() -> None:
    rules = RollRules(scope=Scope(units=frozenset({"101"})), parking_counts=True)
    assert weigh([_unit("101", "甲")], rules).rules == rules
    assert Scope().is_compound
    assert not rules.scope.is_compound
