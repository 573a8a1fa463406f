"""Partners, referrals to them and from them."""

from odoo.fields import Command

from ..persons import PERSONS

WRITE = {
    "osc.referral": {"note": "x"},
    "osc.referral.agreement": {"with_identity": True},
    "osc.referral.answer": {"kind": "write"},
    "osc.referral.incoming": {"state": "taken"},
    "osc.referral.message": {"kind": "answer"},
    "osc.referral.receive": {"urgency": "emergency"},
    "osc.referral.search": {"open_now": True},
    "osc.referral.search.line": {"distance": 1.0},
    "res.partner": {"comment": "x"},
}
CREATE = {
    "osc.area": lambda s, user: {"name": "x"},
    "osc.referral": lambda s, user: {"partner_id": s.other_partner.id},
    "osc.referral.item": lambda s, user: {"code": "x"},
}
CALLS = {
    "osc.referral.action_accept": lambda s, user: ((), {}),
    "osc.referral.action_cancel": lambda s, user: ((), {}),
    "osc.referral.action_complete": lambda s, user: ((), {}),
    "osc.referral.action_decline": lambda s, user: ((), {}),
    "osc.referral.action_find": lambda s, user: ((), {}),
    "osc.referral.action_send": lambda s, user: ((), {}),
    "osc.referral.action_she_says": lambda s, user: (("served",), {}),
    "osc.referral.action_start": lambda s, user: ((), {}),
    "osc.referral.action_write": lambda s, user: (("Is there news?",), {}),
    "osc.referral.agreement.action_confirm": lambda s, user: ((), {}),
    "osc.referral.answer.action_confirm": lambda s, user: ((), {}),
    "osc.referral.receive.action_confirm": lambda s, user: ((), {}),
    "osc.referral.search.action_search": lambda s, user: ((), {}),
    "osc.referral.search.line.action_refer": lambda s, user: ((), {}),
}
ROWS = {
    "osc.referral.action_find": "osc.referral:draft",
    "osc.referral.action_send": "osc.referral:draft",
    "res.partner.action_osc_end_portal_access": "res.partner:of a partner",
    "res.partner.action_osc_give_portal_access": "res.partner:of a partner",
}


def _accepted(s):
    s["osc.referral"].with_user(s.users["part"]).sudo(False).action_accept()


def _completed(s):
    _accepted(s)
    s["osc.referral"].with_user(s.users["part"]).sudo(False).action_complete()


def _with_a_login(s):
    s.env["res.users"].create(
        {
            "partner_id": s["res.partner:of a partner"].id,
            "login": "nurse",
            "group_ids": [Command.set(s.env.ref(PERSONS["part"].group).ids)],
        }
    )


BEFORE = {
    "osc.referral.action_complete": _accepted,
    "osc.referral.action_start": _accepted,
    "osc.referral.action_she_says": _completed,
    "osc.referral.action_she_was_served": _completed,
    "osc.referral.action_she_was_partly_served": _completed,
    "osc.referral.action_she_was_not_served": _completed,
    "res.partner.action_osc_end_portal_access": _with_a_login,
}
OWN = {
    "osc.referral.receive.action_confirm": lambda s, user: {"center_id": s.center.id},
}
