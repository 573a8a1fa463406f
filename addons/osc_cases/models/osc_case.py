from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

# Written by the actions of a case only, so that each change has its reason.
PROTECTED_FIELDS = {
    "closed_at",
    "gap_discipline_ids",
    "high_risk_since",
    "intimation_ids",
    "member_ids",
    "name",
    "reported_at",
    "reported_by_id",
    "risk_level",
    "state",
}


class OscCase(models.Model):
    """One survivor's matter at one center, from first contact to closure.

    Carries a code and never a name. Nothing about the violence is mandatory.
    """

    _name = "osc.case"
    _description = "Case"
    _inherit = [
        "osc.case.work",
        "osc.case.access",
        "osc.case.chatter",
        "osc.case.clinical",
        "osc.case.clocks",
        "osc.case.closing",
        "osc.case.followup",
        "osc.case.identity",
        "osc.case.justice",
        "osc.case.risk",
        "osc.case.reporting",
        "osc.case.telling",
    ]
    _order = "urgency_rank desc, reported_at desc, id desc"
    _check_company_auto = True
    # Members who may not edit the case may still write notes to each other.
    _mail_post_access = "read"
    _vault_attachments = True

    name = fields.Char(
        string="Code",
        readonly=True,
        copy=False,
        help="Given when the case is reported: center, year, number, check digit.",
    )
    state = fields.Selection(
        selection=[
            ("draft", "Draft"),
            ("reported", "Reported"),
            ("active", "Active"),
            ("closed", "Closed"),
        ],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
        index=True,
        group_expand=True,
        help="Reported: everybody concerned is told. Active: somebody acknowledged.",
    )
    center_id = fields.Many2one(
        comodel_name="osc.center",
        required=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env["osc.center"]._default_for_user(),
    )
    company_id = fields.Many2one(related="center_id.company_id", store=True)
    channel = fields.Selection(
        selection=[
            ("walk_in", "Came by herself"),
            ("accompanied", "Brought by a relative or friend"),
            ("phone", "Phone"),
            ("helpline", "Helpline"),
            ("police", "Brought by police"),
            ("hospital", "Hospital"),
            ("partner", "Sent by a partner"),
            ("online", "Online message"),
            ("outreach", "Outreach"),
            ("other", "Other"),
        ],
        required=True,
        help="How she reached the center.",
        groups="osc_base.group_representative",
    )
    urgency = fields.Selection(
        selection=[
            ("routine", "Routine"),
            ("urgent", "Urgent"),
            ("emergency", "Emergency"),
        ],
        required=True,
        default="urgent",
    )
    urgency_rank = fields.Integer(
        compute="_compute_urgency_rank",
        store=True,
        aggregator=None,
        export_string_translation=False,
    )
    reported_at = fields.Datetime(readonly=True, copy=False)
    reported_by_id = fields.Many2one(
        comodel_name="res.users", string="Reported by", readonly=True, copy=False
    )
    closed_at = fields.Datetime(readonly=True, copy=False)
    case_worker_id = fields.Many2one(
        comodel_name="res.users",
        string="Case worker",
        index="btree_not_null",
        default=lambda self: self.env.user,
        copy=False,
    )
    # What she needs now: decides, with the incidents, who is told.
    is_injured = fields.Boolean(
        string="Injured or in pain", groups="osc_base.group_representative"
    )
    in_danger = fields.Boolean(
        string="In danger now", groups="osc_base.group_representative"
    )
    no_safe_place = fields.Boolean(
        string="No safe place to sleep", groups="osc_base.group_representative"
    )
    lives_with_accused = fields.Boolean(
        string="Lives with the accused", groups="osc_base.group_representative"
    )
    missing_child = fields.Boolean(
        string="A child is missing", groups="osc_base.group_representative"
    )
    suspected_trafficking = fields.Boolean(
        string="Trafficking suspected", groups="osc_base.group_representative"
    )
    requested_service_ids = fields.Many2many(
        comodel_name="osc.service",
        string="She asks for",
        groups="osc_base.group_representative",
    )
    incident_ids = fields.One2many(
        comodel_name="osc.incident",
        inverse_name="case_id",
        string="Incidents",
        groups="osc_base.group_representative",
    )

    intimation_ids = fields.One2many(
        comodel_name="osc.intimation",
        inverse_name="case_id",
        string="Intimations",
        readonly=True,
        copy=False,
    )
    member_ids = fields.One2many(
        comodel_name="osc.case.member",
        inverse_name="case_id",
        string="Who may open this case",
        readonly=True,
        copy=False,
        groups="osc_base.group_representative",
    )
    consent_ids = fields.One2many(
        comodel_name="osc.consent",
        inverse_name="case_id",
        string="Consents",
        copy=False,
        groups="osc_base.group_representative",
    )
    disclosure_ids = fields.One2many(
        comodel_name="osc.disclosure",
        inverse_name="case_id",
        string="Without her consent",
        copy=False,
        groups="osc_base.group_representative",
    )
    guardian_ids = fields.One2many(
        comodel_name="osc.guardian",
        inverse_name="case_id",
        string="Guardians",
        copy=False,
        groups="osc_base.group_representative",
    )
    break_glass_ids = fields.One2many(
        comodel_name="osc.break.glass",
        inverse_name="case_id",
        string="Emergency access",
        readonly=True,
        copy=False,
        groups="osc_base.group_representative",
    )
    statement_ids = fields.One2many(
        comodel_name="osc.statement",
        inverse_name="case_id",
        string="Statements",
        copy=False,
        groups="osc_base.group_representative",
    )
    excluded_user_ids = fields.Many2many(
        comodel_name="res.users",
        relation="osc_case_excluded_user_rel",
        column1="case_id",
        column2="user_id",
        string="Excluded staff",
        copy=False,
        help="Staff who are related to her or accused: they are never told and never "
        "see the case.",
        groups="osc_base.group_representative",
    )
    gap_discipline_ids = fields.Many2many(
        comodel_name="osc.discipline",
        relation="osc_case_gap_discipline_rel",
        column1="case_id",
        column2="discipline_id",
        string="Gaps",
        readonly=True,
        copy=False,
        help="Disciplines that she needs and that nobody has taken on.",
    )
    waiting_count = fields.Integer(
        string="Waiting",
        compute="_compute_intimation_counts",
        help="Intimations that nobody has acknowledged yet.",
    )
    overdue_count = fields.Integer(
        string="Overdue", compute="_compute_intimation_counts"
    )

    _name_unique = models.Constraint("UNIQUE(name)", "This case code is taken.")
    _reported_has_code = models.Constraint(
        "CHECK(state = 'draft' OR (name IS NOT NULL AND reported_at IS NOT NULL))",
        "A reported case has a code and the time of the report.",
    )
    _open_by_center = models.Index(
        "(center_id, state) WHERE state IN ('reported', 'active')"
    )

    # ------------------------------------------------------------------
    # Computed
    # ------------------------------------------------------------------
    @api.depends("name")
    def _compute_display_name(self):
        for case in self:
            case.display_name = case.name or (
                self.env._("Draft %s", case.id) if case.id else self.env._("New case")
            )

    @api.depends("urgency")
    def _compute_urgency_rank(self):
        ranks = {
            urgency: rank
            for rank, urgency in enumerate(dict(self._fields["urgency"].selection))
        }
        for case in self:
            case.urgency_rank = ranks.get(case.urgency, 0)

    @api.depends("intimation_ids.state", "intimation_ids.due_at")
    def _compute_intimation_counts(self):
        waiting = Domain("case_id", "in", self.ids) & Domain("state", "=", "sent")
        # Counts say nothing about the case that its members may not know.
        Intimation = self.env["osc.intimation"].sudo()
        rows = Intimation._read_group(waiting, ["case_id"], ["due_at:array_agg"])
        due_times = {case.id: times for case, times in rows}
        now = fields.Datetime.now()
        for case in self:
            times = due_times.get(case.id, [])
            case.waiting_count = len(times)
            case.overdue_count = len([time for time in times if time <= now])

    # ------------------------------------------------------------------
    # Create, change, delete
    # ------------------------------------------------------------------
    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_not_protected(vals)
        # What is given counts for more than a default of the context or of a user.
        unset = {**dict.fromkeys(PROTECTED_FIELDS, False), "state": "draft"}
        vals_list = [{**unset, **vals} for vals in vals_list]
        self._check_may_use_survivors(vals_list)
        without = [vals for vals in vals_list if not vals.get("survivor_id")]
        survivors = self.env["osc.survivor"].create(
            [self._pop_survivor_vals(vals) for vals in without]
        )
        for vals, survivor in zip(without, survivors, strict=True):
            vals["survivor_id"] = survivor.id
        given = [self._pop_survivor_vals(vals) for vals in vals_list]
        # Nobody follows a case because of having opened it: followers get mail.
        quiet = self.with_context(mail_create_nosubscribe=True)
        cases = super(OscCase, quiet).create(vals_list)
        cases._grant_case_worker()
        cases = cases.with_env(self.env)
        if any(vals.get("excluded_user_ids") for vals in vals_list):
            cases._hide_survivor_from_excluded()
        for case, survivor_vals in zip(cases, given, strict=True):
            if survivor_vals:
                case.survivor_id.write(survivor_vals)
        return cases

    def write(self, vals):
        self._check_not_protected(vals)
        self._check_may_use_survivors([vals])
        if "survivor_id" in vals:
            self._check_survivor_may_change(vals["survivor_id"])
        if "center_id" in vals:
            self._check_center_may_change(vals["center_id"])
        if {"case_worker_id", "excluded_user_ids"} & set(vals):
            self._check_lasting_access()
        vals = dict(vals)
        survivor_vals = self._pop_survivor_vals(vals)
        former = {case: case.case_worker_id for case in self}
        noted = self.filtered(lambda case: case.state == "draft").survivor_id
        # Who was excluded is compared with who is; nobody else reads it here.
        excluded = {case: case.sudo().excluded_user_ids for case in self}
        result = super().write(vals)
        if "survivor_id" in vals:
            noted._forget_without_case()
        if survivor_vals:
            self.survivor_id.write(survivor_vals)
        if "case_worker_id" in vals:
            for case in self:
                case._replace_case_worker(former[case])
        if "excluded_user_ids" in vals:
            self._shut_out_excluded()
            self._answer_for_excluded(excluded)
        if {"excluded_user_ids", "survivor_id"} & set(vals):
            self._hide_survivor_from_excluded()
        if "requested_service_ids" in vals:
            self._request_services()
        if self._facts() & set(vals):
            self._tell_again()
        return result

    def web_save(self, vals, specification, next_id=None):
        """Who hands a case over may not read it afterwards: the form closes.

        Without this, reading the record back would fail and undo the hand-over.
        """
        if (
            not self
            or next_id
            or not {"case_worker_id", "excluded_user_ids"} & set(vals)
        ):
            return super().web_save(vals, specification, next_id=next_id)
        self.write(vals)
        left = self._filtered_access("read")
        return left.with_context(bin_size=True).web_read(specification)

    @api.model
    def _check_not_protected(self, vals):
        """:raise AccessError: a field that only the actions of a case may write"""
        protected = PROTECTED_FIELDS & set(vals)
        if not self and vals.get("state") == "draft":
            protected -= {"state"}
        if protected and not self.env.su:
            raise AccessError(
                self.env._(
                    "Use Report, Close or Reopen: the state, the code and the times of "
                    "a case can't be written directly."
                )
            )

    def _check_center_may_change(self, center_id):
        """:raise UserError: a case was reported at another center"""
        for case in self:
            if case.state != "draft" and case.center_id.id != center_id:
                raise UserError(
                    self.env._(
                        "The center of a reported case can't change. Refer her to the "
                        "other center instead."
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_reported(self):
        if any(case.state != "draft" for case in self):
            raise UserError(
                self.env._("A reported case can't be deleted. Close it instead.")
            )

    def unlink(self):
        survivors = self.survivor_id
        result = super().unlink()
        survivors._forget_without_case()
        return result

    @api.constrains("center_id")
    def _check_center_open(self):
        for case in self:
            if case.state == "draft" and case.center_id.state == "closed":
                raise ValidationError(
                    self.env._(
                        "%s is closed. Choose the center that receives her.",
                        case.center_id.name,
                    )
                )

    def action_open_intimations(self):
        """Open the intimations of this case."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "osc_cases.osc_intimation_action"
        )
        return dict(
            action,
            domain=[("case_id", "=", self.id)],
            context={},
            display_name=self.display_name,
        )
