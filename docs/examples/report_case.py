#!/usr/bin/env python3
"""Open a case at a One-Stop Center from another program, and report it.

Uses Odoo's JSON-2 interface: ``POST /json/2/<model>/<method>`` with the arguments by
name. Needs Python 3.10 and the package ``requests``, nothing of Odoo.

The key belongs to a case worker, and the program may do what that person may do:

1. Log in to the web client as the case worker. Click the name at the top right,
   "My Preferences", tab "Security", "Add API Key".
2. Give the key a name that tells what it is for, such as "helpline", and choose how
   long it is valid: 90 days at most, as Odoo allows every employee. An administrator
   sets another limit in Settings, "Users & Companies", "Groups", the group "Role /
   User", "API Keys maximum duration days". Make a new key before it ends.
3. Copy the key; it is shown once. Put it into the environment, never into a file that
   others can read:

       export OSC_URL=https://odoo.example.org
       export OSC_DATABASE=osc            # when the server has several databases
       export OSC_API_KEY=…

       python3 report_case.py --channel helpline --urgency urgent --incident denial

Nothing that identifies the survivor is sent: her case gets a code, and who is told sees
the code. Reporting a case again tells nobody twice; when no answer comes, find the
draft by its number, which is printed, and report that.
"""

import argparse
import os
import sys

import requests

CHANNELS = (
    *("walk_in", "accompanied", "phone", "helpline", "police", "hospital"),
    *("partner", "online", "outreach", "other"),
)
URGENCIES = ("routine", "urgent", "emergency")


class Refused(Exception):
    """The server did not do what it was asked."""


class Client:
    """Calls methods of models with a key."""

    def __init__(self, url: str, key: str, database: str | None = None):
        self.url = url.rstrip("/")
        self.http = requests.Session()
        self.http.headers["Authorization"] = f"bearer {key}"
        if database:
            self.http.headers["X-Odoo-Database"] = database

    def call(self, model: str, method: str, **arguments):
        """What the method answers; ``ids`` are the records it is called on.

        :raise Refused: with what went wrong, in words for people
        """
        url = f"{self.url}/json/2/{model}/{method}"
        try:
            answer = self.http.post(url, json=arguments, timeout=30)
        except requests.ConnectionError as error:
            raise Refused(f"{self.url} can't be reached.") from error
        except requests.Timeout as error:
            raise Refused(f"{self.url} did not answer within 30 seconds.") from error
        if answer.status_code == 401:
            raise Refused("The API key is not known, or its time is over.")
        if answer.ok:
            return answer.json()
        try:
            message = answer.json()["message"]
        except (ValueError, KeyError, TypeError):
            message = f"{answer.status_code} {answer.reason}"
        raise Refused(message)


def open_case(client: Client, channel: str, urgency: str, incident: str | None) -> int:
    """Open a draft at the center of the case worker; its id."""
    values = {"channel": channel, "urgency": urgency}
    if incident:
        types = client.call(
            "osc.incident.type", "search", domain=[["code", "=", incident]]
        )
        if not types:
            raise Refused(f"There is no incident type “{incident}”.")
        values["incident_ids"] = [[0, 0, {"type_id": types[0]}]]
    return client.call("osc.case", "create", vals_list=[values])[0]


def report(client: Client, case: int) -> tuple[str, list[dict]]:
    """Report a draft; its code and who was told."""
    client.call("osc.case", "action_report", ids=[case])
    [row] = client.call("osc.case", "read", ids=[case], fields=["name"])
    told = client.call(
        "osc.intimation",
        "search_read",
        domain=[["case_id", "=", case]],
        fields=["user_id", "discipline_id", "urgency", "due_at"],
    )
    return row["name"], told


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--channel", choices=CHANNELS, required=True)
    parser.add_argument("--urgency", choices=URGENCIES, default="urgent")
    parser.add_argument(
        "--incident", help="code of a type, such as rape; empty: not said"
    )
    return parser.parse_args(given)


def main() -> int:
    options = arguments()
    missing = [name for name in ("OSC_URL", "OSC_API_KEY") if not os.environ.get(name)]
    if missing:
        print(f"Set {' and '.join(missing)} first.", file=sys.stderr)
        return 2
    client = Client(
        os.environ["OSC_URL"], os.environ["OSC_API_KEY"], os.environ.get("OSC_DATABASE")
    )
    case = None
    try:
        case = open_case(client, options.channel, options.urgency, options.incident)
        code, told = report(client, case)
    except Refused as error:
        what = "The case was not opened" if case is None else f"Draft {case} is open"
        print(f"{what}; nobody is known to be told: {error}", file=sys.stderr)
        return 1
    print(f"Reported: {code}")
    for intimation in told:
        print(
            f"Told: {intimation['discipline_id'][1]}, {intimation['user_id'][1]}, "
            f"{intimation['urgency']}, due {intimation['due_at']} UTC"
        )
    if not told:
        print("Nobody is on duty: call the center manager.", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
