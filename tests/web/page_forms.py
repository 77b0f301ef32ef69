"""A page read as a browser reads it: which forms it offers, what their fields hold, what in it could run."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin

RUNS_BY_ITSELF = ("javascript:", "data:text/html", "vbscript:")


@dataclass
class Form:
    """One form as it stands on the page: `typed` holds free text, `chosen` what is picked from a list.

    Where nothing is chosen yet, the first choice stands in, and so does the first suggestion for a line to type in.
    """

    action: str
    method: str
    hidden: dict[str, str] = field(default_factory=dict)
    typed: dict[str, str] = field(default_factory=dict)
    chosen: dict[str, str] = field(default_factory=dict)
    files: list[str] = field(default_factory=list)
    lists: dict[str, str] = field(default_factory=dict)

    @property
    def values(self) -> dict[str, str]:
        return self.hidden | self.typed | self.chosen


class Page(HTMLParser):
    """What a page is made of. `active` lists everything that would run and is not a script file of ours."""

    def __init__(self, markup: str, address: str = "") -> None:
        super().__init__()
        self.address = address
        self.forms: list[Form] = []
        self.links: list[str] = []
        self.active: list[str] = []
        self._open: Form | None = None
        self._select = ""
        self._list = ""
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self._note_active(tag, found)
        if tag == "a" and "href" in found:
            self.links.append(urljoin(self.address, found["href"]).partition("#")[0])
        if tag == "form":
            action = urljoin(self.address, found.get("action", "")) or self.address
            self._open = Form(action, found.get("method", "get").lower())
            self.forms.append(self._open)
        elif self._open is not None and found.get("name", "") not in {"", "csrfmiddlewaretoken"}:
            self._note_field(self._open, tag, found)
        elif tag == "datalist":
            self._list = found["id"]
        elif tag == "option" and self._open is not None:
            self._note_option(self._open, found)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        elif tag in {"select", "datalist"}:
            self._select = self._list = ""

    def _note_option(self, form: Form, found: dict[str, str]) -> None:
        value = found.get("value", "")
        if self._select and ("selected" in found or not form.chosen[self._select]):
            form.chosen[self._select] = value
        for name, suggestions in form.lists.items():
            if suggestions == self._list and not form.typed[name]:
                form.typed[name] = value

    def _note_field(self, form: Form, tag: str, found: dict[str, str]) -> None:
        name, value, kind = found["name"], found.get("value", ""), found.get("type", "text")
        if tag == "select":
            self._select = name
            form.chosen.setdefault(name, "")
        elif tag == "button" or kind in {"radio", "checkbox"}:
            form.chosen.setdefault(name, value or "on")
        elif kind == "file":
            form.files.append(name)
        elif kind == "hidden":
            form.hidden[name] = value
        elif tag in {"input", "textarea"}:
            form.typed[name] = value
            form.lists |= {name: found["list"]} if "list" in found else {}

    def _note_active(self, tag: str, found: dict[str, str]) -> None:
        handlers = [name for name in found if name.startswith("on")]
        targets = [found.get(name, "").strip().lower() for name in ("href", "src", "action", "formaction")]
        if handlers or any(target.startswith(RUNS_BY_ITSELF) for target in targets):
            self.active.append(f"<{tag} {found}>")
        if tag in {"iframe", "object", "embed", "base"} or (tag == "script" and "/static/" not in found.get("src", "")):
            self.active.append(f"<{tag} {found}>")
