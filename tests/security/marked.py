"""What is marked in the story, and how its people do what they do, over HTTP."""

import contextlib

from tests.support.rpc import RpcError, Session

# What is marked, and the texts that betray it: the whole and its telling parts.
MARKS = {
    "name": ["Zarmeenay Qalandarzai", "Zarmeenay", "Qalandarzai"],
    "name in Urdu": ["زرمینے قلندرزئی", "زرمینے", "قلندرزئی"],
    "national id": ["35202-7719026-8", "3520277190268"],
    "phone": ["+92 345 7719026", "923457719026", "3457719026"],
    "address": ["House 77, Coppersmiths' Lane, Quartermile", "Coppersmiths"],
    "safe number": ["0333-6642918", "3336642918"],
    "safe hours": ["while Barialay drives his rickshaw", "Barialay"],
    "safety notes": ["say that the tailor Wazhma calls", "Wazhma"],
    "statement": ["He locked the copper door and counted to seventeen"],
    "statement in Urdu": ["اس نے تانبے کا دروازہ بند کیا"],
    "present": ["her cousin Sparlay Wazirkhel", "Sparlay", "Wazirkhel"],
    "girl": ["Khadijabano Mirzadgai", "Khadijabano", "Mirzadgai"],
    "guardian": ["Gulmakai Torghundi", "Gulmakai", "Torghundi"],
    "guardian's phone": ["+92 300 4419277", "3004419277"],
    "action": ["Stitched the cut that Shinkamar's ring left", "Shinkamar"],
    "action by telephone": ["Called her neighbour Nazokhela back", "Nazokhela"],
    "reason to decline": ["I teach the children of Tordheray Khan", "Tordheray"],
    "reason of the emergency": ["Her brother Zmarakai stands at the gate", "Zmarakai"],
    "reason to disclose": ["Her sister Palwashey is locked in with him", "Palwashey"],
    "signed form": ["Thumb print of the undersigned Zarlakhta", "Zarlakhta"],
    "signed form's name": ["agreed-by-spogmaiwali.txt", "spogmaiwali"],
    "chatter file": ["Two bruises in the form of Lapislazul", "Lapislazul"],
    "chatter file's name": ["bruises-of-toorpekay.txt", "toorpekay"],
    # Never stored, but given: in searches, wrong fields, refused notes and lists.
    "searched name": ["Wrekhmina Andardagai", "Wrekhmina", "Andardagai"],
    "name in a wrong field": ["Malalakhta Babozai", "Malalakhta", "Babozai"],
    "name in a list": ["Spozhmaykhel Wardagai", "Spozhmaykhel", "Wardagai"],
}
BORN = "1987-09-21"
NAME = MARKS["name"][0]
URDU = MARKS["name in Urdu"][0]
TYPED = {"searched name", "name in a wrong field", "name in a list"}


def of(what: str) -> str:
    return MARKS[what][0]


@contextlib.contextmanager
def refused(*names: str):
    """What is done here has to be refused with one of these exceptions."""
    try:
        yield
    except RpcError as error:
        assert not names or error.name in names, error
    else:
        raise AssertionError("this was not refused")


class Player:
    """Does what people do in the web client, each with a session of their own."""

    def __init__(self, server):
        self.server = server
        self.sessions: dict[str, Session] = {}

    def user(self, login: str) -> Session:
        if login not in self.sessions:
            self.sessions[login] = self.server.session(login)
        return self.sessions[login]

    def id(self, model: str, module: str, name: str) -> int:
        domain = [("model", "=", model), ("module", "=", module), ("name", "=", name)]
        rows = self.user("admin").call(
            "ir.model.data", "search_read", domain, ["res_id"]
        )
        return rows[0]["res_id"]

    def discipline(self, code: str) -> int:
        return self.id("osc.discipline", "osc_base", f"osc_discipline_{code}")

    def save(self, session, model: str, ids: list, values: dict) -> dict:
        """Save a form as the web client does."""
        specification = {name: {} for name in values}
        return session.call(
            model, "web_save", ids, values, specification=specification
        )[0]

    def post(self, session, body: str, files=(), mentioned=()) -> None:
        session.json(
            "/mail/message/post",
            {
                "thread_model": "osc.case",
                "thread_id": self.case,
                "post_data": {
                    "body": body,
                    "attachment_ids": list(files),
                    "partner_ids": list(mentioned),
                    "message_type": "comment",
                    "subtype_xmlid": "mail.mt_note",
                },
            },
        )
