"""The decision in Chinese for an ordinary owner. The four numbered lines have one fixed shape (docs/recount-format.md),

so that a program can read the numbers back from the text and come to the same verdict.
"""

from collections.abc import Iterator

from anju.rules.voting.areas import show_area, show_percentage
from anju.rules.voting.decision import Check, Decision, Measure, Reading, Step, Verdict
from anju.rules.voting.profiles import Matter, Profile, Threshold, Whole

VERDICT_WORDS = {Verdict.PASSED: "通过", Verdict.NOT_PASSED: "没有通过", Verdict.UNDETERMINED: "无法判断"}
FIELD_WORDS = {
    "heads": "全部人数",
    "area": "全部面积",
    "participating_heads": "参加的人数",
    "participating_area": "参加的面积",
    "agree_heads": "同意的人数",
    "agree_area": "同意的面积",
}
_MEASURE_WORDS = {Measure.AREA: "面积", Measure.HEADS: "人数"}
_STEP_WORDS = {Step.PARTICIPATION: "参加", Step.CONSENT: "同意"}
_MATTER_WORDS = {Matter.ORDINARY: "一般事项", Matter.SPECIAL: "特别事项"}
_MARKS = "①②③④"


def explain(decision: Decision) -> str:
    """Return the verdict, each test with its numbers, formula and article, what was short, and the other readings."""
    return "\n".join(_lines(decision))


def _lines(decision: Decision) -> Iterator[str]:
    yield f"结论：{VERDICT_WORDS[decision.verdict]}。{summarise(decision)}"
    yield _rule_line(decision.profile, decision.matter)
    for mark, check in zip(_MARKS, decision.tests, strict=True):
        yield f"{mark} {explain_test(check, decision)}"
        yield f"　{explain_basis(check, decision)}"
    yield from explain_beside(decision)
    yield f"引用：{'；'.join(decision.profile.citations)}。"


def explain_basis(check: Check, decision: Decision) -> str:
    """Return the article and the formula of one test."""
    return f"依据：{check.article}。{_formula(check, decision.tally.decimals)}"


def explain_beside(decision: Decision) -> Iterator[str]:
    """Yield what must be said beside the tests: figures that are missing, and the readings that rules of procedure leave."""
    if decision.missing:
        yield f"缺少或为零的数：{'、'.join(FIELD_WORDS[name] for name in decision.missing)}。"
    yield from _silent_lines(decision)
    yield from _invalid_lines(decision)


def summarise(decision: Decision) -> str:
    """Return the reason in one sentence."""
    if decision.verdict is Verdict.PASSED:
        return "四道线都够。"
    short = [check for check in decision.tests if check.passed is False]
    if short:
        return "；".join(f"{subject(check)}还差 {_short(check, decision)}" for check in short) + "。"
    if 0 in (decision.tally.area.total, decision.tally.heads.total):
        return "全部面积或者全部人数为零，不能下结论。"
    return "已知的各项都够，但是数字不全，不能下结论。"


def subject(check: Check) -> str:
    """Return what the test looks at: 参加的面积, 同意的人数."""
    return f"{_STEP_WORDS[check.step]}的{_MEASURE_WORDS[check.measure]}"


def explain_test(check: Check, decision: Decision) -> str:
    """Return one test as a sentence with its numbers."""
    if check.passed is None or check.have is None or check.of is None:
        return f"{subject(check)}：算不出。{_why_open(check, decision)}"
    have, of = _show(check, check.have, decision), _show(check, check.of, decision)
    need = f"要{reach(check.threshold)}，就是至少 {_show(check, check.threshold.least(check.of), decision)}"
    share = show_percentage(check.have, check.of)
    told = f"{_STEP_WORDS[check.step]} {have}，占{_whole(check, decision.profile)} {of}的 {share}。{need}"
    if check.passed:
        return f"{subject(check)}：够。{told}。"
    return f"{subject(check)}：不够。{told}，还差 {_short(check, decision)}。"


def reach(threshold: Threshold) -> str:
    """Return 达到三分之二 (the number counts) or 超过一半 (it does not): 民法典 1259."""
    return f"{'达到' if threshold.inclusive else '超过'}{threshold.words}"


def _rule_line(profile: Profile, matter: Matter) -> str:
    until = f"到 {profile.valid_to}" if profile.valid_to else "起"
    consent = f"同意的面积和人数都要{reach(profile.consent[matter])}"
    whole = "（按参加的算）" if profile.consent_of is Whole.PARTICIPANTS else "（按全部业主算）"
    return (
        f"规则：{profile.title}（{profile.code} 第 {profile.version} 版，{profile.valid_from} {until}施行）。"
        f"{_MATTER_WORDS[matter]}：参加的面积和人数都要{reach(profile.participation)}，{consent}{whole}。"
    )


def _whole(check: Check, profile: Profile) -> str:
    of_all = check.step is Step.PARTICIPATION or profile.consent_of is Whole.ALL
    return "全部" if of_all else "参加的"


def _formula(check: Check, decimals: int) -> str:
    threshold = check.threshold
    if check.passed is None or check.have is None or check.of is None:
        return f"要{reach(threshold)}。"
    left, right = check.have * threshold.denominator, check.of * threshold.numerator
    found = "等于" if left == right else "大于" if left > right else "小于"
    have, of, left_shown, right_shown = (
        _digits(check, figure, decimals) for figure in (check.have, check.of, left, right)
    )
    return (
        f"算式：要求 {have} × {threshold.denominator} {'不小于' if threshold.inclusive else '大于'} "
        f"{of} × {threshold.numerator}；{left_shown} {found} {right_shown}，{'成立' if check.passed else '不成立'}。"
    )


def _why_open(check: Check, decision: Decision) -> str:
    if 0 in (decision.tally.area.total, decision.tally.heads.total):
        return "全部面积或者全部人数为零，四项都不下结论。"
    if check.of == 0:
        return "没有人参加，谈不上占比。"
    if check.have is not None and check.of is not None:
        return "要看没表决的业主随不随多数，而多数意见的数字不全。"
    return "数字不全。"


def _silent_lines(decision: Decision) -> Iterator[str]:
    if decision.without_silent is None:
        return
    how = {
        True: "没表决的业主已按议事规则计入同意的多数。",
        False: "同意的在参加的面积和人数里没有都过半，没有多数可随，没表决的业主没有计入。",
        None: "同意的是不是多数还看不出来，没表决的业主计不计入都成立的项才算成立。",
    }
    yield f"未表决：{how[decision.silent_followed]}"
    yield (
        f"　计入时{_say(decision.reading)}；不计入时{_say(decision.without_silent)}。"
        "民法典第二百七十八条没有规定没表决的可以计入，这样计票要以议事规则的明文和逐户送达为据。"
    )
    if decision.without_silent.verdict is not decision.verdict:
        yield "　注意：结论是由没有表决的业主决定的，容易引起争议。"


def _invalid_lines(decision: Decision) -> Iterator[str]:
    if decision.other_invalid is None:
        return
    counted = decision.reading.procedure.invalid_participates
    now, then = ("算参加", "不算参加") if counted else ("不算参加", "算参加")
    yield (
        f"废票：{decision.tally.heads.invalid} 人的废票{now}，{_say(decision.reading)}；"
        f"如果{then}，{_say(decision.other_invalid)}。废票怎么算由议事规则规定，法律没有写明。"
    )


def _say(reading: Reading) -> str:
    return f"结论为“{VERDICT_WORDS[reading.verdict]}”"


def _digits(check: Check, figure: int, decimals: int) -> str:
    return show_area(figure, decimals) if check.measure is Measure.AREA else f"{figure:,}"


def _show(check: Check, figure: int, decision: Decision) -> str:
    unit = "㎡" if check.measure is Measure.AREA else "人"
    return f"{_digits(check, figure, decision.tally.decimals)} {unit}"


def _short(check: Check, decision: Decision) -> str:
    return _show(check, check.short_by or 0, decision)
