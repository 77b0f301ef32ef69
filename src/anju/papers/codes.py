"""QR codes on paper and on pages."""

import segno


def qr_svg(text: str, *, scaled: bool = False) -> str:
    """Return a QR code that still reads with a quarter of it torn off or faded (level Q), with its quiet zone.

    `scaled`: without a size of its own, to be sized by a page.
    """
    code = segno.make(text, error="q", micro=False)
    drawn = str(code.svg_inline(border=2, omitsize=scaled))
    return drawn.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
