from odoo import api, fields, models

from odoo.addons.osc_base.fields import EncryptedText


class OscReferralMessage(models.Model):
    """What was written in a referral: the letter as sent, questions, answers, reports.

    Written by the methods of ``osc.referral`` only, and never changed. Open to the
    discipline whose service it is, and to the case worker who refers.
    """

    _name = "osc.referral.message"
    _description = "Text of a referral"
    _inherit = ["osc.case.content", "osc.vault.mixin"]
    _order = "id"

    _reading_disciplines = ("casework",)

    # The partner reads its texts, and of the case not even the code.
    case_id = fields.Many2one(groups="osc_base.group_any_role")
    referral_id = fields.Many2one(
        comodel_name="osc.referral", required=True, index=True, ondelete="cascade"
    )
    kind = fields.Selection(
        selection=[
            ("note", "Note of a draft"),
            ("letter", "Letter as sent"),
            ("question", "Question"),
            ("answer", "Answer"),
            ("report", "Report"),
            ("reason", "Reason"),
            ("document", "Document"),
        ],
        required=True,
    )
    from_partner = fields.Boolean(string="From the partner")
    names_her = fields.Boolean(
        readonly=True,
        export_string_translation=False,
        help="The center said who she is: open while that is open to the partner.",
    )
    reaches_her = fields.Boolean(
        readonly=True,
        export_string_translation=False,
        help="The center said how to reach her: open while that is open to the partner.",
    )
    body = EncryptedText(string="Text")
    document_id = fields.Many2one(
        comodel_name="ir.attachment",
        readonly=True,
        ondelete="restrict",
    )

    @api.depends("referral_id.name")
    def _compute_display_name(self):
        for message in self:
            message.display_name = self.env._(
                "%(referral)s · text %(number)s",
                referral=message.referral_id.name,
                number=message.id,
            )

    @api.model
    def _write_for(self, referral, kind, body=None, **vals):
        """Add a text to a referral.

        :param referral: ``osc.referral`` record; its methods ask who may
        """
        said = set()
        if not referral._is_partner_user():
            said = referral._scopes_said(body)
        # Nobody may write texts; the methods of a referral asked who may.
        of_referral = referral.sudo()
        return self.sudo().create(
            {
                "referral_id": referral.id,
                "case_id": of_referral.case_id.id,
                "discipline_id": of_referral.discipline_id.id,
                "author_id": self.env.uid,
                "kind": kind,
                "from_partner": referral._is_partner_user(),
                "body": body,
                "names_her": bool(said),
                "reaches_her": "contact" in said,
                **vals,
            }
        )
