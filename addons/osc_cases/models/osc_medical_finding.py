from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.osc_base.fields import EncryptedText


class OscMedicalFinding(models.Model):
    """One injury or other finding, marked on the outline of a body."""

    _name = "osc.medical.finding"
    _description = "Finding"
    _inherit = ["osc.case.audited", "osc.vault.mixin"]
    _order = "exam_id, number, id"

    exam_id = fields.Many2one(
        comodel_name="osc.medical.exam", required=True, index=True, ondelete="cascade"
    )
    case_id = fields.Many2one(related="exam_id.case_id", store=True, index=True)
    country_id = fields.Many2one(related="case_id.center_id.country_id")
    number = fields.Integer(readonly=True, copy=False)
    side = fields.Selection(
        selection=[("front", "Front"), ("back", "Back")],
        string="View",
        required=True,
        default="front",
    )
    x = fields.Float(
        string="From the left (%)", digits=(5, 1), required=True, default=50
    )
    y = fields.Float(
        string="From the top (%)", digits=(5, 1), required=True, default=30
    )
    kind_id = fields.Many2one(comodel_name="osc.injury.kind", ondelete="restrict")
    legal_kind_id = fields.Many2one(
        comodel_name="osc.injury.kind",
        string="In the words of the law",
        ondelete="restrict",
        help="The kind of hurt as the law of the country names it.",
    )
    length_mm = fields.Integer(string="Length (mm)", aggregator=None)
    width_mm = fields.Integer(string="Width (mm)", aggregator=None)
    colour = fields.Selection(
        selection=[
            ("red", "Red"),
            ("blue", "Blue or purple"),
            ("green", "Green"),
            ("yellow", "Yellow or brown"),
            ("pale", "Pale, scar"),
            ("black", "Black"),
        ]
    )
    age = fields.Selection(
        selection=[
            ("fresh", "Fresh"),
            ("recent", "Some days"),
            ("old", "Older"),
            ("scar", "Scar"),
        ],
        help="How old it looks. The look alone never dates an injury exactly.",
    )
    consistency_id = fields.Many2one(
        comodel_name="osc.injury.consistency",
        string="And her account",
        ondelete="restrict",
    )
    description = EncryptedText()
    photo_ids = fields.Many2many(
        comodel_name="ir.attachment",
        relation="osc_medical_finding_photo_rel",
        column1="finding_id",
        column2="attachment_id",
        string="Photographs",
    )

    _on_the_outline = models.Constraint(
        "CHECK(x BETWEEN 0 AND 100 AND y BETWEEN 0 AND 100)",
        "The mark must be on the outline.",
    )
    _size_positive = models.Constraint(
        "CHECK(length_mm >= 0 AND width_mm >= 0)", "A size can't be negative."
    )

    @api.depends("exam_id.display_name", "number")
    def _compute_display_name(self):
        for finding in self:
            finding.display_name = self.env._(
                "%(exam)s · Finding %(number)s",
                exam=finding.exam_id.display_name or "",
                number=finding.number or "",
            )

    @api.constrains("photo_ids")
    def _check_photo_ids(self):
        for finding in self:
            if finding.photo_ids:
                finding.exam_id._require_consent("consent_photographs")

    @api.constrains("legal_kind_id")
    def _check_legal_kind_id(self):
        for finding in self:
            country = finding.legal_kind_id.country_id
            if country and country != finding.country_id:
                raise ValidationError(
                    self.env._("That is the law of another country than the center's.")
                )

    # ------------------------------------------------------------------
    # Only what she agrees to, and only while the exam goes on
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        exams = self.env["osc.medical.exam"].browse(
            {vals["exam_id"] for vals in vals_list if vals.get("exam_id")}
        )
        exams._check_open()
        exams._require_consent("consent_exam")
        vals_list = [dict(vals) for vals in vals_list]
        last = {
            exam.id: max(exam.finding_ids.mapped("number"), default=0) for exam in exams
        }
        for vals in vals_list:
            if exam_id := vals.get("exam_id"):
                last[exam_id] = vals["number"] = last[exam_id] + 1
        findings = super().create(vals_list)
        findings._take_photos()
        return findings

    def write(self, vals):
        self.exam_id._check_open()
        if "exam_id" in vals:
            raise UserError(self.env._("A finding belongs to its exam."))
        result = super().write(vals)
        if "photo_ids" in vals:
            self._take_photos()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_finished(self):
        self.exam_id._check_open()

    def _take_photos(self):
        """What was uploaded before the finding was saved belongs to it."""
        for finding in self:
            # An upload without a record is readable for its uploader alone.
            loose = finding.photo_ids.sudo().filtered(
                lambda photo: not photo.res_id and photo.create_uid == self.env.user
            )
            if loose:
                loose.write({"res_model": self._name, "res_id": finding.id})
