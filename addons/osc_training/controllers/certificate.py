from odoo import http
from odoo.http import request


class Certificate(http.Controller):
    """Whether a printed certificate is real."""

    @http.route(
        ["/osc/certificate", "/osc/certificate/<string:code>"],
        type="http",
        auth="public",
        methods=["GET"],
        sitemap=False,
    )
    def certificate(self, code=""):
        """What is certified, from when to when. Never whom: the name stands on the
        paper, and where people work for survivors is nobody's business."""
        # The page is public, and the code is the key to one certificate.
        certificate = (
            request.env["hr.employee.skill"].sudo()._osc_by_code(code) if code else None
        )
        response = request.render(
            "osc_training.certificate_page",
            {
                "code": code,
                "certificate": certificate,
                "is_valid": bool(certificate) and certificate._osc_is_valid(),
            },
        )
        response.headers["Cache-Control"] = "no-store"
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["Referrer-Policy"] = "no-referrer"
        return response
