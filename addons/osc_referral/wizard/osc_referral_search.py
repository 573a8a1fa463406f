from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

LINES = 20


class OscReferralSearch(models.TransientModel):
    """Who gives this service, to her, near here, now; the most suitable first."""

    _name = "osc.referral.search"
    _description = "Find a partner"
    _inherit = "osc.given.mixin"

    case_id = fields.Many2one(
        comodel_name="osc.case",
        default=lambda self: self._default_case_id(),
        ondelete="cascade",
    )
    referral_id = fields.Many2one(
        comodel_name="osc.referral",
        ondelete="cascade",
        help="The draft whose partner is looked for.",
    )
    center_id = fields.Many2one(
        comodel_name="osc.center",
        required=True,
        compute="_compute_center_id",
        compute_sudo=False,
        store=True,
        precompute=True,
        readonly=False,
    )
    service_id = fields.Many2one(
        comodel_name="osc.service", required=True, ondelete="cascade"
    )
    area_id = fields.Many2one(
        comodel_name="osc.area",
        string="Near",
        compute="_compute_area_id",
        compute_sudo=False,
        store=True,
        precompute=True,
        readonly=False,
    )
    open_now = fields.Boolean(string="Open now")
    with_children = fields.Boolean(string="She brings children")
    line_ids = fields.One2many(
        comodel_name="osc.referral.search.line",
        inverse_name="search_id",
    )

    @api.model
    def _default_case_id(self):
        if self.env.context.get("active_model") == "osc.case":
            return self.env.context.get("active_id")
        return False

    @api.depends("case_id")
    def _compute_center_id(self):
        for search in self:
            # The center of a case that the user may open, whatever else they see.
            case = search.case_id._origin._filtered_access("read").sudo()
            search.center_id = (
                case.center_id or self.env["osc.center"]._default_for_user()
            )

    @api.depends("center_id")
    def _compute_area_id(self):
        for search in self:
            search.area_id = search.center_id.area_id

    @api.model_create_multi
    def create(self, vals_list):
        searches = super().create(vals_list)
        searches._fill()
        return searches

    def _fill(self):
        for search in self:
            search.line_ids = [
                Command.clear(),
                *map(Command.create, search._line_vals(search._find())),
            ]

    def action_search(self):
        """Search anew; the dialog stays open."""
        self.ensure_one()
        self.check_access("write")
        self._fill()
        return self._dialog()

    def _dialog(self):
        """The dialog with what was found."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "osc_referral.osc_referral_search_action"
        )
        return dict(action, res_id=self.id)

    def _find(self):
        self.ensure_one()
        Partner = self.env["res.partner"]
        options = {
            "center": self.center_id,
            "area": self.area_id,
            "with_children": self.with_children,
            "open_now": self.open_now,
            "limit": LINES,
        }
        if self.referral_id:
            # Only which partners were tried, of a case that the user may open.
            self.referral_id.check_access("read")
            tried = self.referral_id.sudo()._tried() - self.referral_id
            options["without"] = tried.partner_id
        case = self.case_id
        if case:
            case.check_access("read")
            options = {**Partner._osc_about(case), **options}
        return Partner._osc_find(self.service_id, **options)

    def _line_vals(self, found):
        partners = self.env["res.partner"].union(*(row["partner"] for row in found))
        figures = self._figures(partners)
        return [
            {
                "partner_id": row["partner"].id,
                "distance": row["distance"] or 0,
                "is_near": row["in_area"],
                "opening": {True: "open", False: "closed", None: "unknown"}[
                    row["is_open"]
                ],
                "free": "" if row["free"] is None else str(row["free"]),
                "agreement": ("valid", "none", "ended")[row["agreement"]],
                "answer_minutes": figures.get(row["partner"], (0, 0))[0],
                "acceptance": figures.get(row["partner"], (0, 0))[1],
            }
            for row in found
        ]

    def _figures(self, partners):
        """Average minutes until answered and percentage accepted, of all referrals."""
        rows = (
            self.env["osc.referral"]
            .sudo()  # averages of a partner say nothing of a case
            ._read_group(
                [("partner_id", "in", partners.ids), ("answered_at", "!=", False)],
                ["partner_id"],
                ["answer_minutes:avg", "acceptance:avg"],
            )
        )
        return {partner: (minutes, rate) for partner, minutes, rate in rows}

    def _refer_to(self, partner):
        """A draft for a partner, or the partner of the draft.

        :raise UserError: there is no case to refer from
        """
        self.ensure_one()
        referral = self.referral_id
        if referral:
            referral.partner_id = partner
        elif self.case_id:
            referral = self.env["osc.referral"].create(
                {
                    "case_id": self.case_id.id,
                    "service_id": self.service_id.id,
                    "partner_id": partner.id,
                }
            )
        else:
            raise UserError(
                self.env._("Choose for whom it is, search, and press Refer.")
            )
        return {
            "type": "ir.actions.act_window",
            "res_model": "osc.referral",
            "res_id": referral.id,
            "views": [[False, "form"]],
            "target": "current",
        }
