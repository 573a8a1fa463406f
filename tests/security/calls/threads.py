"""What threads, activities, files and calendars of Odoo bring."""

from odoo import fields
from odoo.fields import Command

MAIL = """From: somebody@matrix.example
To: case@matrix.example
Subject: Hello
Message-ID: <matrix@matrix.example>

Hello
"""
TODO = "mail.mail_activity_data_todo"

WRITE = {
    "calendar.attendee": {"state": "accepted"},
    "calendar.event": {"show_as": "free"},
    "ir.actions.report": {"name": "x"},
    "ir.attachment": {"name": "x"},
    "mail.activity": {"summary": "x"},
    "mail.followers": {"subtype_ids": [Command.clear()]},
    "mail.compose.message": {"subject": "x"},
    "mail.message": {"body": "x"},
    "mail.notification": {"is_read": True},
    "mail.scheduled.message": {"body": "x"},
}
CREATE = {
    "calendar.attendee": lambda s, user: {"partner_id": user.partner_id.id},
    # A meeting that somebody plans from the case.
    "calendar.event": lambda s, user: {
        "partner_ids": [Command.set(user.partner_id.ids)],
        "res_id": s.case.id,
        "res_model_id": s.env["ir.model"]._get_id("osc.case"),
        "user_id": user.id,
    },
    "mail.followers": lambda s, user: {"partner_id": user.partner_id.id},
    "mail.notification": lambda s, user: {"res_partner_id": user.partner_id.id},
    "mail.scheduled.message": lambda s, user: {"author_id": user.partner_id.id},
}
LEAVE_OUT = {"ir.attachment": ("access_token",)}
CALLS = {
    "calendar.attendee.do_accept": lambda s, user: ((), {}),
    "calendar.attendee.do_decline": lambda s, user: ((), {}),
    "ir.attachment.generate_access_token": lambda s, user: ((), {}),
    "mail.activity.action_notify": lambda s, user: ((), {}),
    "mail.compose.message.create_mail_template": lambda s, user: ((), {}),
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
}
ROWS = {
    "calendar.attendee.do_accept": "calendar.attendee:conference",
    "calendar.attendee.do_decline": "calendar.attendee:conference",
    "calendar.event.message_post": "calendar.event:conference",
    "ir.attachment.generate_access_token": "ir.attachment:of a case",
}
