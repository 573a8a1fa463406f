import base64

from dateutil.relativedelta import relativedelta
from reportlab.graphics.barcode import createBarcodeDrawing

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from odoo.addons.osc_base.fields import EncryptedChar, EncryptedText

from .osc_custody_event import STATES
from .osc_storage_place import STORAGE_CLASSES

# Written by the steps of custody only.
MACHINE_FIELDS = {
    "code",
    "number",
    "state",
    "holder_id",
    "place_id",
    "is_outside",
    "receiver_id",
    "confirm_due_at",
    "has_break",
    "seal_number",
    "sealed_by_id",
    "sealed_at",
    "collected_by_id",
    "author_id",
    "case_id",
    "disposal_requested_by_id",
    "disposal_requested_at",
}
# What may still be written once it is sealed.
LATER_FIELDS = {
    "fir_reference",
    "mlc_number",
    "lab_report_number",
    "lab_reported_at",
    "lab_result",
    "retain_until",
    "file_ids",
    "disposal_reason",
}


class OscEvidence(models.Model):
    """A kit or a single exhibit: what it is, where it comes from, who has it now."""

    _name = "osc.evidence"
    _description = "Evidence"
    _inherit = ["osc.clinical.content", "osc.evidence.custody"]
    _order = "case_id desc, number, id"
    _rec_name = "code"

    _content_scope = "evidence"

    number = fields.Integer(readonly=True, copy=False)
    code = fields.Char(
        string="Exhibit",
        readonly=True,
        copy=False,
        index=True,
        help="On the label: code of the case and number, no name.",
    )
    is_kit = fields.Boolean(string="Kit", help="Holds several items under one seal.")
    parent_id = fields.Many2one(
        comodel_name="osc.evidence",
        string="In kit",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('case_id', '=', case_id), ('is_kit', '=', True)]",
    )
    item_ids = fields.One2many(
        comodel_name="osc.evidence", inverse_name="parent_id", string="Items"
    )
    component_id = fields.Many2one(
        comodel_name="osc.evidence.component", string="What it is", ondelete="restrict"
    )
    exam_id = fields.Many2one(
        comodel_name="osc.medical.exam",
        index="btree_not_null",
        ondelete="restrict",
        domain="[('case_id', '=', case_id)]",
        help="The exam in which it was taken, with what she agreed to.",
    )
    kit_number = fields.Char(
        string="Kit number", help="As printed on the kit by its maker."
    )
    source = EncryptedChar(
        string="Body site or source", help="Where exactly it was taken or found."
    )
    collected_at = fields.Datetime(
        string="Collected", required=True, default=fields.Datetime.now
    )
    collected_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Collected by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    packaging = fields.Selection(
        selection=[
            ("paper_bag", "Paper bag"),
            ("envelope", "Paper envelope"),
            ("box", "Cardboard box"),
            ("tube", "Swab tube"),
            ("vial", "Vial"),
            ("kit", "Kit box"),
        ],
        help="Paper, never plastic, for what is or was wet.",
    )
    storage_class = fields.Selection(
        selection=STORAGE_CLASSES,
        string="Storage",
        compute="_compute_storage_class",
        store=True,
        readonly=False,
        precompute=True,
    )
    description = EncryptedText()
    fir_reference = EncryptedChar(
        string="FIR", help="Number, section and police station. Not needed to collect."
    )
    mlc_number = EncryptedChar(string="Medico-legal number")
    file_ids = fields.One2many(
        comodel_name="osc.evidence.file", inverse_name="evidence_id", string="Files"
    )

    state = fields.Selection(
        selection=STATES, readonly=True, copy=False, default="collected", required=True
    )
    seal_number = fields.Char(string="Seal", readonly=True, copy=False)
    sealed_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Sealed by",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    sealed_at = fields.Datetime(string="Sealed", readonly=True, copy=False)

    lab_report_number = fields.Char(string="Report number", copy=False)
    lab_reported_at = fields.Date(string="Date of the report", copy=False)
    lab_result = EncryptedText(string="Result")

    retain_until = fields.Date(
        string="Keep until",
        compute="_compute_retain_until",
        store=True,
        readonly=False,
        precompute=True,
        help="Not disposed of before. Proposed from the policy of the center.",
    )
    disposal_reason = EncryptedText(string="Reason for disposal")
    disposal_requested_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Disposal requested by",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    disposal_requested_at = fields.Datetime(
        string="Requested", readonly=True, copy=False
    )

    _code_unique = models.Constraint("UNIQUE(code)", "This exhibit code is taken.")
    _no_kit_in_kit = models.Constraint(
        "CHECK(NOT (is_kit AND parent_id IS NOT NULL))", "A kit isn't in another kit."
    )

    # ------------------------------------------------------------------
    # Computed
    # ------------------------------------------------------------------
    @api.depends("code")
    def _compute_display_name(self):
        for exhibit in self:
            exhibit.display_name = exhibit.code or self.env._("New exhibit")

    @api.depends("component_id")
    def _compute_storage_class(self):
        for exhibit in self:
            exhibit.storage_class = (
                exhibit.component_id.storage_class or exhibit.storage_class or "room"
            )

    @api.depends("collected_at", "case_id")
    def _compute_retain_until(self):
        for exhibit in self:
            center = exhibit._case_itself().center_id
            if not center:
                exhibit.retain_until = False
                continue
            day = center._local_day(exhibit.collected_at)
            years = center._policy_on(day)._limit("evidence_retention_years")
            exhibit.retain_until = day + relativedelta(years=years)

    # ------------------------------------------------------------------
    # Constraints
    # ------------------------------------------------------------------
    @api.constrains("component_id", "exam_id")
    def _check_consent(self):
        """What is taken from her body, only as far as she agreed."""
        for exhibit in self:
            # Whether she agreed decides, whoever may read the exam.
            exam = exhibit.sudo().exam_id
            if exam and exam.case_id != exhibit.case_id:
                raise ValidationError(self.env._("The exam belongs to another case."))
            needed = exhibit.component_id.needs_consent
            if not needed:
                continue
            if not exam:
                raise ValidationError(
                    self.env._(
                        "Choose the exam in which it was taken: what she agreed to is "
                        "noted there."
                    )
                )
            exam._require_consent(needed)

    @api.constrains("parent_id", "case_id")
    def _check_parent_id(self):
        for exhibit in self.filtered("parent_id"):
            if exhibit.parent_id.case_id != exhibit.case_id:
                raise ValidationError(self.env._("The kit belongs to another case."))
            if not exhibit.parent_id.is_kit:
                raise ValidationError(self.env._("That is no kit."))

    @api.constrains("collected_at")
    def _check_collected_at(self):
        for exhibit in self:
            if exhibit.collected_at > fields.Datetime.now():
                raise ValidationError(self.env._("That time is in the future."))

    # ------------------------------------------------------------------
    # Create, change, delete
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [dict(vals) for vals in vals_list]
        for vals in vals_list:
            if not self.env.su:
                for name in MACHINE_FIELDS - {"case_id"}:
                    vals.pop(name, None)
            vals["collected_by_id"] = self.env.uid
        kits = self.browse(
            {vals["parent_id"] for vals in vals_list if vals.get("parent_id")}
        )
        kits._check_open_kit()
        self._next_number(vals_list)
        cases = self.env["osc.case"].browse(
            {vals["case_id"] for vals in vals_list if vals.get("case_id")}
        )
        codes = {case.id: case.name for case in cases}
        for vals in vals_list:
            case_code = codes.get(vals.get("case_id"))
            if not case_code:
                raise UserError(
                    self.env._(
                        "Report the case first: the label of an exhibit carries its code."
                    )
                )
            letter = "K" if vals.get("is_kit") else "E"
            vals["code"] = f"{case_code}-{letter}{vals['number']:02d}"
        exhibits = super().create(vals_list)
        for exhibit in exhibits:
            exhibit._record("collect", at=exhibit.collected_at, to_user_id=self.env.uid)
        return exhibits

    def write(self, vals):
        if not self.env.su:
            if MACHINE_FIELDS & set(vals):
                raise AccessError(
                    self.env._("Use the steps of custody: they write the log, too.")
                )
            changed = set(vals) - LATER_FIELDS
            if changed and any(exhibit.state != "collected" for exhibit in self):
                raise UserError(
                    self.env._("It is sealed: what it is can't be changed any more.")
                )
            if changed & {"collected_at", "is_kit"}:
                raise UserError(self.env._("That is in the custody log already."))
            if "parent_id" in vals:
                (
                    self.parent_id | self.browse(vals["parent_id"] or [])
                )._check_open_kit()
        return super().write(vals)

    def _check_open_kit(self):
        """:raise UserError: a kit is sealed"""
        for kit in self:
            if kit.state != "collected":
                raise UserError(
                    self.env._("Kit %s is sealed: nothing goes in or out.", kit.code)
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._("Evidence isn't deleted. It is disposed of, with approval.")
        )

    def action_print_labels(self):
        """Labels for the packages, without names."""
        self.check_access("read")
        return self.env.ref("osc_cases.osc_evidence_report_label").report_action(self)

    @api.private
    def barcode_picture(self):
        """The code as a barcode for the label, as an address that has the picture."""
        self.ensure_one()
        drawing = createBarcodeDrawing(
            "Code128", value=self.code, width=1000, height=160, quiet=False
        )
        picture = drawing.asString("svg").encode()
        return f"data:image/svg+xml;base64,{base64.b64encode(picture).decode()}"

    @api.private
    def custody_proof(self):
        """Result of the verification of this log, for the custody form."""
        self.check_access("read")
        # What is signed may be hidden from the user; the result names numbers only.
        return self.env["osc.custody.event"]._verify(self.sudo())
