"""Why a file is not read as a table, in codes; `web/sheet_words.py` puts them into words."""


class BadSheet(ValueError):
    """A file that is not read. `line` is the row, counted as a spreadsheet does, where one row is to blame.

    Codes: `too_big` (bytes, or unpacked), `far_cells` (cells so far apart that no list looks like it), `too_many_rows`,
    `too_many_errors`, `cell_too_long`, `empty`, `encoding`, `encrypted`, `html` (a web page with the name of a workbook),
    `xml_2003`, `other_workbook` (.xlsb, .ods), `damaged`, `not_a_sheet`. Doors add codes of their own (`no_header`, `no_lines`).
    """

    def __init__(self, code: str, line: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.line = line
