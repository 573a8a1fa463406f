from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

from odoo.addons.osc_base.fields import EncryptedChar, EncryptedText

from .osc_case_reporting import OPEN_STATES

# What may be planned; what became of it is written by the actions.
PLANNED_FIELDS = {"case_id", "due_on", "way"}
CONTACT_FIELDS = {
    "contact_channel": "safe_contact_channel",
    "contact_details": "safe_contact_details",
    "contact_hours": "safe_contact_hours",
    "contact_notes": "safe_contact_notes",
}


class OscFollowup(models.Model):
    """Asking her how she is, once, in the way that is safe for her."""

    _name = "osc.followup"
    _description = "Follow-up"
    _inherit = ["osc.case.audited", "osc.vault.mixin", "osc.case.words"]
    _order = "due_on, id"

    case_id = fields.Many2one(
        comodel_name="osc.case", required=True, index=True, ondelete="cascade"
    )
    center_id = fields.Many2one(
        related="case_id.center_id", store=True, precompute=True, index=True
    )
    company_id = fields.Many2one(
        related="center_id.company_id", store=True, precompute=True
    )
    case_worker_id = fields.Many2one(related="case_id.case_worker_id")
    due_on = fields.Date(
        string="Due", required=True, index=True, help="Day at the center."
    )
    way = fields.Selection(
        selection=[
            ("contact", "The safe way of contact"),
            ("comes", "She comes to the center"),
        ],
        required=True,
        default="contact",
    )
    state = fields.Selection(
        selection=[
            ("planned", "Planned"),
            ("done", "Done"),
            ("not_reached", "Not reached"),
            ("declined", "Declined by her"),
        ],
        required=True,
        default="planned",
        readonly=True,
        index=True,
    )
    done_at = fields.Datetime(string="When", readonly=True)
    done_by_id = fields.Many2one(
        comodel_name="res.users", string="By", readonly=True, ondelete="restrict"
    )
    still_safe = fields.Boolean(
        string="Still safe",
        readonly=True,
        help="She was asked again whether this way of contact is still safe.",
    )
    note = EncryptedText(readonly=True, open_if="words_open")
    told_at = fields.Datetime(readonly=True)
    # How she may be reached; shown to those to whom that is open.
    contact_open = fields.Boolean(compute="_compute_contact")
    contact_allowed = fields.Boolean(
        string="May be contacted", compute="_compute_contact"
    )
    contact_channel = fields.Char(string="Safe way", compute="_compute_contact")
    contact_details = EncryptedChar(
        string="Safe number or person", compute="_compute_contact"
    )
    contact_hours = EncryptedChar(string="Safe hours", compute="_compute_contact")
    contact_notes = EncryptedText(string="Safety notes", compute="_compute_contact")

    _due = models.Index("(due_on) WHERE state = 'planned'")

    @api.depends("case_id.display_name")
    def _compute_display_name(self):
        for followup in self:
            followup.display_name = self.env._(
                "%(case)s · follow-up %(number)s",
                case=followup.case_id.display_name,
                number=followup.id,
            )

    @api.depends("case_id")
    @api.depends_context("uid")
    def _compute_contact(self):
        """As the scope "How to reach her" opens it, not with the survivor's record."""
        own = self._case_itself()._memberships_of(self.env.user)
        opened = own.filtered(lambda member: "contact" in member._open_scopes()).case_id
        for followup in self:
            followup.contact_open = followup._case_itself() in opened
            # The scope was just checked; the record opens with her identity only.
            survivor = (
                followup._case_itself().survivor_id
                if followup.contact_open
                else self.env["osc.survivor"]
            )
            followup.contact_allowed = survivor.safe_contact_allowed
            for name, survivor_name in CONTACT_FIELDS.items():
                value = followup.contact_allowed and survivor[survivor_name]
                if name == "contact_channel" and value:
                    field = survivor._fields[survivor_name]
                    value = dict(field._description_selection(self.env))[value]
                followup[name] = value or False

    # ------------------------------------------------------------------
    # Plan
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_planned_only(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._check_planned_only(vals)
        if not self.env.su and any(followup.state != "planned" for followup in self):
            raise UserError(
                self.env._("What became of a follow-up stays. Plan another one.")
            )
        if "case_id" in vals:
            # Rules look at the case that it leaves, not at the one that it enters.
            self.env["osc.case"].browse(vals["case_id"]).check_access("write")
        if "due_on" in vals:
            vals = {**vals, "told_at": False}
        return super().write(vals)

    def _check_planned_only(self, vals):
        if not self.env.su and set(vals) - PLANNED_FIELDS:
            raise AccessError(
                self.env._("Use the buttons: they note who asked her and when.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_planned(self):
        if any(followup.state != "planned" for followup in self):
            raise UserError(self.env._("What became of a follow-up stays."))

    # ------------------------------------------------------------------
    # What became of it
    # ------------------------------------------------------------------
    def action_done(self, note=None, *, still_safe=False, came=False):
        """She was asked how she is.

        :param str note: kept in the vault
        :param bool still_safe: she was asked whether the way of contact is still safe
        :param bool came: she came herself, whatever was planned
        :raise UserError: she may not be contacted, or it is over
        """
        way = "comes" if came else None
        return self._end("done", note, way=way, still_safe=still_safe)

    def action_not_reached(self, note=None):
        """Nobody answered: planned again after the days of the policy.

        Until she has not been reached for as long as the policy says; then closing
        the case is to be considered, see ``osc.case.closure_review``.
        """
        self._end("not_reached", note)
        # The policy and what was planned belong to the case.
        for followup in self.sudo():
            case = followup.case_id
            if not case.closure_review and not case.followup_ids.filtered(
                lambda other: other.state == "planned"
            ):
                days = case._policy_today()._limit("followup_retry_days")
                case._plan_followup(case.center_id._local_day(), days)
        return True

    def action_declined(self, note=None):
        """She doesn't want to be asked."""
        return self._end("declined", note)

    def _end(self, state, note, *, way=None, still_safe=False):
        self.check_access("write")
        for followup in self:
            if followup.state != "planned":
                raise UserError(
                    self.env._("%s is over already.", followup.display_name)
                )
            if followup.case_id.state not in OPEN_STATES:
                raise UserError(self.env._("The case is not open."))
            # Whether she may be contacted is for everybody who would do it.
            allowed = followup._case_itself().survivor_id.safe_contact_allowed
            used = way or followup.way
            if used == "contact" and state != "declined" and not allowed:
                raise UserError(
                    self.env._(
                        "She may not be contacted. Ask her when she comes to the "
                        "center, or note in her record which way is safe."
                    )
                )
            # What became of it is written by these methods only.
            followup.sudo().write(
                {
                    "state": state,
                    "way": used,
                    "done_at": fields.Datetime.now(),
                    "done_by_id": self.env.uid,
                    "still_safe": still_safe,
                    "note": (note or "").strip() or False,
                }
            )
        return True

    # ------------------------------------------------------------------
    # Remind
    # ------------------------------------------------------------------
    @api.model
    def _cron_remind(self):
        """Once a day: tell case workers what is due, each follow-up once."""
        tomorrow = fields.Date.today() + timedelta(days=1)
        due = self.search(
            Domain("state", "=", "planned")
            & Domain("told_at", "=", False)
            & Domain("due_on", "<=", tomorrow)
            & Domain("case_id.state", "in", OPEN_STATES)
        )
        for followup in due:
            self.env["osc.intimation"]._apart("remind of", followup, self._remind_one)

    @api.model
    def _remind_one(self, followup):
        case = followup.case_id
        if followup.state != "planned" or followup.due_on > case.center_id._local_day():
            return
        user = case.case_worker_id.filtered("active") or case._supervisor(2)
        if not user:
            return
        case._notify_people(
            user,
            lambda case: (
                case.env._("Follow-up: %s", case.display_name),
                case.env._("%s · a follow-up is due", case.display_name),
            ),
        )
        followup.told_at = fields.Datetime.now()
