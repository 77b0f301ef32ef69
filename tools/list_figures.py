"""How well the rules read real lists: which labelled rows are flagged for their reason, how many of the others are doubted, and why.

The lists stay where they are: `ANJU_REAL_LISTS`, or `shared/data` beside the repository. Run: python -m tools.list_figures [--show REASON]
"""

import csv
import json
import os
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from anju.rules.lists.catalogue import Catalogue, parse_catalogue
from anju.rules.lists.headers import find_header, heading_key
from anju.rules.lists.plausibility import judge_of, profile_of
from anju.rules.lists.repeats import repeats
from anju.rules.lists.rows import Doubt, ListRow, reader_of

ROOT = Path(__file__).resolve().parents[1]
YEAR = 2020  # the lists were gathered then
LABELS = "import_anomalies_real_rows.csv"

# Label -> reasons that say the same. Where a label names a column, the doubt must be about it or about the whole row.
REASONS: dict[str, set[str]] = {
    "停车位列里是产权年限(列错位)": {"wrong_kind"},
    "列名被当作值": {"heading_as_value", "generic_name"},
    "占地面积列疑似容积率(列错位)": {"site_area_out_of_range"},
    "口语占位": {"hearsay"},
    "容积率与面积之比相差一倍以上": {"plot_ratio_against_areas"},
    "容积率列里是百分比(列错位)": {"wrong_kind"},
    "年代列是非年份数字(列错位)": {"wrong_kind", "completed_out_of_range"},
    "年代列里是户数(列错位)": {"wrong_kind"},
    "建筑面积单位为万": {"ten_thousands_among_others"},
    "建筑面积单位为亩": {"land_unit_for_floor_area"},
    "开发商列是数字(列错位)": {"wrong_kind"},
    "户数列里是栋数(列错位)": {"wrong_kind"},
    "房屋结构列里是百分比(列错位)": {"wrong_kind"},
    "楼栋数列里是公司名(列错位)": {"wrong_kind"},
    "楼栋数大于户数(不可能)": {"buildings_exceed_households"},
    "站点后缀“[房企申请入驻]”": {"site_suffix"},
    "表单提示语被当作值": {"form_prompt"},
}


@dataclass
class Figures:
    """What became of one list."""

    rows: int = 0
    rejected: int = 0
    labelled: Counter[str] = field(default_factory=Counter)
    flagged: Counter[str] = field(default_factory=Counter)
    missed: list[str] = field(default_factory=list)
    others: int = 0
    doubted: int = 0
    reasons: Counter[str] = field(default_factory=Counter)


def folder() -> Path:
    return Path(os.environ.get("ANJU_REAL_LISTS", ROOT.parent / "shared" / "data"))


def catalogue() -> Catalogue:
    policy = ROOT / "policy" / "demo"
    units = {unit["code"] for unit in tomllib.loads((policy / "units.toml").read_text())["unit"]}
    return parse_catalogue({path.name: path.read_bytes() for path in policy.iterdir()}, units=units)


def lists() -> list[Path]:
    return sorted(folder().glob("communities_*.csv"))


def read_list(path: Path, known: Catalogue) -> tuple[list[ListRow], dict[int, list[Doubt]]]:
    """Return the rows of a list and all doubts about each, by line."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        cells = list(csv.reader(file))
    header = find_header(cells, known)
    assert header is not None, path.name
    read = reader_of(header, known, latest=YEAR)
    rows = [read(line, row) for line, row in enumerate(cells[header.data :], start=header.data + 1)]
    judge = judge_of(rows[0].cells, known, profile_of(rows), latest=YEAR)
    doubts = {row.line: judge(row) for row in rows}
    for line, doubt in repeats(rows, known).items():
        doubts[line].append(doubt)
    return rows, doubts


def measure(path: Path, known: Catalogue) -> Figures:
    rows, doubts = read_list(path, known)
    labels = labels_of(path.name)
    figures = Figures(rows=len(rows))
    for row in rows:
        found = doubts[row.line]
        figures.rejected += any(doubt.rejects for doubt in found)
        if row.line in labels:
            _hold_against_labels(figures, path.name, row, labels[row.line], found, known)
            continue
        figures.others += 1
        figures.doubted += bool(found)
        figures.reasons.update({doubt.reason for doubt in found})
    return figures


def labels_of(file: str) -> dict[int, list[dict[str, str]]]:
    labels: dict[int, list[dict[str, str]]] = defaultdict(list)
    with (folder() / LABELS).open(encoding="utf-8-sig", newline="") as rows:
        for row in csv.DictReader(rows):
            if row["file"] == file:
                labels[int(row["line"])].append(row)
    return labels


def _hold_against_labels(
    figures: Figures, file: str, row: ListRow, labels: list[dict[str, str]], found: list[Doubt], known: Catalogue
) -> None:
    for label in labels:
        name = label["label_constructed"]
        column = known.headings.get(heading_key(label["column"]))
        figures.labelled[name] += 1
        if any(doubt.reason in REASONS[name] and column in {None, doubt.column} for doubt in found):
            figures.flagged[name] += 1
        else:
            figures.missed.append(f"{file}:{row.line} {name}: {label['raw_value']}")


def summary(all_figures: dict[str, Figures]) -> dict[str, object]:
    labelled = sum(sum(one.labelled.values()) for one in all_figures.values())
    flagged = sum(sum(one.flagged.values()) for one in all_figures.values())
    others = sum(one.others for one in all_figures.values())
    doubted = sum(one.doubted for one in all_figures.values())
    return {
        "labelled": labelled,
        "flagged": flagged,
        "flagged_share": round(flagged / max(labelled, 1), 4),
        "unlabelled_rows": others,
        "doubted": doubted,
        "doubted_share": round(doubted / max(others, 1), 4),
        "missed": [missed for one in all_figures.values() for missed in one.missed],
        "sources": {name: _source(one) for name, one in all_figures.items()},
    }


def _source(one: Figures) -> dict[str, object]:
    return {
        "rows": one.rows,
        "rejected": one.rejected,
        "unlabelled_rows": one.others,
        "doubted": one.doubted,
        "doubted_share": round(one.doubted / max(one.others, 1), 4),
        "reasons": dict(one.reasons.most_common()),
        "labels": {label: f"{one.flagged[label]}/{count}" for label, count in one.labelled.items()},
    }


def show(reason: str, known: Catalogue) -> Iterator[str]:
    """Yield the doubted values of one reason."""
    for path in lists():
        _, doubts = read_list(path, known)
        for line, found in doubts.items():
            for doubt in found:
                if doubt.reason == reason:
                    yield f"{path.name}:{line} {doubt.column} {doubt.value!r} {dict(doubt.told)}"


def main() -> None:
    if not lists():
        sys.exit(f"no real lists in {folder()}; set ANJU_REAL_LISTS")
    known = catalogue()
    if len(sys.argv) == 3:
        print("\n".join(show(sys.argv[2], known)))
        return
    print(json.dumps(summary({path.name: measure(path, known) for path in lists()}), ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
