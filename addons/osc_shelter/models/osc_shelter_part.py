from odoo import api, fields, models
from odoo.exceptions import AccessError


class OscShelterPart(models.AbstractModel):
    """What belongs to a stay. Rules ask the stay, which never changes."""

    _name = "osc.shelter.part"
    _description = "Part of a stay"
    _inherit = ["osc.vault.mixin", "osc.case.audited"]

    stay_id = fields.Many2one(
        comodel_name="osc.shelter.stay", required=True, index=True, ondelete="cascade"
    )
    case_id = fields.Many2one(related="stay_id.case_id")
    shelter_id = fields.Many2one(related="stay_id.shelter_id")
    author_id = fields.Many2one(
        comodel_name="res.users",
        string="Written by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            vals_list = [{**vals, "author_id": self.env.uid} for vals in vals_list]
        return super().create(vals_list)

    def write(self, vals):
        """:raise AccessError: it would become part of another stay"""
        for name in {"stay_id", "author_id"} & set(vals) if not self.env.su else ():
            if any(part[name].id != vals[name] for part in self):
                raise AccessError(
                    self.env._(
                        "“%s” can't be changed afterwards. Record it anew.",
                        self._fields[name]._description_string(self.env),
                    )
                )
        return super().write(vals)

    @api.depends("stay_id")
    def _compute_display_name(self):
        for part in self:
            part.display_name = self.env._(
                "%(case)s · %(what)s",
                case=part._case_itself().display_name,
                # Names of models aren't readable for everybody.
                what=self.env["ir.model"]._get(self._name).sudo().name,
            )
