from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from .osc_case_member_scope import SCOPES


class OscGround(models.AbstractModel):
    """What a consent and a disclosure without consent have in common.

    Each opens one scope of a case to those members who act for a discipline or belong
    to an agency, from the moment it is recorded until it ends. It never changes: what
    was agreed to must stay what it was. A mistake is ended and recorded anew.
    """

    _name = "osc.ground"
    _description = "Ground on which something of a case is open"
    _inherit = "osc.case.audited"
    _order = "id desc"

    # Signed forms are as confidential as what they say.
    _vault_attachments = True

    # Of a model that inherits: the field that says when somebody ended it, and the
    # field of osc.case.member.scope that points to it.
    _ended_field = None
    _scope_link = None

    case_id = fields.Many2one(
        comodel_name="osc.case", required=True, index=True, ondelete="cascade"
    )
    center_id = fields.Many2one(related="case_id.center_id")
    scope = fields.Selection(selection=SCOPES, string="Opens", required=True)
    discipline_id = fields.Many2one(
        comodel_name="osc.discipline",
        ondelete="restrict",
        help="Opens it to the members of the case who act for this discipline.",
    )
    agency_id = fields.Many2one(
        comodel_name="osc.agency",
        ondelete="restrict",
        help="Opens it to the members of the case who belong to this agency.",
    )
    recorded_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Recorded by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    expires_at = fields.Datetime(string="Until", help="Empty: until it is ended.")
    is_valid = fields.Boolean(
        string="Valid", compute="_compute_is_valid", search="_search_is_valid"
    )

    # ------------------------------------------------------------------
    # Validity
    # ------------------------------------------------------------------
    @api.depends("expires_at")
    def _compute_is_valid(self):
        now = fields.Datetime.now()
        for ground in self:
            ground.is_valid = not ground[self._ended_field] and (
                not ground.expires_at or ground.expires_at > now
            )

    def _search_is_valid(self, operator, value):
        if operator != "in":
            return NotImplemented
        valid = Domain(self._ended_field, "=", False) & (
            Domain("expires_at", "=", False) | Domain("expires_at", ">", "now")
        )
        return valid if True in value else ~valid

    @api.depends("case_id.display_name", "scope", "discipline_id.name")
    def _compute_display_name(self):
        scopes = dict(self._fields["scope"]._description_selection(self.env))
        for ground in self:
            ground.display_name = " · ".join(
                filter(
                    None,
                    [
                        ground.case_id.display_name,
                        scopes.get(ground.scope),
                        ground._to_whom().display_name,
                    ],
                )
            )

    @api.model
    def _receiver_fields(self):
        """Fields of which exactly one says to whom it is open.

        A hook: addons that add receivers add their field.
        """
        return ["discipline_id", "agency_id"]

    def _to_whom(self):
        """The record to which it is open; empty when it is for nobody in particular."""
        self.ensure_one()
        given = [self[name] for name in self._receiver_fields() if self[name]]
        return given[0] if given else self.agency_id

    @api.constrains("discipline_id", "agency_id", "scope")
    def _check_to_whom(self):
        for ground in self:
            given = [name for name in self._receiver_fields() if ground[name]]
            if len(given) != 1:
                raise ValidationError(
                    self.env._("Say to whom it is open: a discipline or an agency.")
                )

    @api.constrains("expires_at")
    def _check_expires_at(self):
        now = fields.Datetime.now()
        for ground in self:
            if ground.expires_at and ground.expires_at <= now:
                raise ValidationError(
                    self.env._("The end must be in the future. To end it now, end it.")
                )

    # ------------------------------------------------------------------
    # Record and end
    # ------------------------------------------------------------------
    @api.model
    def _later_fields(self):
        """Fields that may be filled in after it was recorded."""
        return set()

    @api.model_create_multi
    def create(self, vals_list):
        # What is checked of a ground would else tell of a hidden case how old she is.
        cases = {vals.get("case_id") for vals in vals_list} - {None, False}
        self.env["osc.case"].browse(cases).check_access("read")
        for vals in vals_list:
            if not self.env.su:
                vals["recorded_by_id"] = self.env.uid
                vals.pop(self._ended_field, None)
        grounds = super().create(vals_list)
        grounds._lasting_ones().case_id._check_lasting_access()
        # Members whom the user may not see are concerned, too.
        grounds._open_to(grounds._case_itself().member_ids)
        return grounds

    def _lasting_ones(self):
        """Those that a person with emergency access may not record. A hook."""
        return self

    def write(self, vals):
        """:raise AccessError: it would change what was recorded"""
        if not self.env.su and (fixed := set(vals) - self._later_fields()):
            labels = [
                self._fields[name]._description_string(self.env) for name in fixed
            ]
            raise AccessError(
                self.env._(
                    "What was recorded can't be changed (%s). End it and record it anew.",
                    ", ".join(sorted(labels)),
                )
            )
        return super().write(vals)

    def _end(self):
        """Close what they opened, in this transaction.

        :raise AccessError: the user doesn't work on the case
        :raise UserError: it was ended before
        """
        self.check_access("write")
        if any(ground[self._ended_field] for ground in self):
            raise UserError(self.env._("It was ended already."))
        # The end is written by this method only; what they opened belongs to members
        # whom the user may not see.
        grounds = self.sudo()
        grounds.write({self._ended_field: fields.Datetime.now()})
        opened = self.env["osc.case.member.scope"].sudo()
        opened.search([(self._scope_link, "in", self.ids)])._close()
        for ground in grounds:
            ground._log_grant(self.env._("closed"))

    # ------------------------------------------------------------------
    # Open
    # ------------------------------------------------------------------
    def _kind(self):
        """The value of ``ground`` in ``osc.case.member.scope``."""
        raise NotImplementedError

    def _open_to(self, members):
        """Open the scope to those of the members whom it concerns.

        :param members: ``osc.case.member`` records, as superuser, of any cases
        """
        members = members.filtered(lambda member: member._is_valid())
        for ground in self:
            concerned = members.filtered(
                lambda member, ground=ground: ground._concerns(member)
            )
            if concerned:
                ground._hold()
            concerned._open(
                ground._kind(),
                [ground.scope],
                valid_until=ground.expires_at,
                **{self._scope_link: ground.id},
            )
            ground._log_grant(self.env._("opened"))

    def _hold(self):
        """Nobody ends it while somebody gets by it what it opens.

        Who ends it would not see what is opened at this moment, and it would stay open
        for good. An update that changes nothing makes the second one wait; PostgreSQL
        refuses it then, and Odoo repeats its request, which sees what the first one did.
        """
        self.flush_recordset()
        # Being refused is normal here, and no error for the log.
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET id = id WHERE id = ANY(%s)",
                SQL.identifier(self._table),
                self.ids,
            ),
            log_exceptions=False,
        )

    def _concerns(self, member):
        """Whether a member acts for the discipline or belongs to the agency."""
        self.ensure_one()
        if member.case_id != self.case_id or not member._acts_for_discipline():
            return False
        if self.discipline_id:
            return member.discipline_id == self.discipline_id
        return self.agency_id in member._agencies()

    def _log_grant(self, what):
        """Into the audit trail: what was opened or closed, never to what."""
        self.ensure_one()
        self.env["osc.audit.entry"]._log(
            "grant",
            self.case_id,
            f"{self._kind()}: {self.scope} {what}: "
            f"{self.discipline_id.code or self._to_whom().display_name or '-'}",
        )
