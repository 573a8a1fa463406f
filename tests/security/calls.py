"""What people try: values to write and to create, and arguments of methods.

``s`` is the ``Story``, ``user`` who tries. A model that isn't named below is written
and created with values like those that its record has.
"""

from odoo import fields
from odoo.fields import Command

from . import calls_casework as casework
from .story import LIST, PHONE

# Values that differ from what is there.
WRITE = {
    "osc.case": {"channel": "phone"},
    "osc.case.member": {"valid_until": "2099-01-01 00:00:00"},
    "osc.case.member.scope": {"valid_until": "2099-01-01 00:00:00"},
    "osc.incident": {"place": "street"},
    "osc.survivor": {"disability": "physical"},
    "osc.guardian": {"relation": "father"},
    "osc.consent": {"document_ids": []},
    "osc.disclosure": {"survivor_told": True},
    "osc.statement": {"how": "audio"},
    "osc.break.glass": {"review": "justified"},
    "osc.intimation": {"due_at": "2099-01-01 00:00:00"},
    "osc.break.glass.request": {"hours": 2},
    "osc.intimation.answer": {"text": "x"},
    "osc.roster.copy": {"weeks": 2},
    "osc.intimation.rule": {"name": "x"},
    "osc.account.settings": {"session_hours": 11},
    "osc.audit.entry": {"reference": "x"},
    "osc.audit.opening": {"reference": "x"},
    "osc.audit.archiving": {"months": 24},
    "osc.case.import": {"file_name": "x.csv"},
    "osc.statistics.export": {"date_to": "2026-01-31"},
    "osc.duty.shift": {"start": "2026-01-01 00:00:00"},
    "osc.representative": {"is_backup": True},
    "osc.discipline": {"sequence": 99},
    "osc.incident.type": {"sequence": 99},
    "osc.center": {"city": "x"},
    "osc.policy": {"name": "x"},
    "osc.service": {"target_minutes": 7},
    "osc.sop.version": {"body": "<p>x</p>"},
    "mail.message": {"body": "x"},
    "mail.scheduled.message": {"body": "x"},
    "mail.activity": {"summary": "x"},
    "mail.followers": {"subtype_ids": [Command.clear()]},
    "mail.notification": {"is_read": True},
    "ir.attachment": {"name": "x"},
    "res.users": {"signature": "x"},
} | casework.WRITE
# Values besides those of a copy of the record: what must be unique, what isn't copied.
CREATE = {
    "osc.agency": lambda s, user: {"name": "x"},
    "osc.case": lambda s, user: {"case_worker_id": user.id},
    "osc.center": lambda s, user: {"code": "MTXC"},
    "osc.discipline": lambda s, user: {"code": "x"},
    "osc.duty.shift": lambda s, user: {
        "start": "2026-01-01 00:00:00",
        "end": "2026-01-01 01:00:00",
    },
    "osc.incident.type": lambda s, user: {"code": "x"},
    "osc.policy": lambda s, user: {"country_id": s.env.ref("base.fr").id},
    "osc.representative": lambda s, user: {"discipline_id": s.disciplines["legal"].id},
    "osc.service": lambda s, user: {"code": "x"},
    "osc.sop": lambda s, user: {"code": "x"},
    "osc.sop.version": lambda s, user: {"number": "98"},
    "osc.statement": lambda s, user: {"narrative": "x"},
    "osc.guardian": lambda s, user: {"phone": PHONE},
    "osc.case.member": lambda s, user: {"user_id": user.id, "identity_access": True},
    "osc.intimation": lambda s, user: {"user_id": user.id},
    "osc.break.glass": lambda s, user: {"user_id": user.id},
    "mail.followers": lambda s, user: {"partner_id": user.partner_id.id},
    "mail.scheduled.message": lambda s, user: {"author_id": user.partner_id.id},
    "mail.notification": lambda s, user: {"res_partner_id": user.partner_id.id},
    "res.users": lambda s, user: {"login": "matrix_x", "name": "x"},
} | casework.CREATE
# Fields of a copy that nobody would give.
LEAVE_OUT = {
    "author_id": ("osc.statement",),
    "recorded_by_id": ("osc.consent", "osc.disclosure"),
    "document_ids": ("osc.consent",),
    "access_token": ("ir.attachment",),
}

MAIL = """From: somebody@matrix.example
To: case@matrix.example
Subject: Hello
Message-ID: <matrix@matrix.example>

Hello
"""
TODO = "mail.mail_activity_data_todo"

# Every public method that the suite defines, and those named action_, message_ and
# activity_ that its models inherit: (positional arguments after the record, keywords).
# Names with a model go before names without one.
CALLS = {
    # The suite's own
    "osc.case.action_report": lambda s, user: ((), {}),
    "osc.case.action_close": lambda s, user: ((), {}),
    "osc.case.action_reopen": lambda s, user: ((), {}),
    "osc.case.action_open_intimations": lambda s, user: ((), {}),
    "osc.case.web_save": lambda s, user: (
        ({"case_worker_id": s.users["peer"].id}, {"display_name": {}}),
        {},
    ),
    "osc.intimation.action_acknowledge": lambda s, user: ((), {}),
    "osc.intimation.action_act": lambda s, user: (("Went there",), {}),
    "osc.intimation.action_decline": lambda s, user: (("Ill",), {}),
    "osc.intimation.get_open": lambda s, user: ((), {}),
    "osc.intimation.answer.action_confirm": lambda s, user: ((), {}),
    "osc.consent.action_withdraw": lambda s, user: ((), {}),
    "osc.disclosure.action_end": lambda s, user: ((), {}),
    "osc.break.glass.action_justified": lambda s, user: ((), {}),
    "osc.break.glass.action_unjustified": lambda s, user: ((), {}),
    "osc.break.glass.request.action_confirm": lambda s, user: ((), {}),
    "osc.roster.copy.action_copy": lambda s, user: ((), {}),
    "osc.case.action_link_survivor": lambda s, user: (
        (s.records["osc.survivor"].id,),
        {},
    ),
    "osc.case.import.action_check": lambda s, user: ((), {}),
    "osc.case.import.action_import": lambda s, user: ((), {}),
    "osc.case.import.action_template": lambda s, user: ((), {}),
    "osc.statistics.export.action_export": lambda s, user: ((), {}),
    "osc.account.settings.action_accounts": lambda s, user: ((), {}),
    "osc.audit.archiving.action_make_file": lambda s, user: ((), {}),
    "osc.audit.archiving.action_take_out": lambda s, user: ((), {}),
    "osc.audit.entry.action_verify": lambda s, user: ((), {}),
    "osc.audit.entry.verify": lambda s, user: ((), {}),
    "osc.representative.action_end_sessions": lambda s, user: ((), {}),
    "res.users.action_osc_end_sessions": lambda s, user: ((), {}),
    "ir.attachment.generate_access_token": lambda s, user: ((), {}),
    "mail.activity.action_notify": lambda s, user: ((), {}),
    "osc.sop.version.action_review": lambda s, user: ((), {}),
    "osc.sop.version.action_draft": lambda s, user: ((), {}),
    "osc.sop.version.action_approve": lambda s, user: ((), {}),
    "osc.sop.version.action_new_version": lambda s, user: ((), {}),
    # What threads and activities of Odoo bring
    "message_post": lambda s, user: ((), {"body": "Hello"}),
    "message_notify": lambda s, user: (
        (),
        {"body": "Hello", "partner_ids": user.partner_id.ids},
    ),
    "message_subscribe": lambda s, user: ((user.partner_id.ids,), {}),
    "message_unsubscribe": lambda s, user: ((s.users["plce"].partner_id.ids,), {}),
    "message_get_followers": lambda s, user: ((), {}),
    "message_change_thread": lambda s, user: ((s.records["osc.case:draft"].id,), {}),
    "message_mail_with_source": lambda s, user: (("web.webclient_offline",), {}),
    "message_post_with_source": lambda s, user: (("web.webclient_offline",), {}),
    "message_new": lambda s, user: (({"subject": "x", "body": "x"},), {}),
    "message_update": lambda s, user: (({}, {"channel": "phone"}), {}),
    "message_parse": lambda s, user: ((MAIL,), {}),
    "message_process": lambda s, user: (("osc.case", MAIL), {}),
    "message_route": lambda s, user: ((MAIL, {}), {}),
    "activity_schedule": lambda s, user: ((TODO,), {"user_id": user.id}),
    "activity_feedback": lambda s, user: (([TODO],), {}),
    "activity_reschedule": lambda s, user: (
        ([TODO],),
        {"date_deadline": fields.Date.to_string(fields.Date.today())},
    ),
    "activity_unlink": lambda s, user: (([TODO],), {}),
    "activity_search": lambda s, user: (([TODO],), {}),
    "activity_send_mail": lambda s, user: ((1,), {}),
    "action_reschedule_my_next_nextweek": lambda s, user: ((), {}),
    "action_reschedule_my_next_today": lambda s, user: ((), {}),
    "action_reschedule_my_next_tomorrow": lambda s, user: ((), {}),
} | casework.CALLS

# On which record a method is tried, where it isn't the first one of its model.
ROWS = {
    "ir.attachment.generate_access_token": "ir.attachment:of a case",
    "osc.case.action_link_survivor": "osc.case:draft",
    "osc.case.action_report": "osc.case:draft",
    "osc.intimation.action_acknowledge": "osc.intimation:not acknowledged",
    "osc.intimation.action_act": "osc.intimation:not acknowledged",
    "osc.intimation.action_decline": "osc.intimation:not acknowledged",
    "osc.sop.version.action_review": "osc.sop.version:draft",
    "osc.sop.version.action_draft": "osc.sop.version:draft",
    "osc.sop.version.action_approve": "osc.sop.version:draft",
}

# What must be so before: done by the superuser, and undone afterwards.
BEFORE = {
    "osc.case.action_reopen": lambda s: s["osc.case"].action_close(),
    "osc.sop.version.action_draft": lambda s: s[
        "osc.sop.version:draft"
    ].action_review(),
    "osc.sop.version.action_approve": lambda s: s[
        "osc.sop.version:draft"
    ].action_review(),
    "osc.intimation.answer.action_confirm": lambda s: s["osc.intimation.answer"].write(
        {"text": "Done"}
    ),
} | casework.BEFORE

# Wizards that people fill in themselves: each acts with the person's own rights.
OWN = {
    "osc.break.glass.request.action_confirm": lambda s, user: {
        "case_code": s.case.name,
        "reason": "She can't be asked now",
        "hours": 1,
    },
    "osc.intimation.answer.action_confirm": lambda s, user: {
        "intimation_id": s["osc.intimation:not acknowledged"].id,
        "kind": "act",
        "text": "Done",
    },
    "osc.roster.copy.action_copy": lambda s, user: {"center_id": s.center.id},
    "osc.case.import.action_check": lambda s, user: {"file": LIST},
    "osc.case.import.action_import": lambda s, user: {"file": LIST},
    "osc.case.import.action_template": lambda s, user: {"file": LIST},
    "osc.statistics.export.action_export": lambda s, user: {"center_ids": s.center.ids},
    "osc.audit.archiving.action_make_file": lambda s, user: {},
    "osc.audit.archiving.action_take_out": lambda s, user: {},
} | casework.OWN
