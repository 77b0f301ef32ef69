#!/usr/bin/env python3
"""Recount an owners' vote from an anju-recount/1 file, without Anju.

    python3 recount.py FILE... [--json]

One file, Python 3.9 or newer, standard library only, written from docs/recount-format.md. Exit code 0: every verdict was
computed; 2: a file is wrong, and one line on standard error says where.
"""

import json
import re
import sys
import unicodedata
from fractions import Fraction

LIMIT = 50_000_000
FIELDS = ("heads", "area", "participating_heads", "participating_area", "agree_heads", "agree_area")
TOP = {
    "format",
    "matter",
    "profile",
    "silent_counts_with_majority",
    "invalid_participates",
    "roll",
    "ballots",
    "totals",
}
CHOICES = ("agree", "oppose", "abstain", "invalid", "silent")
# share that must take part, share that must agree, whether the share itself is enough, and of whom consent is a share
RULES = {
    ("civil-code-278", "ordinary"): ((2, 3, True), (1, 2, False), "participants"),
    ("civil-code-278", "special"): ((2, 3, True), (3, 4, True), "participants"),
    ("regulation-2018", "ordinary"): ((1, 2, False), (1, 2, False), "all"),
    ("regulation-2018", "special"): ((1, 2, False), (2, 3, True), "all"),
}
ARTICLES = {
    "civil-code-278": ["民法典第二百七十八条第二款", "民法典第一千二百五十九条"],
    "regulation-2018": ["物业管理条例（2018年）第十二条"],
}
SHARES = {(2, 3): "三分之二", (1, 2): "一半", (3, 4): "四分之三"}
VERDICTS = {"passed": "通过", "not_passed": "没有通过", "undetermined": "无法判断"}
NAMES = {
    "participation_area": "参加的面积",
    "participation_heads": "参加的人数",
    "consent_area": "同意的面积",
    "consent_heads": "同意的人数",
}


class Wrong(Exception):
    """The file is refused: a code of the format, and where."""

    def __init__(self, code, where=""):
        super().__init__(code)
        self.code, self.where = code, where


# Reading -------------------------------------------------------------------------------------------------------------


def load(data):
    if len(data) > LIMIT:
        raise Wrong("too_big")
    if data[:3] == b"\xef\xbb\xbf":
        raise Wrong("byte_order_mark")
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Wrong("not_utf8") from None
    try:
        return json.loads(
            text, object_pairs_hook=no_doubles, parse_int=whole, parse_float=refuse, parse_constant=no_number
        )
    except RecursionError:
        raise Wrong("too_deep") from None
    except ValueError as error:
        raise Wrong("not_json", str(error)) from None


def no_doubles(pairs):
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names):
        raise Wrong("repeated_key")
    return dict(pairs)


def whole(digits):
    if len(digits.strip("-")) > 15:
        raise Wrong("number_too_big")
    return int(digits)


def refuse(_digits):
    raise Wrong("number_not_whole")


def no_number(_name):
    raise Wrong("not_json")


def fields_of(thing, allowed, where, complete=False):
    if not isinstance(thing, dict):
        raise Wrong("not_object", where)
    for name in thing:
        if name not in allowed:
            raise Wrong("field_unknown", where)
    if complete:
        for name in allowed:
            if name not in thing:
                raise Wrong("field_missing", f"{where}.{name}")
    return thing


def list_of(thing, where):
    if not isinstance(thing, list):
        raise Wrong("not_list", where)
    return thing


def area(value, where):
    """An area as an exact fraction, and how many decimals it was written with."""
    if not isinstance(value, str):
        raise Wrong("area_not_text", where)
    unsigned = value[1:] if value[:1] == "-" else value
    if len(unsigned) > 1000 or not re.match(r"^[0-9]+(\.[0-9]+)?\Z", unsigned):
        raise Wrong("area_not_decimal", where)
    if unsigned != value:
        raise Wrong("area_negative", where)
    before, _, after = value.partition(".")
    return Fraction(int(before + after), 10 ** len(after)), len(after)


def name_of(value, where):
    bad = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    if not isinstance(value, str) or not 1 <= len(value) <= 200:
        raise Wrong("text_wrong", where)
    if (
        value[0] in " \u00a0\u3000"
        or value[-1] in " \u00a0\u3000"
        or any(unicodedata.category(c) in bad for c in value)
    ):
        raise Wrong("text_wrong", where)
    return value


# Figures: for area and heads, [total, participating, agree, invalid that does not participate] ------------------------


def figures_of(document):
    if "totals" in document:
        if "roll" in document or "ballots" in document:
            raise Wrong("roll_and_totals")
        return from_totals(fields_of(document["totals"], FIELDS, "totals"))
    if "roll" not in document:
        raise Wrong("ballots_without_roll" if "ballots" in document else "no_figures")
    if "ballots" not in document:
        raise Wrong("field_missing", "ballots")
    return from_roll(document)


def from_totals(totals):
    found, decimals = {}, 2
    for name in FIELDS:
        value, where = totals.get(name), f"totals.{name}"
        if value is None:
            found[name] = None
        elif name.endswith("area"):
            found[name], places = area(value, where)
            decimals = max(decimals, places)
        elif isinstance(value, bool) or not isinstance(value, int):
            raise Wrong("heads_not_whole", where)
        elif value < 0:
            raise Wrong("heads_negative", where)
        else:
            found[name] = Fraction(value)
    figures = {}
    for measure in ("area", "heads"):
        total, took, agree = (found[prefix + measure] for prefix in ("", "participating_", "agree_"))
        if None not in (total, took) and took > total:
            raise Wrong("participating_above_total", f"totals.participating_{measure}")
        above = took if took is not None else total
        if None not in (agree, above) and agree > above:
            raise Wrong("agree_above_participating", f"totals.agree_{measure}")
        figures[measure] = [total, took, agree, Fraction(0)]
    return figures, decimals


def from_roll(document):
    held, units, decimals = {}, set(), 2
    for number, row in enumerate(list_of(document["roll"], "roll")):
        where = f"roll[{number}]"
        fields_of(row, ("area", "unit", "voter"), where, complete=True)
        unit, voter = name_of(row["unit"], f"{where}.unit"), name_of(row["voter"], f"{where}.voter")
        if unit in units:
            raise Wrong("unit_repeated", f"{where}.unit")
        units.add(unit)
        size, places = area(row["area"], f"{where}.area")
        decimals = max(decimals, places)
        held[voter] = held.get(voter, 0) + size
    choices = {}
    for number, ballot in enumerate(list_of(document["ballots"], "ballots")):
        where = f"ballots[{number}]"
        fields_of(ballot, ("choice", "voter"), where, complete=True)
        voter, choice = ballot["voter"], ballot["choice"]
        if not isinstance(choice, str) or choice not in CHOICES:
            raise Wrong("choice_unknown", f"{where}.choice")
        if not isinstance(voter, str) or voter not in held:
            raise Wrong("voter_unknown", f"{where}.voter")
        if voter in choices:
            raise Wrong("voter_repeated", f"{where}.voter")
        choices[voter] = choice
    areas, heads = dict.fromkeys(CHOICES, Fraction(0)), dict.fromkeys(CHOICES, Fraction(0))
    for voter, size in held.items():
        areas[choices.get(voter, "silent")] += size
        heads[choices.get(voter, "silent")] += 1
    counts_invalid = document.get("invalid_participates", False)
    figures = {}
    for measure, sums in (("area", areas), ("heads", heads)):
        took = sums["agree"] + sums["oppose"] + sums["abstain"] + (sums["invalid"] if counts_invalid else 0)
        figures[measure] = [sum(sums.values()), took, sums["agree"], Fraction(0) if counts_invalid else sums["invalid"]]
    return figures, decimals


# Deciding ------------------------------------------------------------------------------------------------------------


def recount(document):
    """Return the documented result of one object. Raises Wrong."""
    fields_of(document, TOP, "")
    if document.get("format") != "anju-recount/1":
        raise Wrong("format_unknown", "format")
    if document.get("matter") not in ("ordinary", "special"):
        raise Wrong("matter_unknown", "matter")
    profile = document.get("profile", "civil-code-278")
    if not isinstance(profile, str) or profile not in ARTICLES:
        raise Wrong("profile_unknown", "profile")
    for flag in ("silent_counts_with_majority", "invalid_participates"):
        if not isinstance(document.get(flag, False), bool):
            raise Wrong("flag_not_boolean", flag)
    figures, decimals = figures_of(document)
    rule = RULES[profile, document["matter"]]
    follow = follows(figures) if document.get("silent_counts_with_majority", False) else False
    tests = judge(figures, decimals, rule, follow is True)
    if follow is None:
        others = judge(figures, decimals, rule, True)
        for place, test in enumerate(tests):
            if test["passed"] is not others[place]["passed"]:
                test["passed"] = test["short_by"] = None
    missing = []
    for name in FIELDS:
        measure = "heads" if name.endswith("heads") else "area"
        figure = figures[measure][0 if name == measure else 1 if name.startswith("part") else 2]
        if figure is None or (name == measure and figure == 0):
            missing.append(name)
    outcomes = [test["passed"] for test in tests]
    verdict = "not_passed" if False in outcomes else "undetermined" if None in outcomes else "passed"
    result = {"verdict": verdict, "tests": tests, "missing": missing, "citations": ARTICLES[profile]}
    result["explanation"] = explain(result, rule)
    return result


def follows(figures):
    """Whether the silent follow an agreeing majority: both measures must have one; None where nobody can tell."""
    answers = []
    for _total, took, agree, _invalid in figures.values():
        answers.append(None if took is None or agree is None else 2 * agree > took)
    return False if False in answers else None if None in answers else True


def judge(figures, decimals, rule, add_silent):
    void = any(total == 0 for total, _, _, _ in figures.values())
    compared = {}
    for measure, (total, took, agree, invalid) in figures.items():
        if add_silent:
            silent = None if total is None or took is None else total - took - invalid
            took, agree = (None if silent is None or part is None else part + silent for part in (took, agree))
        compared["participation", measure] = took, total
        compared["consent", measure] = agree, took if rule[2] == "participants" else total
    tests = []
    for step, (over, under, inclusive) in (("participation", rule[0]), ("consent", rule[1])):
        for measure in ("area", "heads"):
            have, of = compared[step, measure]
            places = decimals if measure == "area" else 0
            need = passed = short = None
            if of and not void:
                exact = of * 10**places * over / under
                need = Fraction(-(-exact.numerator // exact.denominator) if inclusive else exact // 1 + 1, 10**places)
                if have is not None:
                    passed = have >= need
                    short = max(Fraction(0), need - have)
            told = {"have": have, "of": of, "need": need, "passed": passed, "short_by": short}
            written = {key: value if key == "passed" else write(value, places) for key, value in told.items()}
            tests.append({"name": f"{step}_{measure}", **written})
    return tests


def write(value, places):
    if value is None:
        return None
    digits = str(int(value * 10**places))
    if not places:
        return int(digits)
    digits = digits.zfill(places + 1)
    return f"{digits[:-places]}.{digits[-places:]}"


def explain(result, rule):
    lines = [f"结论：{VERDICTS[result['verdict']]}。"]
    for test in result["tests"]:
        over, under, inclusive = rule[0] if test["name"].startswith("part") else rule[1]
        unit = "㎡" if test["name"].endswith("area") else "人"
        told = {None: "算不出", True: "够", False: "不够"}[test["passed"]]
        show = {key: "未知" if value is None else f"{value} {unit}" for key, value in test.items()}
        share = ("达到" if inclusive else "超过") + SHARES[over, under]
        line = f"{NAMES[test['name']]}：{told}。有 {show['have']}，全部是 {show['of']}，要{share}"
        if test["need"] is not None:
            line += f"，就是至少 {show['need']}"
        lines.append(line + (f"，还差 {show['short_by']}。" if test["passed"] is False else "。"))
    if result["missing"]:
        lines.append("缺少或为零的数：" + "、".join(result["missing"]) + "。")
    return "\n".join([*lines, "依据：" + "；".join(result["citations"]) + "。"])


# Command line --------------------------------------------------------------------------------------------------------


def results_of(data):
    """Return, for the file or each object of its list, the result or the Wrong."""
    document = load(data)
    if not isinstance(document, list):
        return [attempt(document)]
    if not document:
        raise Wrong("empty_list")
    return [attempt(thing, f"[{number}].") for number, thing in enumerate(document)]


def attempt(thing, prefix=""):
    try:
        return recount(thing)
    except Wrong as wrong:
        return Wrong(wrong.code, prefix + wrong.where)


def main(words):
    files = [word for word in words if word != "--json"]
    if not files:
        sys.stderr.write("usage: recount.py FILE... [--json]\n")
        return 2
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    code = 0
    for name in files:
        try:
            with open(name, "rb") as file:
                found = results_of(file.read(LIMIT + 1))
        except OSError as error:
            found = [Wrong("unreadable", error.strerror or "")]
        except Wrong as wrong:
            found = [wrong]
        for one in found:
            if isinstance(one, Wrong):
                code = 2
                line = f"{name}: [{one.code}] {one.where}"
                sys.stderr.write("".join(c if c.isprintable() else "?" for c in line) + "\n")
            elif "--json" in words:
                sys.stdout.write(json.dumps(one, ensure_ascii=False) + "\n")
            else:
                sys.stdout.write((f"【{name}】\n" if len(files) + len(found) > 2 else "") + one["explanation"] + "\n")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
