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
        string="Renew every (months)",
        help="A certification or a passed SOP that is older doesn't count. 0: as long "
        "as the certification itself is valid.",
    )
    grace_days = fields.Integer(
        string="Grace (days)",
        help="For how many days somebody may take cases without it: from the day on "
        "which the person became a representative, or the requirement came.",
    )
    version_grace_days = fields.Integer(
        string="Grace for a new version (days)",
        help="For how many days, from the day a new version of the SOP comes into "
        "force, those who passed an earlier one may take cases.",
    )
    active = fields.Boolean(default=True)

    _one_thing = models.Constraint(
        "CHECK((skill_id IS NULL) <> (sop_id IS NULL))",
        "A requirement is either a certification or an SOP.",
    )
    _not_negative = models.Constraint(
        "CHECK(renew_months >= 0 AND grace_days >= 0 AND version_grace_days >= 0)",
        "Months and days can't be negative.",
    )
    _one_each = models.UniqueIndex(
        "(discipline_id, COALESCE(center_id, 0), COALESCE(host_type, ''), "
        "COALESCE(agency_id, 0), COALESCE(skill_id, 0), COALESCE(sop_id, 0)) "
        "WHERE active",
        "The same is required already.",
    )

    @api.depends("skill_id.name", "sop_id.name", "sop_id.code")
    def _compute_display_name(self):
        for requirement in self:
            sop = requirement.sop_id
            requirement.display_name = (
                f"{sop.code} {sop.name}" if sop else requirement.skill_id.name
            )
