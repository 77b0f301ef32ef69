"""QR codes on paper."""

import segno


def qr_svg(text: str) -> str:
    """Return a QR code that still reads with a quarter of it torn off or faded (level Q), sized by its page, with its quiet zone."""
    code = segno.make(text, error="q", micro=False)
    return str(code.svg_inline(border=2, omitsize=True)).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
