"""统一社会信用代码 (GB 32100-2015): eighteen signs, the last one a check."""

import unicodedata

from stdnum.cn import uscc
from stdnum.exceptions import ValidationError


class BadCreditCode(ValueError):
    """Not a unified social credit code: wrong length, a sign that does not belong, or a wrong check sign."""


def tidy_credit_code(text: str) -> str:
    """Return the code in capitals without spaces and hyphens, full-width signs made plain; nothing stays nothing."""
    plain = uscc.compact(unicodedata.normalize("NFKC", text))
    if not plain:
        return ""
    try:
        return str(uscc.validate(plain))
    except ValidationError as wrong:
        raise BadCreditCode from wrong
