from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain


class OscRepresentative(models.Model):
    """A person of an agency who helps survivors at a center in one discipline.

    The person is an employee, so that HR tracks contracts, skills and training with
    standard Odoo. Someone who works in two disciplines or at two centers has a
    representative record for each.
    """

    _name = "osc.representative"
    _description = "Representative"
    _order = "center_id, discipline_id, is_backup, name, id"
    _check_company_auto = True

    employee_id = fields.Many2one(
        comodel_name="hr.employee", required=True, index=True, ondelete="restrict"
    )
    name = fields.Char(related="employee_id.name", store=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Login",
        related="employee_id.user_id",
        store=True,
        index=True,
    )
    center_id = fields.Many2one(
        comodel_name="osc.center", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="center_id.company_id", store=True)
    agency_id = fields.Many2one(
        comodel_name="osc.agency", index="btree_not_null", ondelete="restrict"
    )
    discipline_id = fields.Many2one(
        comodel_name="osc.discipline", required=True, index=True, ondelete="restrict"
    )
    is_backup = fields.Boolean(
        string="Backup",
        help="Is told only when those of the same discipline who are on duty don't "
        "acknowledge in time, decline, or aren't there.",
    )
    shift_ids = fields.One2many(
        comodel_name="osc.duty.shift", inverse_name="representative_id", string="Shifts"
    )
    on_duty = fields.Boolean(
        compute="_compute_on_duty",
        search="_search_on_duty",
        help="In one of the shifts at this moment.",
    )
    assignable = fields.Boolean(
        string="Can take cases", compute="_compute_assignable", compute_sudo=True
    )
    unassignable_reason = fields.Char(
        string="Why not", compute="_compute_assignable", compute_sudo=True
    )
    active = fields.Boolean(default=True)

    _one_per_role = models.UniqueIndex(
        "(employee_id, center_id, discipline_id) WHERE active",
        "This employee is already a representative of this discipline at the center.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        representatives = super().create(vals_list)
        representatives._check_not_oneself()
        return representatives

    def _check_not_oneself(self):
        """Who runs a center doesn't make themselves counsellor or doctor there.

        With the post they would be told of cases, and read what that discipline writes.

        :raise AccessError: it is the user's own post, and they aren't administrator
        """
        user = self.env.user
        if self.env.su or user.has_group("osc_base.group_administrator"):
            return
        # Logins of employees aren't readable for everybody who runs a center.
        if user in self.sudo().user_id:
            raise AccessError(
                self.env._(
                    "Nobody gives themselves a post. Ask the administrator of the "
                    "One-Stop Centers."
                )
            )

    def write(self, vals):
        post = {"employee_id", "center_id", "discipline_id", "agency_id", "active"}
        if post & set(vals):
            self._check_not_oneself()
        result = super().write(vals)
        if post & set(vals):
            self._check_not_oneself()
        if "center_id" in vals:
            # Rules were checked where they come from; they hold where they go, too:
            # a manager can't put people into the center of somebody else.
            self.check_access("write")
            self._leave_former_roster()
        return result

    def _leave_former_roster(self):
        """Shifts that were planned at another center end or aren't begun: there they
        are a gap that has to be filled, here nobody planned them."""
        now = fields.Datetime.now()
        # Whoever moves somebody may not see the roster that they leave.
        shifts = self.env["osc.duty.shift"].sudo()
        shifts = shifts.search(
            [("representative_id", "in", self.ids), ("end", ">", now)]
        )
        shifts = shifts.filtered(
            lambda shift: shift.center_id != shift.representative_id.center_id
        )
        begun = shifts.filtered(lambda shift: shift.start < now)
        begun.end = now
        (shifts - begun).unlink()

    @api.depends("name", "discipline_id.name")
    def _compute_display_name(self):
        for representative in self:
            representative.display_name = self.env._(
                "%(name)s (%(discipline)s)",
                name=representative.name,
                discipline=representative.discipline_id.name,
            )

    @api.depends("shift_ids.start", "shift_ids.end")
    def _compute_on_duty(self):
        on_duty = self.browse(self._on_duty_query(self.ids).get_result_ids())
        for representative in self:
            representative.on_duty = representative in on_duty

    def _search_on_duty(self, operator, value):
        if operator != "in":
            return NotImplemented
        # normalised: `on_duty in [True]`
        query = self._on_duty_query()
        return [("id", "in" if True in value else "not in", query)]

    @api.model
    def _on_duty_query(self, ids=None):
        """Query of the representatives who are in a shift now."""
        now = fields.Datetime.now()
        domain = Domain("start", "<=", now) & Domain("end", ">", now)
        if ids is not None:
            domain &= Domain("representative_id", "in", ids)
        # Whether someone is on duty is a fact of the representative, not of the
        # shifts that the user may see.
        shifts = self.env["osc.duty.shift"].sudo()._search(domain)
        return (
            self.sudo()
            .with_context(active_test=False)
            ._search([("shift_ids", "in", shifts)])
        )

    @api.depends(
        "active",
        "user_id.active",
        "user_id.group_ids",
        "center_id.state",
        "center_id.active",
    )
    def _compute_assignable(self):
        """Who can be told of a case, and why someone can't.

        Addons above extend this: call ``super()``, then set ``assignable`` to false
        and add to ``unassignable_reason`` for those who lack something. Runs as
        superuser because the reason must be right whoever looks.
        """
        role = self.env.ref("osc_base.group_representative")
        # One query for all: has_group() would ask for each person.
        in_role = self.user_id.with_context(active_test=False).search(
            [("id", "in", self.user_id.ids), ("all_group_ids", "in", role.ids)]
        )
        for representative in self:
            reasons = representative._unassignable_reasons(in_role)
            representative.assignable = not reasons
            representative.unassignable_reason = "; ".join(reasons) or False

    def _unassignable_reasons(self, in_role):
        """Reasons of this addon why a representative can't take cases.

        :param in_role: users whose role shows intimations
        """
        self.ensure_one()
        reasons = []
        if not self.active:
            reasons.append(self.env._("archived"))
        if not self.user_id:
            reasons.append(self.env._("the employee has no login"))
        elif not self.user_id.active:
            reasons.append(self.env._("the login is disabled"))
        elif self.user_id not in in_role:
            reasons.append(self.env._("the login has no role that shows intimations"))
        if self.center_id.state == "closed" or not self.center_id.active:
            reasons.append(self.env._("the center is closed"))
        return reasons

    def action_end_sessions(self):
        """Log the people out everywhere; see ``res.users.action_osc_end_sessions``."""
        self.check_access("read")
        return self.user_id.action_osc_end_sessions()
