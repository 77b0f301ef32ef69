"""A browser without a screen: keeps cookies and the connection, sends forms, signs in as a persona of the demo county."""

import http.client
import re
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from select import select
from urllib.parse import urlencode


@dataclass
class Answer:
    """What came back: status, where it sends us, and the page."""

    status: int
    location: str
    page: str


@dataclass
class Visitor:
    """One person at one browser. Not for several threads at once."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    _connection: http.client.HTTPConnection | None = None

    def get(self, path: str) -> Answer:
        return self._ask("GET", path, None)

    def post(self, path: str, **fields: str) -> Answer:
        """Send a form of the page read before, which has set the cookie that every form needs."""
        body = urlencode({"csrfmiddlewaretoken": self.cookies.get("csrftoken", ""), **fields})
        return self._ask("POST", path, body)

    def become(self, name: str) -> None:
        """Sign in as the persona whose card bears `name`; load the demo county first where there is none."""
        if self.get("/personas/").status != 200:
            self.get("/")
            self.post("/demo/")
        page = self.get("/personas/").page
        found = re.search(rf"{re.escape(name)}.*?name=\"persona\" value=\"([^\"]+)\"", page, re.DOTALL)
        if found is None:
            raise LookupError(f"no persona {name}")
        if self.post("/personas/become/", persona=found[1]).status != 302:
            raise LookupError(f"persona {name} could not sign in")

    def _ask(self, method: str, path: str, body: str | None) -> Answer:
        if self._connection is None or _dropped(self._connection):
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, body=body, headers=headers)
        response = self._connection.getresponse()
        page = response.read().decode("utf-8", "replace")
        self._keep(response)
        return Answer(response.status, response.getheader("Location", ""), page)

    def _keep(self, response: http.client.HTTPResponse) -> None:
        for line in response.msg.get_all("Set-Cookie") or []:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value


def _dropped(connection: http.client.HTTPConnection) -> bool:
    """Whether the server has closed a connection that rests, as it does when it relieves a worker: browsers look as well."""
    return connection.sock is not None and bool(select([connection.sock], [], [], 0)[0])
