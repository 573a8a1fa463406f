import re

from odoo import models

from odoo.addons.base_import.models.base_import import (
    ImportValidationError,
    check_patterns,
)

RECORDS = "hr.employee.skill"
# How dates are meant that are written so, whatever numbers stand in them.
DATES = {
    r"\d{4}-\d\d?-\d\d?": "%Y-%m-%d",
    r"\d{4}/\d\d?/\d\d?": "%Y/%m/%d",
    r"\d\d?\.\d\d?\.\d{4}": "%d.%m.%Y",
}


class BaseImportImport(models.TransientModel):
    """Lists of training records: every wrong row is told, with its line of the file."""

    _inherit = "base_import.import"

    def execute_import(self, fields, columns, options, dryrun=False):
        result = super().execute_import(fields, columns, options, dryrun=dryrun)
        if self.res_model == RECORDS:
            first = options.get("skip", 0) + (2 if options.get("has_headers") else 1)
            for message in result["messages"]:
                if rows := message.get("rows"):
                    message["message"] = self.env._(
                        "Line %(line)s: %(error)s",
                        line=first + rows["from"],
                        error=message["message"],
                    )
        return result

    def _try_match_date_time(self, preview_values, options):
        """Odoo looks for a way of writing in which all dates exist. One 2026-13-05 would
        make year, day, month of all of them, without a word."""
        chosen = options.get("date_format")
        if self.res_model == RECORDS and not (
            chosen and check_patterns([chosen], preview_values)
        ):
            cells = [str(value).strip() for value in preview_values if value]
            for written, meant in DATES.items():
                if cells and all(re.fullmatch(written, cell) for cell in cells):
                    options["date_format"] = meant
                    return ["date", "datetime"]
        return super()._try_match_date_time(preview_values, options)

    def _parse_date_from_data(self, data, index, name, field_type, options):
        """Odoo ends at the first wrong date, and tells of no other row. Here it is kept,
        in quotation marks, so that its row is told like every other."""
        if self.res_model != RECORDS:
            return super()._parse_date_from_data(data, index, name, field_type, options)
        for line in data:
            try:
                super()._parse_date_from_data([line], index, name, field_type, options)
            except ImportValidationError:
                line[index] = f"“{line[index].strip()}”"
