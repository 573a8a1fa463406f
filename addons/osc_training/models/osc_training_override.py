from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

LONGEST = timedelta(hours=24)


class OscTrainingOverride(models.Model):
    """A manager lets somebody take cases for one shift in spite of what is missing.

    For the hour in which there would be nobody else. It says who decided so and why,
    can't be changed, and is in the audit trail.
    """

    _name = "osc.training.override"
    _description = "Exception for one shift"
    _inherit = ["osc.audit.mixin"]
    _order = "date_from desc, id desc"
    _rec_name = "representative_id"
    _check_company_auto = True

    representative_id = fields.Many2one(
        comodel_name="osc.representative",
        required=True,
        index=True,
        ondelete="restrict",
    )
    shift_id = fields.Many2one(
        comodel_name="osc.duty.shift",
        domain="[('representative_id', '=', representative_id), ('end', '>', 'now')]",
        ondelete="set null",
    )
    center_id = fields.Many2one(
        comodel_name="osc.center",
        compute="_compute_center_id",
        store=True,
        precompute=True,
        compute_sudo=True,
        index=True,
        help="Where the representative was when this was decided.",
    )
    company_id = fields.Many2one(related="center_id.company_id", store=True)
    date_from = fields.Datetime(
        string="From",
        compute="_compute_dates",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    date_to = fields.Datetime(
        string="To",
        compute="_compute_dates",
        store=True,
        readonly=False,
        required=True,
        precompute=True,
    )
    reason = fields.Text(required=True)
    lacks = fields.Text(
        string="What was missing",
        compute="_compute_lacks",
        store=True,
        precompute=True,
        compute_sudo=True,
        help="What kept the representative from taking cases when this was decided.",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Decided by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )

    is_over = fields.Boolean(compute="_compute_is_over")

    _ends_after_start = models.Constraint(
        "CHECK(date_to > date_from)", "An exception must end after it starts."
    )

    @api.depends("representative_id")
    def _compute_center_id(self):
        """Whoever goes to another center leaves there what was decided there."""
        for override in self:
            override.center_id = override.representative_id.center_id

    @api.depends("shift_id")
    def _compute_dates(self):
        """Those of the shift, which may have begun; without one, eight hours from now."""
        now = fields.Datetime.now()
        for override in self:
            shift = override.shift_id
            if shift:
                override.date_from = shift.start
                override.date_to = shift.end
            elif not override.date_from:
                override.date_from = now
                override.date_to = now + timedelta(hours=8)

    @api.depends("representative_id")
    def _compute_lacks(self):
        """As superuser: what is missing is kept with the decision, whoever decides."""
        Standing = self.env["osc.training.standing"]
        now = fields.Datetime.now()
        pairs = {one: (one.representative_id._origin.id, now) for one in self}
        lacking = Standing._lacking(pair for pair in pairs.values() if pair[0])
        for override in self:
            rows = lacking.get(pairs[override], ())
            override.lacks = "\n".join(map(Standing._reason, rows))

    @api.depends("date_to")
    def _compute_is_over(self):
        now = fields.Datetime.now()
        for override in self:
            override.is_over = bool(override.date_to) and override.date_to <= now

    @api.constrains("date_from", "date_to", "shift_id", "representative_id")
    def _check_one_shift(self):
        for override in self:
            if override.shift_id:
                shift = override.shift_id
                if shift.representative_id != override.representative_id:
                    raise ValidationError(
                        self.env._("The shift is one of somebody else.")
                    )
                inside = (
                    shift.start <= override.date_from and override.date_to <= shift.end
                )
                if not inside:
                    raise ValidationError(
                        self.env._("The exception holds during the shift, not longer.")
                    )
            elif override.date_to - override.date_from > LONGEST:
                raise ValidationError(
                    self.env._(
                        "An exception holds for one shift: choose the shift, or at "
                        "most 24 hours."
                    )
                )

    @api.constrains("reason")
    def _check_reason(self):
        for override in self:
            if not override.reason.strip():
                raise ValidationError(self.env._("Say why this exception is made."))

    # ------------------------------------------------------------------
    # Decided once
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if not self.env.su:
                vals["user_id"] = self.env.uid
        overrides = super().create(vals_list)
        overrides._check_not_past()
        overrides._check_not_for_oneself()
        self.env["osc.audit.entry"]._log("grant", overrides, "representative_id")
        return overrides

    def _check_not_past(self):
        """:raise ValidationError: what was done without it would be excused by it"""
        if any(self.mapped("is_over")):
            raise ValidationError(
                self.env._(
                    "An exception can't be made for a time that is past: choose a shift "
                    "that isn't over."
                )
            )

    def _check_not_for_oneself(self):
        """:raise UserError: somebody decides about themselves"""
        for override in self.sudo():  # whose login it is, whatever the user may read
            if override.user_id == override.representative_id.user_id:
                raise UserError(
                    self.env._(
                        "Nobody can make an exception for themselves: ask the "
                        "coordinator."
                    )
                )

    def write(self, vals):
        self.check_access("read")
        if not self.env.su:
            raise UserError(
                self.env._(
                    "An exception can't be changed. End it, or make another one."
                )
            )
        return super().write(vals)

    def action_end(self):
        """End exceptions now; those that have not begun never hold."""
        self.check_access("create")
        now = fields.Datetime.now()
        # Changing is for nobody; ending is for whoever may make one, which was checked.
        for override in self.sudo():
            if override.date_to > now:
                start = min(override.date_from, now - timedelta(seconds=1))
                override.write({"date_from": start, "date_to": now})

    # ------------------------------------------------------------------
    # Who is excepted
    # ------------------------------------------------------------------
    @api.model
    def _excepted(self, moments):
        """Those for whom an exception holds, each at a moment.

        :param moments: pairs of (id of the representative, naive UTC)
        :return: set of pairs
        """
        if not moments:
            return set()
        times = [moment for _id, moment in moments]
        overrides = self.search(
            Domain("representative_id", "in", [pair[0] for pair in moments])
            & Domain("date_from", "<=", max(times))
            & Domain("date_to", ">", min(times))
        ).grouped("representative_id")
        by_id = {person.id: found for person, found in overrides.items()}
        return {
            (person_id, moment)
            for person_id, moment in moments
            if any(override._holds_at(moment) for override in by_id.get(person_id, ()))
        }

    def _holds_at(self, moment):
        """Whether it holds then: at the center for which it was decided."""
        self.ensure_one()
        return (
            self.date_from <= moment < self.date_to
            and self.center_id == self.representative_id.center_id
        )

    def _audit_reference(self):
        return f"{self.center_id.code}-T{self.id}"
