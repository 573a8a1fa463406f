from odoo import api, fields, models


class ResourceResource(models.Model):
    """The card of a colleague shows the skills that the user may know of.

    Odoo reads this field as superuser.
    """

    _inherit = "resource.resource"

    employee_skill_ids = fields.One2many(
        comodel_name="hr.employee.skill",
        related=None,
        compute="_compute_osc_skills",
        compute_sudo=False,
    )

    @api.depends("employee_id")
    @api.depends_context("uid")
    def _compute_osc_skills(self):
        # Who the employee is stands on the card; their record is of HR.
        people = {one: one.sudo().employee_id.ids for one in self}
        held = self.env["hr.employee.skill"].search(
            [("employee_id", "in", [id_ for ids in people.values() for id_ in ids])]
        )
        by_id = {
            person.id: skills for person, skills in held.grouped("employee_id").items()
        }
        for resource in self:
            resource.employee_skill_ids = held.browse().union(
                *(by_id[id_] for id_ in people[resource] if id_ in by_id)
            )
