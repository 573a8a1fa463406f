from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.osc_base.fields import EncryptedChar


class OscGuardian(models.Model):
    """An adult who may decide for a minor, unless that adult is accused.

    Who the guardian is says who the child is, so it is open only to those who know her
    identity; others see the relation.
    """

    _name = "osc.guardian"
    _description = "Guardian"
    _inherit = ["osc.vault.mixin", "osc.case.audited"]

    case_id = fields.Many2one(
        comodel_name="osc.case", required=True, index=True, ondelete="cascade"
    )
    relation = fields.Selection(
        selection=[
            ("mother", "Mother"),
            ("father", "Father"),
            ("relative", "Other relative"),
            ("appointed", "Appointed by a court"),
            ("authority", "Child authority"),
            ("other", "Other"),
        ],
        required=True,
    )
    full_name = EncryptedChar()
    phone = EncryptedChar()
    is_accused = fields.Boolean(
        string="Accused",
        help="Accused, or protecting the accused: can't consent for her, and is told "
        "nothing. Consents already given by this guardian end.",
    )

    @api.depends("relation")
    def _compute_display_name(self):
        relations = dict(self._fields["relation"]._description_selection(self.env))
        for guardian in self:
            guardian.display_name = relations.get(guardian.relation)

    @api.model_create_multi
    def create(self, vals_list):
        guardians = super().create(vals_list)
        guardians.filtered("is_accused")._shut_out()
        return guardians

    def write(self, vals):
        """:raise AccessError: it would become the guardian of another survivor"""
        if not self.env.su and "case_id" in vals:
            # It could end the consents of a case that the user can't see.
            raise AccessError(self.env._("A guardian stays in the case."))
        result = super().write(vals)
        if vals.get("is_accused"):
            self._shut_out()
        return result

    def _shut_out(self):
        """End what they consented to, and what no guardian is named for."""
        # The consents of the case may have been recorded by others.
        for guardian in self.sudo():
            consents = guardian.case_id.consent_ids.filtered(
                lambda consent, guardian=guardian: (
                    consent.given_by == "guardian"
                    and consent.guardian_id in (guardian, guardian.browse())
                    and consent.is_valid
                )
            )
            if consents:
                consents._end()
