from odoo import fields, models

CLOCK_EVENTS = [
    ("complaint", "A complaint was made"),
    ("fir_registered", "The report was registered"),
]


class OscLegalStage(models.Model):
    """A stage of proceedings, as the law of a country has it."""

    _name = "osc.legal.stage"
    _description = "Stage of proceedings"
    _order = "country_id, sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    country_id = fields.Many2one(
        comodel_name="res.country",
        help="Empty: for countries that have no stages of their own.",
    )
    is_side_event = fields.Boolean(
        string="Happens besides",
        help="Bail, withdrawal, a hostile witness: noted in the history, but the "
        "proceedings stay at their stage.",
    )
    reopens = fields.Boolean(
        help="An appeal: proceedings that were decided go on.",
    )
    clock_event = fields.Selection(
        selection=CLOCK_EVENTS,
        string="Starts or meets time limits",
        help="What this stage means for the time limits of the case.",
    )
    note = fields.Char(translate=True, help="Source, or what counsel has to check.")
    active = fields.Boolean(default=True)

    _code_unique = models.UniqueIndex(
        "(code, COALESCE(country_id, 0))", "This country has a stage with that code."
    )

    def _of_country(self, country):
        """Stages of a country; those of no country when it has none."""
        own = self.search([("country_id", "=", country.id)]) if country else self
        return own or self.search([("country_id", "=", False)])
