from odoo import fields, models

from .osc_storage_place import STORAGE_CLASSES


class OscEvidenceComponent(models.Model):
    """What a kit has in it, and other kinds of evidence."""

    _name = "osc.evidence.component"
    _description = "Kind of evidence"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, copy=False)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    needs_consent = fields.Selection(
        selection=[
            ("consent_samples", "Samples"),
            ("consent_toxicology", "Toxicology"),
            ("consent_photographs", "Photographs"),
        ],
        string="Needs her consent to",
        help="Taken from her body: recorded only with what she said in the exam.",
    )
    storage_class = fields.Selection(
        selection=STORAGE_CLASSES, string="Storage", required=True, default="room"
    )
    window_hours = fields.Integer(
        string="Within (hours)",
        aggregator=None,
        help="How long after the incident traces are usually found. Information, "
        "never a reason to refuse. 0: no limit.",
    )
    source = fields.Char(help="Where this comes from, and who confirmed it.")

    _code_unique = models.Constraint("UNIQUE(code)", "This code is taken.")
