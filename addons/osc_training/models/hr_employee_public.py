from odoo import api, fields, models


class HrEmployeePublic(models.Model):
    """Everybody sees colleagues here, with the certifications that they may know of.

    Odoo reads these two fields as superuser.
    """

    _inherit = "hr.employee.public"

    current_employee_skill_ids = fields.One2many(
        related=None, compute="_compute_osc_skills", compute_sudo=False
    )
    certification_ids = fields.One2many(
        related=None, compute="_compute_osc_skills", compute_sudo=False
    )

    @api.depends("employee_skill_ids")
    @api.depends_context("uid")
    def _compute_osc_skills(self):
        for employee in self:
            # Of the own kind of record: those that rules leave.
            held = employee.employee_skill_ids
            current = held.get_current_skills_by_employee()
            employee.current_employee_skill_ids = current[employee.id]
            employee.certification_ids = held.filtered("is_certification")
