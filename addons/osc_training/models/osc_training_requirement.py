from odoo import api, fields, models


class OscTrainingRequirement(models.Model):
    """What a representative must hold to take cases: a certification, or an SOP passed.

    It holds for the representatives of one discipline; a center, a kind of host or an
    agency narrows it down. Nothing is demanded at once unless somebody decides so: who
    is new, and everybody when a requirement or a version of an SOP is new, has days of
    grace.
    """

    _name = "osc.training.requirement"
    _description = "Training requirement"
    _order = "discipline_id, sop_id, skill_id, id"

    discipline_id = fields.Many2one(
        comodel_name="osc.discipline", required=True, index=True, ondelete="cascade"
    )
    center_id = fields.Many2one(
        comodel_name="osc.center",
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: it holds at every center.",
    )
    host_type = fields.Selection(
        selection=lambda self: self.env["osc.center"]._fields["host_type"].selection,
        string="Host",
        help="Empty: it holds at centers of every kind.",
    )
    agency_id = fields.Many2one(
        comodel_name="osc.agency",
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: it holds for the representatives of every agency.",
    )
    skill_id = fields.Many2one(
        comodel_name="hr.skill",
        string="Certification",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('skill_type_id.is_certification', '=', True)]",
    )
    sop_id = fields.Many2one(
        comodel_name="osc.sop",
        string="SOP",
        index="btree_not_null",
        ondelete="cascade",
        help="The version in force must be passed.",
    )
    since = fields.Date(
        string="Required since",
        required=True,
        default=fields.Date.context_today,
        help="Days of grace of those who were there before count from this day.",
    )
    renew_months = fields.Integer(
        default=0,
        aggregator=None,
        string="Renew every (months)",
        help="A certification or a passed SOP that is older doesn't count. 0: as long "
        "as the certification itself is valid.",
    )
    grace_days = fields.Integer(
        default=0,
        aggregator=None,
        string="Grace (days)",
        help="For how many days somebody may take cases without it: from the day on "
        "which the person became a representative, or the requirement came.",
    )
    version_grace_days = fields.Integer(
        default=0,
        aggregator=None,
        string="Grace for a new version (days)",
        help="For how many days, from the day a new version of the SOP comes into "
        "force, those who passed an earlier one may take cases.",
    )
    active = fields.Boolean(default=True)
    concerned_count = fields.Integer(
        string="People concerned", compute="_compute_counts", compute_sudo=True
    )
    lacking_count = fields.Integer(
        string="Can't take cases", compute="_compute_counts", compute_sudo=True
    )

    _one_thing = models.Constraint(
        "CHECK((skill_id IS NULL) <> (sop_id IS NULL))",
        "A requirement is either a certification or an SOP.",
    )
    _renew_months_sane = models.Constraint(
        "CHECK(renew_months BETWEEN 0 AND 120)",
        "It is renewed every 1 to 120 months (ten years), or never but as the "
        "certification itself says: 0.",
    )
    _grace_days_sane = models.Constraint(
        "CHECK(grace_days BETWEEN 0 AND 365 AND version_grace_days BETWEEN 0 AND 365)",
        "Give 0 to 365 days of grace, not more.",
    )
    _one_each = models.UniqueIndex(
        "(discipline_id, COALESCE(center_id, 0), COALESCE(host_type, ''), "
        "COALESCE(agency_id, 0), COALESCE(skill_id, 0), COALESCE(sop_id, 0)) "
        "WHERE active",
        "The same is required already.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        requirements = super().create(vals_list)
        requirements._apply()
        return requirements

    def write(self, vals):
        result = super().write(vals)
        self._apply()
        return result

    def unlink(self):
        result = super().unlink()
        self._apply()
        return result

    def _apply(self):
        """What is required can't be given to oneself, and counts from now on."""
        courses = self.exists().skill_id.filtered(lambda skill: not skill.osc_is_course)
        courses.sudo().osc_is_course = True  # skills are of HR, requirements may not be
        self.env["osc.representative"]._forget_assignable()

    def _compute_counts(self):
        """As superuser: figures name nobody, and whoever requires something must see
        whom it would stop."""
        counts = {
            requirement: (concerned, lacking)
            for requirement, concerned, lacking in self.env[
                "osc.training.standing"
            ]._read_group(
                [("requirement_id", "in", self.ids)],
                ["requirement_id"],
                ["__count", "lacking:sum"],
            )
        }
        for requirement in self:
            concerned, lacking = counts.get(requirement, (0, 0))
            requirement.concerned_count = concerned
            requirement.lacking_count = lacking

    def action_standings(self):
        """Open where everybody stands whom this requirement concerns."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "osc_training.osc_training_standing_action"
        )
        domain = [("requirement_id", "=", self.id)]
        return {**action, "domain": domain}

    @api.depends("skill_id.name", "sop_id.name", "sop_id.code")
    def _compute_display_name(self):
        for requirement in self:
            sop = requirement.sop_id
            requirement.display_name = (
                f"{sop.code} {sop.name}" if sop else requirement.skill_id.name
            )
