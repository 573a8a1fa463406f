from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from odoo.addons.osc_base.fields import EncryptedText


class OscMedicalOffer(models.Model):
    """One treatment that was offered to her, and what became of it.

    Treatment waits for no police report and no exam; a window that has passed is told
    to whoever offers it and refuses nothing.
    """

    _name = "osc.medical.offer"
    _description = "Treatment offered"
    _inherit = "osc.clinical.content"
    _order = "case_id, sequence, id"

    _content_scope = "medical"

    exam_id = fields.Many2one(
        comodel_name="osc.medical.exam",
        index="btree_not_null",
        ondelete="cascade",
        domain="[('case_id', '=', case_id)]",
    )
    case_id = fields.Many2one(
        compute="_compute_case_id", store=True, readonly=False, precompute=True
    )
    # A default would count for more than the exam.
    discipline_id = fields.Many2one(
        compute="_compute_discipline_id",
        store=True,
        readonly=False,
        precompute=True,
        default=None,
    )
    treatment_id = fields.Many2one(
        comodel_name="osc.medical.treatment", required=True, ondelete="restrict"
    )
    sequence = fields.Integer(related="treatment_id.sequence", store=True)
    state = fields.Selection(
        selection=[
            ("offered", "Offered"),
            ("accepted", "Accepted"),
            ("declined", "Declined"),
            ("contraindicated", "Contraindicated"),
            ("out_of_window", "Out of window"),
            ("out_of_stock", "Out of stock"),
        ],
        string="Answer",
        help="Empty: not offered yet.",
    )
    given_at = fields.Datetime(string="Given", copy=False)
    given_by_id = fields.Many2one(
        comodel_name="res.users", string="Given by", copy=False, ondelete="restrict"
    )
    lot = fields.Char(help="Lot or batch number.")
    note = EncryptedText()
    window = fields.Char(
        string="Time",
        compute="_compute_window",
        help="Hours since the incident, and how long it usually helps.",
    )

    @api.depends("exam_id")
    def _compute_case_id(self):
        for offer in self:
            offer.case_id = offer.exam_id.case_id or offer.case_id

    @api.depends("exam_id", "case_id")
    def _compute_discipline_id(self):
        """That of the exam, else the one for which the user works on the case."""
        for offer in self:
            offer.discipline_id = (
                offer.exam_id.discipline_id
                or offer.discipline_id
                or offer.with_context(
                    default_case_id=offer.case_id.id
                )._default_discipline()
            )

    @api.depends("case_id.display_name", "treatment_id.name")
    def _compute_display_name(self):
        for offer in self:
            offer.display_name = (
                f"{offer.case_id.display_name or ''} · {offer.treatment_id.name or ''}"
            )

    @api.depends("treatment_id", "given_at", "case_id.incident_ids.occurred_at")
    def _compute_window(self):
        now = fields.Datetime.now()
        for offer in self:
            limit = offer.treatment_id.window_hours
            since = offer._hours_since(offer.given_at or now)
            if not limit:
                offer.window = False
            elif since is None:
                offer.window = self.env._("within %s h", limit)
            else:
                offer.window = self.env._(
                    "%(since)s h of %(limit)s h", since=since, limit=limit
                )

    def _hours_since(self, moment):
        """Whole hours from the last incident whose time is known."""
        times = self.case_id.incident_ids.filtered("occurred_at").mapped("occurred_at")
        return (
            max(0, int((moment - max(times)).total_seconds() // 3600))
            if times
            else None
        )

    # ------------------------------------------------------------------
    # Constraints
    # ------------------------------------------------------------------
    @api.constrains("exam_id", "case_id")
    def _check_exam_id(self):
        for offer in self:
            if offer.exam_id and offer.exam_id.case_id != offer.case_id:
                raise ValidationError(self.env._("The exam belongs to another case."))

    @api.constrains("given_at", "state")
    def _check_given_at(self):
        for offer in self.filtered("given_at"):
            if offer.given_at > fields.Datetime.now():
                raise ValidationError(self.env._("That time is in the future."))
            if offer.state == "declined":
                raise ValidationError(
                    self.env._("She declined it, so it can't have been given.")
                )

    # ------------------------------------------------------------------
    # Give
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        offers = super().create([self._with_giver(vals) for vals in vals_list])
        offers.filtered("given_at")._tell_clock()
        return offers

    def write(self, vals):
        result = super().write(self._with_giver(vals))
        if "given_at" in vals:
            self._tell_clock()
        return result

    def _with_giver(self, vals):
        """Whoever notes that it was given has given it, unless they say who did."""
        if not vals.get("given_at"):
            return vals
        return {"given_by_id": self.env.uid, "state": "accepted", **vals}

    def _tell_clock(self):
        """Giving it, or that it wasn't given after all, is an event of the case."""
        for offer in self:
            event = offer.treatment_id.clock_event or "first_service"
            offer.case_id._clock_event(event, offer.given_at, source=offer)

    def action_give(self):
        """She gets it now, whatever was noted before; never against her will.

        :raise UserError: she declined, or she has it already
        """
        self.check_access("write")
        for offer in self:
            if offer.given_at:
                raise UserError(self.env._("It was given already."))
            if offer.state == "declined":
                raise UserError(
                    self.env._("She declined. If she wants it now, note that first.")
                )
            offer.write({"given_at": fields.Datetime.now(), "state": "accepted"})
        return True
