from odoo import api, models


class ResLang(models.Model):
    """Adds the languages of centers that Odoo doesn't know."""

    _inherit = "res.lang"

    @api.model
    def _add_urdu(self):
        """Urdu can be activated under Languages, unless somebody added it before."""
        if self.with_context(active_test=False).search_count(
            [("code", "=", "ur_PK")], limit=1
        ):
            return
        urdu = self.create(
            {
                "name": "Urdu / اردو",
                "code": "ur_PK",
                "iso_code": "ur",
                "url_code": "ur",
                "direction": "rtl",
                "date_format": "%d/%m/%Y",
                "time_format": "%I:%M:%S %p",
                "grouping": "[3,0]",
                "decimal_point": ".",
                "thousands_sep": ",",
                "week_start": "1",
                "active": False,
            }
        )
        self.env["ir.model.data"]._update_xmlids(
            [{"xml_id": "osc_base.lang_ur_pk", "record": urdu, "noupdate": True}]
        )
