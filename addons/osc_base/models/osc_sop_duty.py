from odoo import api, fields, models


class OscSopDuty(models.Model):
    """What one discipline does and answers for, in one version of an SOP."""

    _name = "osc.sop.duty"
    _description = "Role and duties in an SOP"
    _order = "sequence, id"
    _rec_name = "role"

    version_id = fields.Many2one(
        comodel_name="osc.sop.version", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    discipline_id = fields.Many2one(
        comodel_name="osc.discipline", required=True, ondelete="restrict"
    )
    role = fields.Char(required=True)
    duties = fields.Text(required=True)
    service_ids = fields.Many2many(comodel_name="osc.service", string="Key services")

    @api.model_create_multi
    def create(self, vals_list):
        duties = super().create(vals_list)
        duties.version_id._check_not_locked()
        return duties

    def write(self, vals):
        self.version_id._check_not_locked()
        result = super().write(vals)
        self.version_id._check_not_locked()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_locked(self):
        self.version_id._check_not_locked()
