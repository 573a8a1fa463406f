from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command, Domain

# What may be changed in the calendar of an appointment that belongs to a record.
TIME_FIELDS = {
    "allday",
    "duration",
    "follow_recurrence",
    "recurrence_update",
    "show_as",
    "start",
    "start_date",
    "stop",
    "stop_date",
}
TEXTS = ("name", "description", "location", "notes")


class CalendarEvent(models.Model):
    """Appointments of a case are for those who may know of them, and for nobody else.

    Odoo shows every internal user when and with whom a private event is, and a
    "confidential" one whole. A record rule asks ``osc_may_open`` instead. No appointment
    of a case leaves by e-mail: neither invitations with their calendar file, nor
    changes, nor what is written below it.
    """

    _inherit = "calendar.event"

    osc_case_id = fields.Many2one(
        comodel_name="osc.case",
        string="Case",
        index="btree_not_null",
        ondelete="cascade",
        copy=False,
        groups=fields.NO_ACCESS,
    )
    osc_hearing_ids = fields.One2many(
        comodel_name="osc.legal.hearing",
        inverse_name="event_id",
        groups=fields.NO_ACCESS,
        export_string_translation=False,
    )
    osc_conference_ids = fields.One2many(
        comodel_name="osc.case.conference",
        inverse_name="event_id",
        groups=fields.NO_ACCESS,
        export_string_translation=False,
    )
    osc_may_open = fields.Boolean(
        compute="_compute_osc_rights",
        search="_search_osc_may_open",
        groups=fields.NO_ACCESS,
        export_string_translation=False,
    )
    osc_may_change = fields.Boolean(
        compute="_compute_osc_rights",
        search="_search_osc_may_change",
        groups=fields.NO_ACCESS,
        export_string_translation=False,
    )

    # ------------------------------------------------------------------
    # Who may know of it
    # ------------------------------------------------------------------
    @api.model
    def _osc_links(self):
        """Fields that lead to the records of which events are the appointments.

        Their models say who may with ``user_may_open`` and ``user_may_change``, and
        inherit ``osc.case.appointment``.
        """
        return ("osc_hearing_ids", "osc_conference_ids")

    @api.depends("osc_case_id", "osc_hearing_ids", "osc_conference_ids", "partner_ids")
    @api.depends_context("uid")
    def _compute_osc_rights(self):
        # Rules ask this; asking the rules again would go round in circles.
        of_cases = self.sudo().filtered("osc_case_id")
        opened = changed = of_cases.with_context(active_test=False)
        if of_cases:
            ids = Domain("id", "in", of_cases.ids)
            opened = opened.search(ids & self._osc_domain("user_may_open"))
            changed = changed.search(ids & self._osc_domain("user_may_change"))
        for event in self:
            # Compared by record; found as superuser above.
            free = event.sudo() not in of_cases
            event.osc_may_open = free or event.id in opened.ids
            event.osc_may_change = free or event.id in changed.ids

    def _search_osc_may_open(self, operator, value):
        return self._search_osc_rights(operator, value, "user_may_open")

    def _search_osc_may_change(self, operator, value):
        return self._search_osc_rights(operator, value, "user_may_change")

    def _search_osc_rights(self, operator, value, right):
        if operator != "in":
            return NotImplemented
        domain = self._osc_domain(right)
        return domain if True in value else ~domain

    @api.model
    def _osc_domain(self, right):
        """Events of no case, and those of cases that the user may open or change.

        :param str right: ``user_may_open`` or ``user_may_change``
        """
        links = self._osc_links()
        linked = Domain.OR(
            Domain(link, "any!", Domain(right, "=", True)) for link in links
        )
        # A meeting that somebody planned from a task of the case.
        unlinked = Domain.AND(Domain(link, "=", False) for link in links)
        attended = (
            unlinked
            & Domain("osc_case_id", "any!", Domain("user_may_open", "=", True))
            & Domain("partner_ids", "in", self.env.user.partner_id.ids)
        )
        not_excluded = Domain("osc_case_id.excluded_user_ids", "not in", [self.env.uid])
        return Domain("osc_case_id", "=", False) | (not_excluded & (linked | attended))

    # ------------------------------------------------------------------
    # Create and change
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        """A meeting that is planned from a case, or from a task of one, is the case's."""
        defaults = self.default_get(["activity_ids", "res_model_id", "res_id"])
        cases = [self._case_of_vals({**defaults, **vals}) for vals in vals_list]
        if self.env.su or not any(cases):
            return super().create(vals_list)
        events = self.browse()
        for vals, case in zip(vals_list, cases, strict=True):
            if not case:
                events += super().create([vals])
                continue
            case.check_access("read")
            case._check_no_identity(*(vals.get(name) for name in TEXTS))
            # The fields that protect it are nobody's to write.
            protected = {**vals, "osc_case_id": case.id, "privacy": "private"}
            quiet = self.sudo().with_context(skip_contact_description=True)
            events += super(CalendarEvent, quiet).create([protected]).with_env(self.env)
        return events

    @api.model
    def _case_of_vals(self, vals):
        """The case to which a new event belongs, if any."""
        Case = self.env["osc.case"]
        # Names of models aren't readable for everybody with a calendar.
        model = self.env["ir.model"].sudo().browse(vals.get("res_model_id")).model
        if model == Case._name and vals.get("res_id"):
            return Case.browse(vals["res_id"])
        ids = [
            activity_id
            for command in vals.get("activity_ids") or []
            for activity_id in (
                command[2] if command[0] == Command.SET else [command[1]]
            )
            if command[0] in (Command.SET, Command.LINK)
        ]
        # Only where a task belongs is read here.
        activities = self.env["mail.activity"].sudo().browse(ids)
        of_case = activities.filtered(lambda task: task.res_model == Case._name)
        return Case.browse(of_case[:1].res_id)

    def write(self, vals):
        of_cases = self.sudo().filtered("osc_case_id")
        if of_cases and not self.env.su:
            of_cases._check_case_vals(vals)
        moved = bool(of_cases) and bool(TIME_FIELDS & set(vals))
        result = super().write(vals)
        if moved:
            of_cases._move_appointments()
        return result

    def _check_case_vals(self, vals):
        """:raise AccessError: the text or the people come from the case"""
        if "privacy" in vals or "active" in vals or "recurrency" in vals:
            raise AccessError(
                self.env._("An appointment of a case is always private, and single.")
            )
        linked = self.filtered(
            lambda event: any(event[link] for link in event._osc_links())
        )
        if linked and set(vals) - TIME_FIELDS:
            raise AccessError(
                self.env._(
                    "Only the time of this appointment can be changed in the calendar. "
                    "Open the case for the rest."
                )
            )
        for case in self.osc_case_id.sudo(False):
            case._check_no_identity(*(vals.get(name) for name in TEXTS))

    def _move_appointments(self):
        """What was moved in the calendar is moved in the case, too."""
        for event in self:
            for link in self._osc_links():
                event[link]._follow_event(event)

    @api.constrains("partner_ids", "osc_case_id", "recurrency")
    def _check_case_event(self):
        """Nobody learns from an invitation that there is a case."""
        # Whoever plans may be unable to see that there is a case.
        for event in self.sudo().filtered("osc_case_id"):
            if event.recurrency:
                raise ValidationError(
                    self.env._("An appointment of a case can't be repeated.")
                )
            strangers = (
                event.partner_ids - event.osc_case_id._valid_members().partner_id
            )
            if strangers:
                raise ValidationError(
                    self.env._(
                        "Only people who may open the case can be invited, not %s.",
                        ", ".join(strangers.mapped("name")),
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_appointment(self):
        if self.env.su:
            return
        # Services may be hidden from an attendee; they would lose their date all the same.
        services = self.env["osc.case.service"].sudo()
        scheduled = services.search([("event_id", "in", self.ids)]).event_id
        for event in self.sudo():
            if event in scheduled or any(event[link] for link in self._osc_links()):
                raise UserError(
                    self.env._("Cancel this appointment in the case, not here.")
                )

    # ------------------------------------------------------------------
    # Nothing by mail
    # ------------------------------------------------------------------
    def _skip_send_mail_status_update(self):
        return bool(self.sudo().osc_case_id) or super()._skip_send_mail_status_update()

    def message_post(self, *, body="", **kwargs):
        for case in self.sudo().osc_case_id.sudo(False):
            case._check_no_identity(body, kwargs.get("subject"))
        return super().message_post(body=body, **kwargs)

    def _notify_get_recipients(self, message, msg_vals=False, **kwargs):
        # Only whether it is of a case, which may be closed to the user.
        if self.sudo().osc_case_id:
            return []
        return super()._notify_get_recipients(message, msg_vals=msg_vals, **kwargs)
