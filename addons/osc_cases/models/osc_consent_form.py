from odoo import fields, models


class OscConsentForm(models.Model):
    """The words of the consent form in one language.

    Records and not translations: Odoo has no Urdu, a center may need a language that
    nobody uses on the screen, and the words must be checked by people who speak it.
    """

    _name = "osc.consent.form"
    _description = "Consent form"
    _order = "sequence, id"

    name = fields.Char(string="Language", required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    lang = fields.Char(
        string="Code",
        required=True,
        help="Such as ur_PK; it decides the letters and the direction of the page.",
    )
    is_reviewed = fields.Boolean(
        string="Checked by a native speaker",
        help="As long as it isn't, the form says so in small print.",
    )
    title = fields.Char(required=True)
    introduction = fields.Text(
        required=True, help="Read to her before anything else. Simple words."
    )
    question = fields.Char(required=True, help="Above the list of what may be opened.")
    line_ids = fields.One2many(
        comodel_name="osc.consent.form.line", inverse_name="form_id", string="Asks for"
    )
    closing = fields.Text(help="That she may change her mind, and whom to tell.")
    label_yes = fields.Char(required=True)
    label_no = fields.Char(required=True)
    label_receiver = fields.Char(string="Label “To whom”", required=True)
    label_until = fields.Char(string="Label “Until”", required=True)
    label_given = fields.Char(string="Label “Given on”", required=True)
    label_withdrawn = fields.Char(string="Label “Taken back”", required=True)
    label_sign = fields.Char(string="Label of her signature", required=True)
    label_guardian = fields.Char(string="Label of a guardian's signature")
    label_worker = fields.Char(string="Label of the worker's signature", required=True)
    label_date = fields.Char(string="Label “Date”", required=True)

    _lang_unique = models.UniqueIndex(
        "(lang) WHERE active", "There is already a form in this language."
    )
