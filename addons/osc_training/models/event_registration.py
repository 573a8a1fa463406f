from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

# Who comes to be trained is no customer: an Odoo with CRM makes no lead of it, and
# doesn't look up its rules for leads as a trainer, who may not read them.
NO_LEADS = {"event_lead_rule_skip": True}
# What trainers note, who have no role in events.
NOTED = {"osc_result", "state"}


class EventRegistration(models.Model):
    """Adds who of the staff comes to a training session, and with what result."""

    _inherit = "event.registration"

    osc_employee_id = fields.Many2one(
        comodel_name="hr.employee",
        string="Employee",
        compute="_compute_osc_employee_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        ondelete="set null",
    )
    osc_result = fields.Selection(
        selection=[("passed", "Passed"), ("failed", "Not passed")],
        string="Result",
        tracking=False,
    )
    osc_certification_ids = fields.One2many(
        comodel_name="hr.employee.skill",
        inverse_name="osc_registration_id",
        string="Certifications given",
        groups="hr.group_hr_user",
    )
    osc_is_training = fields.Boolean(compute="_compute_osc_is_training")
    osc_is_certified = fields.Boolean(
        string="Certified", compute="_compute_osc_is_certified"
    )
    osc_is_noted_by_user = fields.Boolean(
        compute="_compute_osc_is_noted_by_user", export_string_translation=False
    )

    @api.depends("event_id.osc_skill_ids")
    def _compute_osc_is_training(self):
        for registration in self:
            registration.osc_is_training = bool(registration.event_id.osc_skill_ids)

    @api.depends(
        "active", "event_id.osc_grant_on", "osc_employee_id", "osc_result", "state"
    )
    def _compute_osc_is_certified(self):
        """Whether what is noted here certifies the person."""
        for registration in self:
            attended = registration.active and registration.state == "done"
            result = registration.osc_result
            registration.osc_is_certified = (
                attended
                and bool(registration.osc_employee_id)
                and (
                    result == "passed"
                    if registration.event_id.osc_grant_on == "result"
                    else result != "failed"
                )
            )

    @api.depends_context("uid")
    def _compute_osc_is_noted_by_user(self):
        """Nobody notes the own attendance or result."""
        noted = self._filtered_access("write")
        for registration in self:
            registration.osc_is_noted_by_user = registration in noted

    @api.depends("partner_id", "event_id.osc_skill_ids")
    def _compute_osc_employee_id(self):
        """The employee whose login or work contact it is that was registered."""
        training = self.filtered(
            lambda one: one.event_id.osc_skill_ids and not one.osc_employee_id
        )
        # Whoever registers people need not be HR.
        employees = self.env["hr.employee"].sudo()
        employees = employees.search(
            [
                "|",
                ("user_id.partner_id", "in", training.partner_id.ids),
                ("work_contact_id", "in", training.partner_id.ids),
            ]
        )
        for registration in self:
            known = registration.osc_employee_id
            if registration in training:
                partner = registration.partner_id
                known = employees.filtered(
                    lambda employee, partner=partner: (
                        partner
                        in employee.user_id.partner_id | employee.work_contact_id
                    )
                )[:1]
            registration.osc_employee_id = known

    @api.constrains("osc_employee_id", "event_id", "state", "active")
    def _check_osc_once(self):
        """Nobody comes to the same session twice."""
        for registration in self.filtered(
            lambda one: one.osc_employee_id and one.active and one.state != "cancel"
        ):
            twice = self.search_count(
                [
                    ("osc_employee_id", "=", registration.osc_employee_id.id),
                    ("event_id", "=", registration.event_id.id),
                    ("state", "!=", "cancel"),
                ],
                limit=2,
            )
            if twice > 1 and registration.osc_is_training:
                raise ValidationError(
                    self.env._(
                        "%s is registered for this session already.",
                        # The name of a colleague, for an error message.
                        registration.osc_employee_id.sudo().name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Who is registered as an employee comes with their own contact."""
        employees = self.env["hr.employee"].sudo()  # whoever registers need not be HR
        for vals in vals_list:
            if vals.get("osc_employee_id") and not vals.get("partner_id"):
                employee = employees.browse(vals["osc_employee_id"])
                partner = employee.user_id.partner_id or employee.work_contact_id
                vals.update(partner_id=partner.id, name=employee.name)
        place = self.default_get(["event_id"])
        events = [vals.get("event_id") or place.get("event_id") for vals in vals_list]
        # Whoever registers people need not read what the session certifies.
        sessions = self.env["event.event"].sudo().browse(filter(None, events))
        making = self.with_context(**NO_LEADS) if sessions.osc_skill_ids else self
        registrations = super(EventRegistration, making).create(vals_list)
        registrations = registrations.with_env(self.env)
        registrations._osc_certify()
        return registrations

    def write(self, vals):
        self._check_osc_noted(vals)
        # What the session certifies need not be readable to whoever writes.
        training = self.sudo().filtered("osc_is_training").with_env(self.env)
        for part in (training.with_context(**NO_LEADS), self - training):
            if part:
                super(EventRegistration, part).write(vals)
        if {"event_id", "osc_employee_id", "partner_id"} & set(vals):
            # Rules were checked for what it was; they hold for what it becomes, too.
            self.check_access("write")
        if {"active", "event_id", "osc_employee_id", "osc_result", "state"} & set(vals):
            self._osc_certify()
        return True

    @api.model
    def _check_osc_noted(self, vals):
        """:raise AccessError: a trainer changes more than who attended and passed"""
        if self.env.su or self.env.user.has_group(
            "event.group_event_registration_desk"
        ):
            return
        if set(vals) - NOTED or vals.get("state", "done") not in ("open", "done"):
            raise AccessError(
                self.env._(
                    "Trainers note who attended and passed. Ask HR for other changes."
                )
            )

    def _osc_certify(self):
        """Give the certifications of sessions that were attended; take back those of an
        attendance or a result that was noted by mistake."""
        # Trainers note who came; certifications are written by HR or by this.
        Skill = self.env["hr.employee.skill"].sudo()
        # Who notes the attendance need not be HR; the session says what it certifies.
        for registration in self.sudo():
            given = registration.osc_certification_ids
            event = registration.event_id
            right = event.osc_skill_ids if registration.osc_is_certified else []
            day = event._osc_day()
            wrong = given.filtered(
                lambda held, registration=registration, right=right, day=day: (
                    held.skill_id not in right
                    or held.valid_from != day
                    or held.employee_id != registration.osc_employee_id
                )
            )
            lost = {
                (held.employee_id, held.skill_id, held.valid_from) for held in wrong
            }
            wrong.unlink()
            for employee, skill, first_day in lost:
                self._osc_certify_otherwise(employee, skill, first_day)
            missing = right - (given - wrong).skill_id if right else right
            if missing:
                Skill._osc_grant(
                    registration.osc_employee_id,
                    missing,
                    day,
                    osc_registration_id=registration.id,
                )

    @api.model
    def _osc_certify_otherwise(self, employee, skill, day):
        """Give again what was taken back, when another session or a quiz of the same
        day gives it: of one day there is one certification, from whichever came first.
        """
        sessions = self.sudo().search(  # as those who note the attendance, see above
            [
                ("osc_employee_id", "=", employee.id),
                ("event_id.osc_skill_ids", "in", skill.ids),
                ("state", "=", "done"),
            ]
        )
        sessions.filtered(
            lambda one: one.osc_is_certified and one.event_id._osc_day() == day
        )._osc_certify()
        self.env["survey.user_input"]._osc_credit_again(employee, skill, day)
