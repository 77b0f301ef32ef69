"""What a PDF says, without the line breaks and spaces that typesetting puts in."""

import io
import re

from pypdf import PdfReader


def pages_of(content: bytes) -> list[str]:
    return [re.sub(r"\s", "", page.extract_text()) for page in PdfReader(io.BytesIO(content)).pages]


def said(content: bytes) -> str:
    return "".join(pages_of(content))
