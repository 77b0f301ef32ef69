"""底数进度 on one page, for a meeting: the county in figures, each town, each unit that answers."""

from datetime import date

from anju.papers.typeset import pdf
from anju.registry.queries.progress import Progress, Tally


def progress_pdf(*, progress: Progress, county: str, on: date, trial: bool) -> bytes:
    """Return the progress of a day on one A4 page."""
    data = {
        "county": county,
        "printed": str(on),
        "compounds": f"{progress.compounds:,}",
        "whole": _told(progress.whole),
        "towns": [
            {"name": line.name, "compounds": f"{line.compounds:,}", **_told(line.tally)} for line in progress.towns
        ],
        "units": [{"name": line.unit.name, **_told(line.tally)} for line in progress.units],
    }
    return pdf("progress.typ", data, trial=trial)


def _told(tally: Tally) -> dict[str, str]:
    counts = {
        "asked": tally.asked,
        "known": tally.known,
        "missing": tally.missing,
        "confirmed": tally.confirmed,
        "stale": tally.stale,
        "conflict": tally.conflict,
    }
    told = {name: f"{count:,}" for name, count in counts.items()}
    return {**told, "percent": "—" if tally.percent is None else f"{tally.percent}%", "bar": str(tally.percent or 0)}
