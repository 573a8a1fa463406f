"""Two ways to call the server: the web client's, and the external JSON-2 interface."""

import copy
import itertools
import re

import requests

TIMEOUT = 120
_ids = itertools.count(1)


class RpcError(Exception):
    """The server's refusal: ``name`` is the exception, such as AccessError."""

    def __init__(self, name: str, message: str):
        super().__init__(f"{name}: {message}")
        self.name = name.rsplit(".", 1)[-1]
        self.message = message


class Session:
    """A session that a user opened with login and password."""

    def __init__(self, url: str, database: str, login: str, password: str):
        self.url, self.login = url, login
        self.http = requests.Session()
        params = {"db": database, "login": login, "password": password}
        self.info = self.json("/web/session/authenticate", params)
        self.uid = self.info["uid"]
        if not self.uid:
            raise RpcError("AccessDenied", f"no session for {login}")

    def twin(self):
        """The same session on a connection of its own, as of a second browser tab."""
        other = copy.copy(self)
        other.http = requests.Session()
        other.http.cookies.update(self.http.cookies)
        return other

    def json(self, path: str, params: dict):
        """Call a JSON route."""
        body = {"jsonrpc": "2.0", "method": "call", "id": next(_ids), "params": params}
        answer = self.http.post(f"{self.url}{path}", json=body, timeout=TIMEOUT)
        answer.raise_for_status()
        result = answer.json()
        if "error" in result:
            data = result["error"].get("data", {})
            raise RpcError(data.get("name", ""), data.get("message", str(result)))
        return result.get("result")

    def call(self, model: str, method: str, *args, **kwargs):
        """Call a method of a model as the web client does (``call_kw``)."""
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self.json(f"/web/dataset/call_kw/{model}/{method}", params)

    def get(self, path: str, **options) -> requests.Response:
        """Fetch a page or a file."""
        return self.http.get(f"{self.url}{path}", timeout=TIMEOUT, **options)

    def upload(self, path: str, name: str, content: bytes, **data) -> requests.Response:
        """Send a file to a route, as the web client does."""
        token = re.search(r'csrf_token: "([^"]+)"', self.get("/odoo").text).group(1)
        answer = self.http.post(
            f"{self.url}{path}",
            data={"csrf_token": token, **data},
            files={"ufile": (name, content)},
            timeout=TIMEOUT,
        )
        answer.raise_for_status()
        return answer


class Json2:
    """The external interface, with an API key."""

    def __init__(self, url: str, database: str, key: str):
        self.url = url
        self.http = requests.Session()
        self.http.headers["Authorization"] = f"bearer {key}"
        self.http.headers["X-Odoo-Database"] = database

    def call(self, model: str, method: str, ids=(), **kwargs):
        body = {**kwargs, **({"ids": list(ids)} if ids else {})}
        url = f"{self.url}/json/2/{model}/{method}"
        answer = self.http.post(url, json=body, timeout=TIMEOUT)
        if answer.status_code != 200:
            try:
                error = answer.json()
            except ValueError:
                error = {"message": answer.text[:500]}
            raise RpcError(error.get("name", str(answer.status_code)), error["message"])
        return answer.json()
