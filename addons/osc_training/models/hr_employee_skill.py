from odoo import api, fields, models


class HrEmployeeSkill(models.Model):
    """Adds where a certification comes from: a session or a passed quiz.

    Odoo lets everybody change their own skills. Record rules leave certifications of the
    centers to HR, or anybody could certify themselves.
    """

    _inherit = "hr.employee.skill"

    osc_registration_id = fields.Many2one(
        comodel_name="event.registration",
        string="Session",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="set null",
    )
    osc_user_input_id = fields.Many2one(
        comodel_name="survey.user_input",
        string="Quiz",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="set null",
    )

    def write(self, vals):
        result = super().write(vals)
        if {"employee_id", "skill_id", "skill_type_id"} & set(vals):
            # Rules were checked for what it was; they hold for what it becomes, too.
            self.check_access("write")
        return result

    @api.model
    def _osc_grant(self, employee, skills, day, **source):
        """Certify somebody from a day on, each for the time that the course says.

        What is already there from the same day stays as it is, and what holds longer
        goes on holding: the last day counts.

        :param skills: courses
        :param date day: first day
        :param source: ``osc_registration_id`` or ``osc_user_input_id``
        """
        there = self.search(
            [
                ("employee_id", "=", employee.id),
                ("skill_id", "in", skills.ids),
                ("valid_from", "=", day),
            ]
        )
        vals_list = []
        for skill in skills:
            valid_to = skill._osc_valid_to(day)
            same = there.filtered(
                lambda held, skill=skill, valid_to=valid_to: (
                    held.skill_id == skill and held.valid_to == valid_to
                )
            )
            if not same:
                vals_list.append(
                    {
                        "employee_id": employee.id,
                        "skill_id": skill.id,
                        "skill_type_id": skill.skill_type_id.id,
                        "skill_level_id": skill._osc_level().id,
                        "valid_from": day,
                        "valid_to": valid_to,
                        **source,
                    }
                )
        return self.create(vals_list)
