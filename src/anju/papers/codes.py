"""QR codes on paper."""

from io import BytesIO

import segno


def qr_svg(text: str) -> str:
    """Return a QR code that still reads with a quarter of it torn off or faded (level Q), sized by its page, with its quiet zone."""
    out = BytesIO()
    segno.make(text, error="q", micro=False).save(out, kind="svg", border=2, xmldecl=False, svgns=True, omitsize=True)
    return out.getvalue().decode()
