"""`make tour`: a walk through the product as its people, in a browser on a server of its own.

It prints one line for each thing somebody does, fails when something named is missing, and renews `docs/pictures/`. A new page
adds its steps to the person who uses it, in `tools/tours/<person>.py`.
"""

import sys
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

from tools.browser import launch
from tools.serving import served
from tools.tours import administrators, bureau, citizen, company, newcomer, owner, town
from tools.tours.walk import DESK, Missing, Walk

PICTURES = Path(__file__).resolve().parents[1] / "docs" / "pictures"
PEOPLE = (newcomer, bureau, town, citizen, company, administrators, owner)
PATIENCE = 30_000  # milliseconds that a page may take: founding the demo county is the longest


def main() -> int:
    PICTURES.mkdir(exist_ok=True)
    with served() as server, sync_playwright() as playwright:
        browser = launch(playwright)
        context = browser.new_context(
            viewport={"width": DESK[0], "height": DESK[1]}, locale="zh-CN", timezone_id="Asia/Shanghai"
        )
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        walked = _walk(Walk(page, server.address, PICTURES))
        browser.close()
    for complaint in complaints:
        print(f"tour: a script failed: {complaint}")
    return 0 if walked and not complaints else 1


def _walk(walk: Walk) -> bool:
    for person in PEOPLE:
        print(f"\n{person.WHO}", flush=True)
        for step in person.STEPS:
            try:
                print(f"  {step(walk)}", flush=True)
            except (Missing, Error) as missing:
                print(f"  MISSING while trying to {step.__name__.replace('_', ' ')}: {missing}", flush=True)
                return False
    print(
        f"\nThe pictures are in docs/pictures: {', '.join(sorted(path.name for path in walk.pictures.glob('*.png')))}"
    )
    return True


if __name__ == "__main__":
    sys.exit(main())
