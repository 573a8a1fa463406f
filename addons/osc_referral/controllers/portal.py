from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

GROUP = "osc_referral.group_partner"
PAGE = 20
FLAGS = ("in_danger", "is_injured", "no_safe_place", "may_phone", "she_agrees")


class ReferralPortal(CustomerPortal):
    """What a partner organisation sees and does: its own referrals, never a case.

    Everything goes through the rules and methods of ``osc.referral`` with the rights of
    whoever is logged in. No address carries a token.
    """

    # ------------------------------------------------------------------
    # Home and list
    # ------------------------------------------------------------------
    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "osc_referral_count" in counters and request.env.user.has_group(GROUP):
            values["osc_referral_count"] = request.env["osc.referral"].search_count([])
        return values

    def _check_partner(self):
        """:raise NotFound: the user answers for no partner"""
        if not request.env.user.has_group(GROUP):
            raise request.not_found()

    @http.route(
        ["/my/referrals", "/my/referrals/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def referrals(self, page=1, state="open", **_kwargs):
        """The referrals of the own organisation."""
        self._check_partner()
        Referral = request.env["osc.referral"]
        domain = Referral._open_domain() if state != "all" else Domain.TRUE
        count = Referral.search_count(domain)
        pages = pager(
            url="/my/referrals",
            url_args={"state": state},
            total=count,
            page=page,
            step=PAGE,
        )
        return request.render(
            "osc_referral.portal_referrals",
            {
                "referrals": Referral.search(
                    domain, order="due_at, id", limit=PAGE, offset=pages["offset"]
                ),
                "page_name": "osc_referrals",
                "pager": pages,
                "state": state,
                "default_url": "/my/referrals",
            },
        )

    # ------------------------------------------------------------------
    # Sending somebody to a center
    # ------------------------------------------------------------------
    def _centers(self):
        """Centers that receive somebody: their names are for every partner."""
        return (
            request.env["osc.center"]
            .sudo()
            .search([("state", "in", ("pilot", "operational"))])
        )

    @http.route(
        "/my/referrals/new",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        website=True,
    )
    def send_somebody(self, **post):
        """A form; what is entered becomes a draft case, and is shown no more."""
        self._check_partner()
        error = None
        if request.httprequest.method == "POST":
            try:
                with request.env.cr.savepoint():
                    self._receive(post)
                return request.redirect("/my/referrals/receipts")
            except (UserError, ValueError) as problem:
                error = str(problem)
        case_fields = request.env["osc.case"]._fields
        response = request.render(
            "osc_referral.portal_send_somebody",
            {
                "centers": self._centers(),
                "urgencies": case_fields["urgency"]._description_selection(request.env),
                "sexes": case_fields["survivor_sex"]._description_selection(
                    request.env
                ),
                "post": post,
                "error": error,
                "page_name": "osc_incoming",
            },
        )
        response.headers["Cache-Control"] = "no-store"
        return response

    def _receive(self, post):
        """:raise UserError: something is missing or out of reason"""
        center_id = post.get("center_id", "")
        center = self._centers().filtered(lambda center: str(center.id) == center_id)
        age = post.get("survivor_age", "").strip()
        if age and not (age.isdigit() and int(age) <= 120):
            raise UserError(request.env._("Write the age in years, or leave it empty."))
        selections = request.env["osc.case"]._fields
        for name in ("urgency", "survivor_sex"):
            if post.get(name) not in dict(selections[name].selection):
                raise UserError(request.env._("Choose how urgent it is, and her sex."))
        request.env["osc.referral.incoming"]._receive(
            center,
            request.env.user.commercial_partner_id,
            {
                **{
                    name: post.get(name, "").strip()
                    for name in ("survivor_name", "survivor_phone", "message")
                },
                **{name: post[name] for name in ("urgency", "survivor_sex")},
                **{name: bool(post.get(name)) for name in FLAGS},
                "survivor_age": int(age or 0),
            },
        )

    @http.route("/my/referrals/receipts", type="http", auth="user", website=True)
    def receipts(self, **_kwargs):
        """What the own organisation sent: numbers, centers and times."""
        self._check_partner()
        return request.render(
            "osc_referral.portal_receipts",
            {
                "receipts": request.env["osc.referral.incoming"].search(
                    [], limit=2 * PAGE
                ),
                "page_name": "osc_incoming",
            },
        )

    # ------------------------------------------------------------------
    # One referral
    # ------------------------------------------------------------------
    def _referral(self, referral_id):
        """A referral of the own organisation.

        :raise NotFound: there is none with this id that the user may read
        """
        self._check_partner()
        referral = request.env["osc.referral"].browse(referral_id)
        try:
            referral.check_access("read")
            referral.exists().ensure_one()
        except (AccessError, MissingError, ValueError) as error:
            raise request.not_found() from error
        return referral

    @http.route(
        "/my/referrals/<int:referral_id>", type="http", auth="user", website=True
    )
    def referral(self, referral_id, error=None, **_kwargs):
        """What was sent, as far as it is open now, and what the partner can do."""
        referral = self._referral(referral_id)
        fields = referral._fields
        response = request.render(
            "osc_referral.portal_referral",
            {
                "referral": referral,
                "lines": referral._open_for_partner(),
                "messages": request.env["osc.referral.message"].search(
                    [("referral_id", "=", referral.id)]
                ),
                "is_open": referral._is_open_to_partner(),
                "reasons": fields["decline_reason"]._description_selection(request.env),
                "outcomes": fields["outcome"]._description_selection(request.env),
                "error": request.session.pop("osc_referral_error", None),
                "page_name": "osc_referral",
            },
        )
        # It stays on no shared computer.
        response.headers["Cache-Control"] = "no-store"
        return response

    @http.route(
        "/my/referrals/<int:referral_id>/<string:step>",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def referral_step(
        self, referral_id, step, text="", choice="", file=None, **_kwargs
    ):
        """Answer, report, ask or file something."""
        referral = self._referral(referral_id)
        steps = {
            "accept": referral.action_accept,
            "decline": lambda: referral.action_decline(choice, text),
            "start": referral.action_start,
            "complete": lambda: referral.action_complete(choice, text),
            "write": lambda: referral.action_write(text),
            "file": lambda: self._file(referral, file),
        }
        if step not in steps:
            raise request.not_found()
        try:
            with request.env.cr.savepoint():
                steps[step]()
        except UserError as error:
            request.session["osc_referral_error"] = str(error)
        return request.redirect(f"/my/referrals/{referral.id}")

    def _file(self, referral, file):
        """:raise UserError: no file, or one that is too large"""
        content = file.read() if file else b""
        if not content:
            raise UserError(request.env._("Choose a file first."))
        referral._add_document(file.filename, content)

    @http.route(
        "/my/referrals/<int:referral_id>/document/<int:message_id>",
        type="http",
        auth="user",
        website=True,
    )
    def referral_document(self, referral_id, message_id, **_kwargs):
        """A document of a referral, as long as it is open to the partner."""
        referral = self._referral(referral_id)
        message = request.env["osc.referral.message"].search(
            [
                ("id", "=", message_id),
                ("referral_id", "=", referral.id),
                ("document_id", "!=", False),
            ]
        )
        if not message:
            raise request.not_found()
        # The rule of the text was just asked; it is the same for its file.
        document = message.sudo().document_id
        stream = request.env["ir.binary"]._get_stream_from(
            document.with_env(message.env)
        )
        return stream.get_response(as_attachment=True)
