from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.osc_survivor_merge import MERGED_FIELDS


class OscSurvivorMergeRequest(models.TransientModel):
    """Shows two records of one survivor side by side and asks which value stays.

    Nothing of what stands in them is stored here.
    """

    _name = "osc.survivor.merge.request"
    _description = "Merge two records of one survivor"
    _inherit = "osc.given.mixin"

    kept_id = fields.Many2one(
        comodel_name="osc.survivor",
        string="Record that stays",
        required=True,
        domain="[('id', '!=', merged_id)]",
    )
    merged_id = fields.Many2one(
        comodel_name="osc.survivor",
        string="Record that goes",
        required=True,
        domain="[('id', '!=', kept_id)]",
    )
    line_ids = fields.One2many(
        comodel_name="osc.survivor.merge.request.line",
        inverse_name="request_id",
        string="What differs",
        compute="_compute_line_ids",
        compute_sudo=False,
        store=True,
        readonly=False,
    )
    case_codes = fields.Char(
        string="Cases that move",
        compute="_compute_case_codes",
        help="Those that you may see; all of them move.",
    )

    @api.model
    def default_get(self, names):
        """From the list: the older of the two chosen records stays."""
        defaults = super().default_get(names)
        if self.env.context.get("active_model") == "osc.survivor":
            chosen = self.env["osc.survivor"].browse(
                self.env.context.get("active_ids", [])
            )
            if len(chosen) > 2:
                raise UserError(self.env._("Choose two records in the list."))
            chosen.check_access("read")
            chosen = chosen.sorted("id")
            defaults["kept_id"] = chosen[:1].id
            defaults["merged_id"] = chosen[1:2].id
        return defaults

    @api.depends("kept_id", "merged_id")
    def _compute_line_ids(self):
        for request in self:
            lines = [Command.clear()]
            if request.kept_id and request.merged_id:
                both = request.kept_id | request.merged_id
                both._check_may_keep()
                both.check_access("read")
                lines += [
                    Command.create(
                        {
                            "field_name": name,
                            "stays": "kept" if request.kept_id[name] else "merged",
                        }
                    )
                    for name in MERGED_FIELDS
                    if name != "age_noted_on"
                    and request.kept_id[name] != request.merged_id[name]
                ]
            request.line_ids = lines

    @api.constrains("kept_id", "merged_id")
    def _check_seen(self):
        """:raise AccessError: the user may not see who both are"""
        # Odoo checks constraints as superuser.
        both = (self.kept_id | self.merged_id).sudo(False)
        both._check_may_keep()
        both.check_access("read")

    @api.depends("merged_id")
    def _compute_case_codes(self):
        for request in self:
            # Not by the field: what is in its cache may be more than the user may see.
            cases = self.env["osc.case"].search(
                [("survivor_id", "in", request.merged_id.ids)]
            )
            request.case_codes = ", ".join(cases.mapped("display_name"))

    def action_swap(self):
        """The other record stays."""
        self.ensure_one()
        self.check_access("write")
        self.write({"kept_id": self.merged_id.id, "merged_id": self.kept_id.id})
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }

    def action_merge(self):
        """Merge, and open the record that stays.

        :raise AccessError: the user may not see who both are
        """
        self.ensure_one()
        self.check_access("write")
        names = self.line_ids.filtered(lambda line: line.stays == "merged").mapped(
            "field_name"
        )
        kept = self.kept_id
        self.env["osc.survivor.merge"]._merge(kept, self.merged_id, names)
        return {
            "type": "ir.actions.act_window",
            "res_model": kept._name,
            "res_id": kept.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }
