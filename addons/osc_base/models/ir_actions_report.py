import io
import logging
from collections import OrderedDict
from functools import lru_cache
from urllib.parse import urlparse

import weasyprint
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from odoo import fields, models
from odoo.tools.misc import file_path

from .osc_audit_mixin import noting

# It tells each step, and quotes what it can't show: content of somebody's page.
logging.getLogger("weasyprint").setLevel(logging.CRITICAL)

STYLE_SHEET = "osc_base/static/src/report/report.css"


class AddonFiles(URLFetcher):
    """Opens pictures and fonts of addons, and nothing else.

    A page must not make the server call others: what is printed would leave the house
    with the address, and an address in a text could reach into the network.
    """

    def fetch(self, url, headers=None):
        """:raise ValueError: any other address; WeasyPrint leaves the picture out"""
        if url.startswith("data:"):
            return super().fetch(url, headers)
        address = urlparse(url)
        path = address.path.strip("/")
        if address.scheme != "file" or path.split("/")[1:2] != ["static"]:
            raise ValueError("Reports show files of addons only.")
        return URLFetcherResponse(url, open(file_path(path), "rb"))


class IrActionsReport(models.Model):
    """Adds a second way to make PDF files.

    Odoo's wkhtmltopdf loses letters of Urdu; WeasyPrint shapes Urdu, Hindi, Bengali and
    Arabic. Only reports that ask for it are made that way: an NGO's invoices stay as
    they are. Such a report uses the layout ``osc_base.report_layout``.
    """

    _inherit = "ir.actions.report"

    pdf_engine = fields.Selection(
        selection=[("odoo", "Odoo"), ("weasyprint", "WeasyPrint")],
        string="PDF engine",
        required=True,
        default="odoo",
    )

    def _get_readable_fields(self):
        return super()._get_readable_fields() | {"pdf_engine"}

    def report_action(self, docids, data=None, config=True):
        """Buttons print like the menu does: the client is told of the engine."""
        # The page layout that Odoo would ask for is not the one of these reports.
        config = config and self.pdf_engine == "odoo"
        action = super().report_action(docids, data=data, config=config)
        if action.get("type") == "ir.actions.report":
            action["pdf_engine"] = self.pdf_engine
        return action

    # ------------------------------------------------------------------
    # Printing an audited record is noted, whatever the report makes of it
    # ------------------------------------------------------------------
    def _render_qweb_pdf(self, report_ref, res_ids=None, data=None):
        with noting() as outermost:
            result = super()._render_qweb_pdf(report_ref, res_ids=res_ids, data=data)
        self._note_print(report_ref, res_ids, outermost)
        return result

    def _render_qweb_html(self, report_ref, docids, data=None):
        report = self._get_report(report_ref)
        if report.pdf_engine == "weasyprint":
            # Who may print is who may read what is printed, whatever the page asks for.
            records = self.env[report.model].browse(docids or [])
            records.check_access("read")
            self, data = self._at_the_center(records, data)
        with noting() as outermost:
            result = super()._render_qweb_html(report_ref, docids, data=data)
        self._note_print(report_ref, docids, outermost)
        return result

    def _at_the_center(self, records, data):
        """This report and its data in the time of the center.

        A paper is read by others, in court too: its hours must not depend on the
        computer at which it was printed.
        """
        # Who prints need not be able to read the center; its time zone is no secret.
        zone = self._print_center(records.sudo())[:1].tz or self.env.user.tz
        report = self.with_context(tz=zone)
        moment = fields.Datetime.context_timestamp(report, fields.Datetime.now())
        return report, {**(data or {}), "printed_at": moment}

    def _print_center(self, records):
        """The center of what is printed; other addons know it of their models."""
        if records._name == "osc.center":
            return records
        if "center_id" in records._fields:
            return records.center_id
        return self.env["osc.center"]

    def _render_qweb_text(self, report_ref, docids, data=None):
        with noting() as outermost:
            result = super()._render_qweb_text(report_ref, docids, data=data)
        self._note_print(report_ref, docids, outermost)
        return result

    def _note_print(self, report_ref, ids, outermost):
        report = self._get_report(report_ref)
        # A report of Odoo's may be of a model that is not installed.
        audited = report.model in self.env and hasattr(
            self.env[report.model], "_audit_reference"
        )
        if audited and outermost and ids:
            ids = [ids] if isinstance(ids, int) else ids
            records = self.env[report.model].browse(ids)
            self.env["osc.audit.entry"]._log("print", records, report.report_name)

    # ------------------------------------------------------------------
    # WeasyPrint
    # ------------------------------------------------------------------
    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        report = self._get_report(report_ref)
        if report.pdf_engine != "weasyprint":
            return super()._render_qweb_pdf_prepare_streams(
                report_ref, data, res_ids=res_ids
            )
        streams = OrderedDict()
        # Each record on its own: pages are counted for each, and none shows on the
        # sheet of another.
        for res_id in dict.fromkeys(res_ids) if res_ids else [False]:
            ids = [res_id] if res_id else []
            html, _type = self._render_qweb_html(report_ref, ids, data=dict(data or {}))
            streams[res_id] = {
                "stream": io.BytesIO(self._weasyprint(html.decode())),
                "attachment": None,
            }
        return streams

    def _weasyprint(self, html):
        """A PDF file of an HTML page; nothing is fetched but files of addons.

        :param str html: a whole page
        :return: bytes
        """
        document = weasyprint.HTML(
            string=html, base_url="file:///", url_fetcher=AddonFiles()
        )
        sheet, fonts = _style_sheet(file_path(STYLE_SHEET))
        return document.write_pdf(stylesheets=[sheet], font_config=fonts)


@lru_cache(maxsize=4)
def _style_sheet(path):
    """Parsed once: that is most of the time that a page takes."""
    fonts = FontConfiguration()
    sheet = weasyprint.CSS(filename=path, font_config=fonts, url_fetcher=AddonFiles())
    return sheet, fonts
