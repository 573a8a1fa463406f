from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

INVERSE = {
    "mother": "child",
    "child": "mother",
    "sibling": "sibling",
    "relative": "relative",
    "household": "household",
}


class OscSurvivorRelation(models.Model):
    """Two survivors who belong together: a mother and her children, siblings.

    One row for each of the two, so that each record shows the other. Both rows are only
    for those who may see both: that two survivors are related says who they are.
    """

    _name = "osc.survivor.relation"
    _description = "Related survivors"
    _inherit = "osc.audit.mixin"
    _order = "kind, id"

    survivor_id = fields.Many2one(
        comodel_name="osc.survivor", required=True, index=True, ondelete="cascade"
    )
    related_id = fields.Many2one(
        comodel_name="osc.survivor",
        string="Related survivor",
        required=True,
        index=True,
        ondelete="cascade",
    )
    kind = fields.Selection(
        selection=[
            ("mother", "Her mother"),
            ("child", "Her child"),
            ("sibling", "Her sister or brother"),
            ("relative", "Another relative"),
            ("household", "Lives in the same household"),
        ],
        string="Who it is",
        required=True,
    )

    _once = models.Constraint(
        "UNIQUE(survivor_id, related_id)", "These two are related already."
    )
    _not_herself = models.Constraint(
        "CHECK(survivor_id != related_id)", "Nobody is related to herself."
    )

    @api.depends("survivor_id.code", "related_id.code")
    def _compute_display_name(self):
        for relation in self:
            relation.display_name = (
                f"{relation.survivor_id.code} · {relation.related_id.code}"
            )

    def _audit_reference(self):
        return self.display_name

    def _audit_center(self):
        return self.survivor_id._audit_center()

    # ------------------------------------------------------------------
    # The other side
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        relations = super().create(vals_list)
        missing = relations.filtered(lambda relation: not relation._other_side())
        super().create(
            [
                {
                    "survivor_id": relation.related_id.id,
                    "related_id": relation.survivor_id.id,
                    "kind": INVERSE[relation.kind],
                }
                for relation in missing
            ]
        )
        return relations

    def write(self, vals):
        if {"survivor_id", "related_id"} & set(vals) and not self.env.su:
            raise ValidationError(
                self.env._("Delete this relation and make the right one.")
            )
        result = super().write(vals)
        if "kind" in vals:
            for relation in self:
                other = relation._other_side()
                if other.kind != INVERSE[relation.kind]:
                    super(OscSurvivorRelation, other).write(
                        {"kind": INVERSE[relation.kind]}
                    )
        return result

    def unlink(self):
        both = self
        for relation in self:
            both |= relation._other_side()
        return super(OscSurvivorRelation, both).unlink()

    def _other_side(self):
        """The row of the other survivor, if there is one."""
        self.ensure_one()
        return self.search(
            Domain("survivor_id", "=", self.related_id.id)
            & Domain("related_id", "=", self.survivor_id.id)
        )
