"""执法进小区公示牌 on A3, for the wall of a compound."""

from datetime import date

from anju.cases.queries.boards import Board
from anju.papers.codes import qr_svg
from anju.papers.typeset import pdf


def board_pdf(board: Board, *, address: str, on: date, trial: bool) -> bytes:
    """Return the board as one A3 page. `address`: where its QR code leads a citizen. Unknown numbers stay 〔待填〕."""
    note = "" if board.confirmed else "样张：分工由县里核定后再印。"
    data = {
        "compound": board.compound.name,
        "place": board.place,
        "duties": [{"sees": one.sees, "unit": one.unit, "phone": one.phone} for one in board.duties],
        "emergency": list(board.emergency),
        "qr": qr_svg(address, scaled=True),
        "address": address,
        "office": board.office,
        "office_phone": board.office_phone,
        "note": f"{note}印于 {on.year}年{on.month}月{on.day}日。电话有变，以扫码看到的和各单位公布的为准。",
    }
    return pdf("board.typ", data, trial=trial)
