"""The document says what the files say."""

from tools.cases_tables import TARGET, document


def test_cases_document_says_what_the_files_say() -> None:
    assert TARGET.read_text() == document()
