"""What counts as an id in a URL: plain ASCII digits that fit the database. Anything else is simply not a page."""


class IdConverter:
    regex = "[1-9][0-9]{0,17}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)
