"""An owner with a spreadsheet of a vote, and no account."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.tours.walk import PHONE, Missing, Walk

WHO = "An owner, with the table of a vote and no account (业主)"
ROOT = Path(__file__).resolve().parents[2]
ROWS = (
    "房号\t面积\t业主\t意见",
    "1-101\t100.00\t示例甲\t同意",
    "1-102\t100.50\t示例乙\t反对",
    "1-103\t99.50\t示例丙\t同意",
    "1-104\t80.00\t示例丁\t",
)


def count_a_vote_again(walk: Walk) -> str:
    walk.open("/recount/")
    walk.page.get_by_label("一般事项", exact=False).check()
    walk.page.locator("textarea").fill("\n".join(ROWS))
    walk.press("算一遍")
    walk.see("重算结果：通过", "参加 3 人，占全部 4 人的 75.00%", "信不过我们，就别用我们")
    walk.picture("recount-phone", PHONE)
    return "pastes the table of a vote and reads, test by test, why it passed"


def take_it_to_a_stranger(walk: Walk) -> str:
    with walk.page.expect_download() as download:
        walk.press("下载重算文件")
    with tempfile.TemporaryDirectory(prefix="anju-") as folder:
        kept = Path(folder) / "recount.json"
        download.value.save_as(kept)
        command = [sys.executable, str(ROOT / "verifiers" / "recount.py"), "--json", str(kept)]
        told = subprocess.run(command, capture_output=True, text=True, check=False)
    if told.returncode or json.loads(told.stdout)["verdict"] != "passed":
        raise Missing(f"the verifier without Anju says: {told.stdout or told.stderr}")
    return "takes the file to the single Python script, which knows nothing of Anju: the same verdict"


STEPS = (count_a_vote_again, take_it_to_a_stranger)
