from datetime import timedelta

from markupsafe import Markup

from odoo import fields, models

from .osc_case_writing import own_words


class OscCaseWork(models.AbstractModel):
    """Part of ``osc.case``: what is done for her, when, and who is told of it."""

    _name = "osc.case.work"
    _description = "Work on cases"

    service_ids = fields.One2many(
        comodel_name="osc.case.service",
        inverse_name="case_id",
        string="Services",
        copy=False,
        groups="osc_base.group_representative",
    )
    followup_ids = fields.One2many(
        comodel_name="osc.followup",
        inverse_name="case_id",
        string="Follow-ups",
        copy=False,
        groups="osc_base.group_representative",
    )

    def _request_services(self):
        """What she asks for at intake becomes requests, each service once."""
        # Whoever reports need not be one of those who may add services.
        for case in self.sudo().filtered("reported_at"):
            missing = case.requested_service_ids - case.service_ids.service_id
            self.env["osc.case.service"].sudo().create(
                [{"case_id": case.id, "service_id": s.id} for s in missing]
            )

    # ------------------------------------------------------------------
    # Appointments
    # ------------------------------------------------------------------
    def _make_appointment(self, start, hours, users):
        """An event in the calendars of members of the case, with its code only.

        Private, so that colleagues see "busy"; no invitations leave by e-mail, since
        these carry links that open without a password.

        :param datetime start: naive UTC
        :param float hours: how long
        :param users: ``res.users``; those who may not open the case are left out
        :return: ``calendar.event``, as superuser
        """
        self.ensure_one()
        # Who is excluded is no business of whoever plans.
        users &= self._valid_members() - self.sudo().excluded_user_ids
        # The case of an event is hidden, and it may be that of a colleague.
        Event = self.env["calendar.event"].sudo()
        return Event.with_context(
            no_mail_to_attendees=True,
            mail_create_nosubscribe=True,
            skip_contact_description=True,
            tracking_disable=True,
        ).create(
            {
                "name": self.display_name,
                "start": start,
                "stop": start + timedelta(hours=hours),
                "privacy": "private",
                "show_as": "busy",
                "user_id": self.env.uid,
                "partner_ids": [fields.Command.set(users.partner_id.ids)],
                "osc_case_id": self.id,
            }
        )

    def _take_leave(self, users):
        """Who may not open the case any more has none of its appointments.

        Also those whose hours are over: one who stayed would hold up all others.
        """
        result = super()._take_leave(users)
        members = self._valid_members()
        gone = users - members
        # The case of an event is hidden from everybody.
        events = self.env["calendar.event"].sudo()
        events = events.search(
            [
                ("osc_case_id", "=", self.id),
                "|",
                ("partner_ids", "in", gone.partner_id.ids),
                ("user_id", "in", gone.ids),
            ]
        )
        # Asked after the user's own access has ended.
        worker = self.sudo().case_worker_id - gone
        for event in events.with_context(no_mail_to_attendees=True):
            event.partner_ids &= members.partner_id
            if event.user_id in gone:
                event.user_id = worker
        return result

    # ------------------------------------------------------------------
    # Telling people
    # ------------------------------------------------------------------
    def _notify_people(self, users, message):
        """On their screens, and in the inbox or by e-mail.

        :param users: ``res.users``
        :param message: function that gets the case in the language and time zone of
            a user, and returns subject and text: codes and times, nothing else
        """
        self.ensure_one()
        for user in users:
            case = self.with_context(lang=user.lang, tz=user.tz or self.center_id.tz)
            subject, text = message(case)
            user._bus_send(
                "simple_notification",
                {"type": "warning", "title": subject, "message": text, "sticky": True},
            )
            with own_words():
                case.env["mail.thread"].message_notify(
                    partner_ids=user.partner_id.ids,
                    author_id=self.env.ref("base.partner_root").id,
                    subject=subject,
                    body=Markup("<p>%s</p>") % text,
                    model=self._name,
                    res_id=self.id,
                    email_add_signature=False,
                )

    def _note_step(self, body):
        """Note in the chatter what became of the case, in words of the program."""
        with own_words():
            self._message_log(body=body)

    def _local_text(self, moment):
        """A moment on the clock of the user, for a message."""
        local = fields.Datetime.context_timestamp(self, moment)
        return local.strftime("%Y-%m-%d %H:%M")
