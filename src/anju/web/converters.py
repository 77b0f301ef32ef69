"""What counts as an id in a URL: plain ASCII digits that fit the database. Anything else is simply not a page."""

from anju.rules.disclosure import read_code


class IdConverter:
    regex = "[1-9][0-9]{0,17}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


class CodeConverter:
    """A public code as it stands on a poster or is typed from one: ten signs, a hyphen or capitals forgiven."""

    regex = "[0-9A-Za-z]{5}-?[0-9A-Za-z]{5}"

    def to_python(self, value: str) -> str:
        if not (code := read_code(value)):
            raise ValueError(value)
        return code

    def to_url(self, value: str) -> str:
        return value
