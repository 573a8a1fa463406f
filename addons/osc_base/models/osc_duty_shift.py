from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain


class OscDutyShift(models.Model):
    """Time in which a representative is on duty: there or on call, reachable at once.

    ``start`` belongs to the shift, ``end`` does not: who takes over at 22:00 and who
    goes at 22:00 are never on duty together.
    """

    _name = "osc.duty.shift"
    _inherit = "osc.given.mixin"
    _description = "Duty shift"
    _order = "start, id"
    _check_company_auto = True

    representative_id = fields.Many2one(
        comodel_name="osc.representative",
        required=True,
        index=True,
        ondelete="cascade",
    )
    employee_id = fields.Many2one(
        comodel_name="hr.employee",
        related="representative_id.employee_id",
        store=True,
        index=True,
    )
    center_id = fields.Many2one(
        comodel_name="osc.center",
        compute="_compute_center_id",
        store=True,
        precompute=True,
        index=True,
        help="Where the representative was when the shift was planned.",
    )
    discipline_id = fields.Many2one(
        comodel_name="osc.discipline",
        related="representative_id.discipline_id",
        store=True,
    )
    company_id = fields.Many2one(related="center_id.company_id", store=True)
    is_backup = fields.Boolean(related="representative_id.is_backup")
    start = fields.Datetime(required=True, index=True)
    end = fields.Datetime(required=True)
    hours = fields.Float(compute="_compute_hours")

    _ends_after_start = models.Constraint(
        'CHECK("end" > start)', "A shift must end after it starts."
    )
    # The extension btree_gist that this needs is created before installation.
    _no_overlap = models.Constraint(
        'EXCLUDE USING gist (employee_id WITH =, tsrange(start, "end") WITH &&) '
        "DEFERRABLE INITIALLY IMMEDIATE",
        "This person already has a shift at that time.",
    )

    def write(self, vals):
        result = super().write(vals)
        if "representative_id" in vals:
            # Rules were checked for the roster that it comes from; they hold for the
            # roster that it goes to, too.
            self.check_access("write")
        return result

    @api.depends("representative_id")
    def _compute_center_id(self):
        """Whoever goes to another center was on duty at the former one."""
        for shift in self:
            shift.center_id = shift.representative_id.center_id

    @api.depends("representative_id")
    def _compute_display_name(self):
        for shift in self:
            shift.display_name = shift.representative_id.display_name

    @api.depends("start", "end")
    def _compute_hours(self):
        for shift in self:
            if shift.start and shift.end:
                shift.hours = (shift.end - shift.start).total_seconds() / 3600
            else:
                shift.hours = 0

    @api.constrains("representative_id", "start", "end")
    def _check_overlap(self):
        """Say which shift is in the way; the database refuses races."""
        # To search is to flush: the database would say no before we can say why.
        self.env.cr.execute("SET CONSTRAINTS osc_duty_shift_no_overlap DEFERRED")
        for shift in self:
            domain = (
                Domain("id", "!=", shift.id)
                & Domain("employee_id", "=", shift.employee_id.id)
                & Domain("start", "<", shift.end)
                & Domain("end", ">", shift.start)
            )
            # A person may be on duty at a center whose roster the user can't see.
            other = self.sudo().search(domain, limit=1)
            if other:
                raise ValidationError(
                    self.env._(
                        "%(name)s already has a shift from %(start)s to %(end)s. "
                        "Change that one, or choose other hours.",
                        name=shift._name_for_user(),
                        start=self._local_text(other.start),
                        end=self._local_text(other.end),
                    )
                )
        self.env.cr.execute("SET CONSTRAINTS osc_duty_shift_no_overlap IMMEDIATE")

    def _name_for_user(self):
        """Who has the shift, unless the user can't see who works at that center.

        Constraints run as superuser, so their messages must look themselves.
        """
        representative = self.representative_id.sudo(False)
        if representative.has_access("read"):
            return representative.name
        return self.env._("This person")

    def _local_text(self, moment):
        """A moment as the user reads it, in the user's time zone."""
        local = fields.Datetime.context_timestamp(self, moment)
        return local.strftime("%Y-%m-%d %H:%M")
