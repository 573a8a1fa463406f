from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.osc_base.fields import EncryptedChar, EncryptedText

from ..models.osc_custody_event import CONDITIONS, KINDS, PURPOSES


class OscCustodyStep(models.TransientModel):
    """Asks what the custody log needs to know of a step, and takes the step."""

    _name = "osc.custody.step"
    _description = "Step of custody"
    _inherit = ["osc.given.mixin", "osc.vault.mixin"]

    _given_fields = frozenset({"kind", "evidence_ids"})

    kind = fields.Selection(
        selection=[kind for kind in KINDS if kind[0] not in ("collect", "file")],
        required=True,
        readonly=True,
    )
    evidence_ids = fields.Many2many(
        comodel_name="osc.evidence", string="Exhibits", required=True, readonly=True
    )
    case_id = fields.Many2one(comodel_name="osc.case", compute="_compute_case_id")
    center_id = fields.Many2one(comodel_name="osc.center", compute="_compute_case_id")
    candidate_ids = fields.Many2many(
        comodel_name="res.users", compute="_compute_candidate_ids"
    )
    at = fields.Datetime(
        string="When",
        required=True,
        default=fields.Datetime.now,
        help="The exact time.",
    )
    to_whom = fields.Selection(
        selection=[
            ("user", "Somebody with a login"),
            ("outside", "Somebody outside"),
        ],
        string="To",
        required=True,
        default="user",
    )
    to_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Receiver",
        domain="[('id', 'in', candidate_ids)]",
        help="Those to whom this evidence is open. They confirm as themselves.",
    )
    outsider = EncryptedChar(string="Name and rank")
    agency_id = fields.Many2one(comodel_name="osc.agency")
    receipt = fields.Binary(
        string="Signed receipt",
        attachment=True,
        help="Photograph or scan of the paper that both signed.",
    )
    purpose = fields.Selection(selection=PURPOSES, default="internal")
    seal = fields.Char(
        string="Seal as you read it",
        help="Read it from the package, now: don't copy it from the screen.",
    )
    new_seal = fields.Char(string="New seal number")
    place_id = fields.Many2one(
        comodel_name="osc.storage.place",
        string="Storage place",
        domain="[('center_id', '=', center_id)]",
    )
    condition = fields.Selection(selection=CONDITIONS, default="intact")
    location = EncryptedChar(string="Where", help="For example: reception, gate.")
    exception = EncryptedText(string="Anything unusual")
    reason = EncryptedText(string="Reason")

    @api.depends("evidence_ids")
    def _compute_case_id(self):
        for step in self:
            step.case_id = step.evidence_ids.case_id[:1]
            step.center_id = step.case_id.center_id

    @api.depends("evidence_ids")
    def _compute_candidate_ids(self):
        """Members of the case to whom all of these exhibits are open."""
        for step in self:
            members = step.case_id._valid_members() - self.env.user
            step.candidate_ids = members.filtered(
                lambda user, step=step: step.evidence_ids._origin.with_user(
                    user
                ).has_access("read")
            )

    def action_confirm(self):
        """Take the step with each of the exhibits.

        :raise UserError: what is needed is missing, or the step isn't possible
        """
        self.ensure_one()
        exhibits = self.evidence_ids
        if not exhibits:
            raise UserError(self.env._("Choose at least one exhibit."))
        if len(exhibits.case_id) > 1:
            raise UserError(self.env._("One case at a time."))
        for exhibit in exhibits:
            getattr(self, f"_take_{self.kind}", self._take_plain)(exhibit)
        return {"type": "ir.actions.act_window_close"}

    def _common(self):
        return {
            "at": self.at,
            "condition": self.condition,
            "location": self.location,
            "exception": self.exception,
        }

    def _take_plain(self, exhibit):
        """Steps without fields of their own."""
        getattr(exhibit, f"_{self.kind}")(**self._common())

    def _take_seal(self, exhibit):
        exhibit._seal(self.new_seal, **self._common())

    def _take_store(self, exhibit):
        exhibit._store(self.place_id, **self._common())

    def _take_give(self, exhibit):
        common = {**self._common(), "seal_in": self.seal}
        if self.to_whom == "user":
            if not self.to_user_id:
                raise UserError(self.env._("Choose who receives it."))
            exhibit._give(self.to_user_id, self.purpose, **common)
        else:
            exhibit._give_outside(
                self.outsider, self.agency_id, self.receipt, self.purpose, **common
            )

    def _take_receive(self, exhibit):
        exhibit._receive(**self._common(), seal_in=self.seal)

    def _take_pass(self, exhibit):
        exhibit._pass(
            self.outsider,
            self.agency_id,
            self.receipt,
            self.purpose,
            **self._common(),
        )

    def _take_take_back(self, exhibit):
        exhibit._take_back(self.receipt, **self._common(), seal_in=self.seal)

    def _take_report(self, exhibit):
        exhibit._report(**self._common(), seal_out=self.new_seal)

    def _take_dispose_request(self, exhibit):
        exhibit._dispose_request(self.reason, **self._common())
