from odoo import api, fields, models
from odoo.exceptions import UserError

# Which state may follow which. Nothing comes back from being superseded.
TRANSITIONS = {
    "draft": {"review"},
    "review": {"draft", "in_force"},
    "in_force": {"superseded"},
    "superseded": set(),
}
LOCKED_STATES = ("in_force", "superseded")
WORKFLOW_FIELDS = {"approved_at", "approved_by_id", "in_force_to"}


class OscSopVersion(models.Model):
    """One wording of an SOP, from draft to superseded.

    What people were trained on and signed must stay what it was: a version in force
    can't be edited. A change is a new version.
    """

    _name = "osc.sop.version"
    _description = "Version of an SOP"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "sop_id, in_force_from desc, id desc"

    sop_id = fields.Many2one(
        comodel_name="osc.sop",
        string="SOP",
        required=True,
        index=True,
        ondelete="restrict",
    )
    number = fields.Char(required=True, help="For example 2.1.", tracking=True)
    body = fields.Html(string="Text")
    discipline_ids = fields.Many2many(
        comodel_name="osc.discipline",
        string="Concerns",
        help="Disciplines whose representatives must know this version.",
    )
    duty_ids = fields.One2many(
        comodel_name="osc.sop.duty",
        inverse_name="version_id",
        string="Roles and duties",
        copy=True,
    )
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("review", "In review"),
            ("in_force", "In force"),
            ("superseded", "Superseded"),
        ],
        required=True,
        default="draft",
        copy=False,
        tracking=True,
    )
    in_force_from = fields.Date(
        copy=False,
        tracking=True,
        help="The day from which it holds. An approved version with a later day "
        "comes into force by itself on that day.",
    )
    in_force_to = fields.Date(copy=False, readonly=True)
    approved_by_id = fields.Many2one(
        comodel_name="res.users", copy=False, readonly=True, tracking=True
    )
    approved_at = fields.Datetime(copy=False, readonly=True)

    _number_unique = models.Constraint(
        "UNIQUE(sop_id, number)", "This SOP already has a version with this number."
    )
    _one_in_force = models.UniqueIndex(
        "(sop_id) WHERE state = 'in_force'",
        "Another version of this SOP is in force.",
    )

    @api.depends("sop_id.name", "number")
    def _compute_display_name(self):
        for version in self:
            version.display_name = f"{version.sop_id.name} {version.number}"

    # ------------------------------------------------------------------
    # A version in force stays what it is
    # ------------------------------------------------------------------
    @api.model
    def _content_fields(self):
        """Fields that make up what a reader signs."""
        return {"sop_id", "number", "body", "discipline_ids", "duty_ids"}

    def _check_not_locked(self):
        """:raise UserError: a version is approved, or is or was in force"""
        for version in self:
            if version.state in LOCKED_STATES:
                raise UserError(
                    self.env._(
                        "%s is or was in force and can't be edited. Make a new "
                        "version instead.",
                        version.display_name,
                    )
                )
            if version.approved_at:
                # What comes into force must be what was approved.
                raise UserError(
                    self.env._(
                        "%s is approved and can't be edited. Take it back to draft "
                        "first; it must then be approved again.",
                        version.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("state", "draft") != "draft":
                raise UserError(
                    self.env._(
                        "A new version is a draft: send it to review, then approve it."
                    )
                )
            self._check_workflow_fields(vals)
        # What is given counts for more than a default of the context or of a user.
        unset = {"state": "draft", **dict.fromkeys(WORKFLOW_FIELDS, False)}
        return super().create([{**unset, **vals} for vals in vals_list])

    @api.model
    def _check_workflow_fields(self, vals):
        """:raise UserError: somebody writes what only the workflow may set

        The workflow writes as superuser, after its own check of access.
        """
        if not self.env.su and WORKFLOW_FIELDS & set(vals):
            raise UserError(
                self.env._(
                    "Who approved a version, and when, can't be written: use the "
                    "buttons of the version."
                )
            )

    def write(self, vals):
        self._check_workflow_fields(vals)
        if (self._content_fields() | {"in_force_from"}) & set(vals):
            self._check_not_locked()
        if "state" in vals:
            self._check_transition(vals["state"])
        return super().write(vals)

    def _check_transition(self, state):
        """:raise UserError: a version can't go to that state from where it is"""
        for version in self:
            if state != version.state and state not in TRANSITIONS[version.state]:
                raise UserError(
                    self.env._(
                        "%(version)s can't go from “%(old)s” to “%(new)s”.",
                        version=version.display_name,
                        old=version._state_label(version.state),
                        new=version._state_label(state),
                    )
                )
            if state == "in_force" and not version.approved_at:
                raise UserError(
                    self.env._(
                        "%s must be approved before it comes into force.",
                        version.display_name,
                    )
                )

    def _state_label(self, state):
        selection = self._fields["state"]._description_selection(self.env)
        return dict(selection).get(state, state)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_locked(self):
        self._check_not_locked()

    # ------------------------------------------------------------------
    # Draft, review, in force
    # ------------------------------------------------------------------
    def action_review(self):
        """Send drafts to review."""
        self.check_access("write")
        self.write({"state": "review"})

    def action_draft(self):
        """Take versions back from review; an approval that was given is void."""
        self.check_access("write")
        # States are locked against writing; only these methods change them.
        self.sudo().write(
            {"state": "draft", "approved_by_id": False, "approved_at": False}
        )

    def action_approve(self):
        """Approve reviewed versions; they come into force on their day, at the
        earliest today (in the approver's time zone)."""
        self.check_access("write")
        today = fields.Date.context_today(self)
        for version in self:
            if version.state != "review":
                raise UserError(
                    self.env._(
                        "%s must be in review to be approved.", version.display_name
                    )
                )
            # As above: states are written by these methods only.
            version.sudo().write(
                {
                    "approved_by_id": self.env.uid,
                    "approved_at": fields.Datetime.now(),
                    "in_force_from": max(version.in_force_from or today, today),
                }
            )
        self._put_in_force(today)

    def _put_in_force(self, today):
        """Put approved versions whose day has come in force, superseding others."""
        due = self.filtered(
            lambda version: (
                version.state == "review"
                and version.approved_at
                and version.in_force_from <= today
            )
        )
        for version in due.sorted(lambda version: (version.in_force_from, version.id)):
            # A version in force can't be edited, only superseded here.
            version.sop_id.current_version_id.sudo().write(
                {"state": "superseded", "in_force_to": today}
            )
            version.flush_model(["state"])
            version.state = "in_force"

    @api.model
    def _cron_put_in_force(self):
        """Every hour: approved versions come into force on their day (UTC)."""
        today = fields.Date.today()
        self.search(
            [
                ("state", "=", "review"),
                ("approved_at", "!=", False),
                ("in_force_from", "<=", today),
            ]
        )._put_in_force(today)

    def action_new_version(self):
        """Copy into a new draft and open it.

        :return: action that opens the new draft
        """
        self.ensure_one()
        number = self.env._("%s (new)", self.number)
        version = self.copy({"number": number})
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": version.id,
            "view_mode": "form",
        }
