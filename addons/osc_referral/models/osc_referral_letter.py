import json

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.osc_base.fields import EncryptedText
from odoo.addons.osc_cases.models.osc_case_member_scope import SCOPES

GROUNDS = ("osc.consent", "osc.disclosure")


class OscReferralLetter(models.AbstractModel):
    """Part of ``osc.referral``: what is passed on, on what ground, and to whom it is open.

    Lines are chosen one by one. Each names the scope that she must have opened to the
    partner, by her consent or a named duty. Frozen when sent; whether a line is open to
    the partner is asked each time anew, so that taking back a consent closes it at once.
    """

    _name = "osc.referral.letter"
    _description = "Letter of a referral"

    message_ids = fields.One2many(
        comodel_name="osc.referral.message",
        inverse_name="referral_id",
        string="Texts",
        readonly=True,
        copy=False,
        groups="osc_base.group_representative",
    )
    note = EncryptedText(
        string="What they need to know",
        compute="_compute_note",
        inverse="_inverse_note",
        help="As little as they need to help her. No names unless she agreed.",
        groups="osc_base.group_representative",
    )
    letter = EncryptedText(
        string="Sent to the partner",
        compute="_compute_letter",
        groups="osc_base.group_representative",
    )
    allowed_item_ids = fields.Many2many(
        comodel_name="osc.referral.item",
        compute="_compute_allowed_item_ids",
        export_string_translation=False,
        groups="osc_base.group_representative",
    )
    offered_item_ids = fields.Many2many(
        comodel_name="osc.referral.item",
        compute="_compute_allowed_item_ids",
        export_string_translation=False,
        help="Those that may be chosen, and those that are and must be taken off.",
        groups="osc_base.group_representative",
    )
    has_ground = fields.Boolean(
        compute="_compute_allowed_item_ids",
        export_string_translation=False,
        groups="osc_base.group_representative",
    )
    passing_on_allowed = fields.Boolean(
        compute="_compute_passing_on_allowed",
        search="_search_passing_on_allowed",
        compute_sudo=True,
        help="A consent or a named duty for this partner holds now.",
    )
    naming_allowed = fields.Boolean(
        compute="_compute_passing_on_allowed",
        search="_search_naming_allowed",
        compute_sudo=True,
        export_string_translation=False,
        help="The partner may know who she is now.",
    )
    reaching_allowed = fields.Boolean(
        compute="_compute_passing_on_allowed",
        search="_search_reaching_allowed",
        compute_sudo=True,
        export_string_translation=False,
        help="The partner may know how to reach her now.",
    )
    closed_at = fields.Datetime(
        string="Closed to the partner",
        readonly=True,
        copy=False,
        help="She took back what she had agreed to, or it ran out.",
    )

    # ------------------------------------------------------------------
    # Grounds
    # ------------------------------------------------------------------
    def _granted_scopes(self):
        """Scopes that are open to the partner now."""
        self.ensure_one()
        if not self._case_itself():
            return set()
        return {
            ground.scope
            for model in GROUNDS
            for ground in self.env[model]._covering(self)
        }

    @api.depends("partner_id", "case_id")
    def _compute_passing_on_allowed(self):
        for referral in self:
            granted = referral._granted_scopes()
            referral.passing_on_allowed = bool(granted)
            referral.naming_allowed = "identity" in granted
            referral.reaching_allowed = "contact" in granted

    def _search_passing_on_allowed(self, operator, value):
        return self._search_grounds(operator, value, Domain.TRUE)

    def _search_naming_allowed(self, operator, value):
        return self._search_grounds(operator, value, Domain("scope", "=", "identity"))

    def _search_reaching_allowed(self, operator, value):
        return self._search_grounds(operator, value, Domain("scope", "=", "contact"))

    def _search_grounds(self, operator, value, which):
        """Referrals whose partner has a ground of some kind that holds now."""
        if operator != "in":
            return NotImplemented
        allowed = Domain.FALSE
        for name in GROUNDS:
            # Rules of the partner's people ask it, who may read no ground.
            grounds = self.env[name].sudo()
            valid = grounds._search(Domain("is_valid", "=", True) & which)
            allowed |= Domain.custom(
                to_sql=lambda model, alias, query, valid=valid, grounds=grounds: SQL(
                    """EXISTS (
                        SELECT 1 FROM %(ground)s g
                        LEFT JOIN osc_agency a ON a.id = g.agency_id
                        WHERE g.case_id = %(case)s AND g.id IN %(valid)s
                        AND %(partner)s IN (g.partner_id, a.partner_id)
                    )""",
                    ground=SQL.identifier(grounds._table),
                    case=model._field_to_sql(alias, "case_id", query),
                    valid=valid.subselect(),
                    partner=model._field_to_sql(alias, "partner_id", query),
                )
            )
        return allowed if True in value else ~allowed

    @api.depends("partner_id", "case_id")
    @api.depends_context("uid")
    def _compute_allowed_item_ids(self):
        for referral in self:
            referral.has_ground = bool(referral._granted_scopes())
            referral.allowed_item_ids = referral._allowed_items()
            referral.offered_item_ids = (
                referral.allowed_item_ids | referral.shared_scope._origin
            )

    def _allowed_items(self):
        """Lines that the user may pass on to the partner now."""
        self.ensure_one()
        may = self._granted_scopes() & self._own_scopes()
        return self.env["osc.referral.item"].search(
            Domain("scope", "=", False) | Domain("scope", "in", list(may))
        )

    def _own_scopes(self):
        """Scopes of the case that are open to the current user."""
        self.ensure_one()
        if self.env.su:
            return {scope for scope, _label in SCOPES}
        members = self._case_itself()._origin._memberships_of(self.env.user)
        return set().union(*(member._open_scopes() for member in members))

    # ------------------------------------------------------------------
    # Draft
    # ------------------------------------------------------------------
    def _message(self, kind):
        """The text of a kind that the current user may read, or none."""
        self.ensure_one()
        return self.env["osc.referral.message"].search(
            Domain("referral_id", "=", self.id) & Domain("kind", "=", kind), limit=1
        )

    @api.depends("message_ids")
    @api.depends_context("uid")
    def _compute_note(self):
        for referral in self:
            referral.note = referral._message("note").body

    def _inverse_note(self):
        for referral in self:
            # The text itself is never changed, so the former one goes.
            referral.sudo()._message("note").unlink()
            if referral.note:
                self.env["osc.referral.message"]._write_for(
                    referral, "note", referral.note
                )

    # ------------------------------------------------------------------
    # Send
    # ------------------------------------------------------------------
    def _check_may_pass_on(self):
        """:raise AccessError: the user doesn't know what is passed on
        :raise UserError: neither she nor a named duty allows it
        """
        self.ensure_one()
        granted = self._granted_scopes()
        if not granted:
            raise UserError(
                self.env._(
                    "Nothing says that she may be referred to %(partner)s. Record what "
                    "she agrees to, or the duty or danger that demands it.",
                    partner=self.partner_id.name,
                )
            )
        refused = self.shared_scope.filtered(
            lambda item: item.scope and item.scope not in granted
        )
        if refused:
            raise UserError(
                self.env._(
                    "She hasn't agreed to pass this on to %(partner)s: %(lines)s.",
                    partner=self.partner_id.name,
                    lines=", ".join(refused.mapped("name")),
                )
            )
        if hidden := self.shared_scope - self._allowed_items():
            raise AccessError(
                self.env._(
                    "You can't pass on what isn't open to you: %s.",
                    ", ".join(hidden.mapped("name")),
                )
            )
        passed_on = set(self.shared_scope.mapped("scope"))
        if "identity" not in passed_on or self._scopes_said(self.note) - passed_on:
            self.case_id._check_no_identity(self.note)

    def _scopes_said(self, text):
        """What a text says of who she is or how to reach her, whoever wrote it."""
        # Whether it names her is a fact of the text, not of who may know her.
        return self._case_itself()._scopes_said(text or "")

    @api.model
    def _scopes_of(self, line):
        """Scopes that must all be open to read a line as sent."""
        return {line["scope"], *line.get("says", ())} - {""}

    def _partner_lang(self):
        """The language of the partner, when it is one of this server."""
        code = self.partner_id.lang
        known = code and self.env["res.lang"]._get_data(code=code)
        return code if known else self.env.lang

    def _freeze(self):
        """Keep what is passed on as it is now, in the language of the partner."""
        self.ensure_one()
        referral = self.with_context(lang=self._partner_lang())
        lines = [
            {
                "code": item.code,
                "scope": item.scope or "",
                "label": item.name,
                "text": referral._item_text(item.code),
            }
            for item in referral.shared_scope
        ]
        lines.append(
            {
                "code": "note",
                "scope": "",
                "label": referral.env._("What you need to know"),
                "text": self.note or "",
                # What it says of her closes with the consent that allowed to say it.
                "says": sorted(self._scopes_said(self.note)),
            }
        )
        lines = [line for line in lines if line["text"]]
        self.env["osc.referral.message"]._write_for(
            self, "letter", json.dumps(lines, ensure_ascii=False)
        )
        # It is part of the letter now.
        self.sudo()._message("note").unlink()

    # ------------------------------------------------------------------
    # Open
    # ------------------------------------------------------------------
    def _frozen_lines(self):
        """All lines as sent; callers ask which of them are open."""
        # A line is open or not, which no rule for the whole text can say.
        letter = self.sudo()._message("letter")
        return json.loads(letter.body) if letter else []

    def _open_lines(self):
        """The lines as sent that are open to the current user now.

        :return: list of dicts: ``code``, ``scope``, ``label``, ``text``
        """
        self.ensure_one()
        self.check_access("read")
        if self._is_partner_user():
            if not self._is_open_to_partner():
                return []
            scopes = self._granted_scopes()
        elif self.env.su or self._letter_may_be_opened():
            scopes = self._own_scopes()
        else:
            return []
        return [
            line for line in self._frozen_lines() if self._scopes_of(line) <= scopes
        ]

    def _open_for_partner(self):
        """The same for a page of the portal; that it was opened is noted."""
        lines = self._open_lines()
        if lines:
            codes = ", ".join(line["code"] for line in lines)
            self.env["osc.audit.entry"]._log("read", self, codes)
        return lines

    def _lines_to_print(self):
        """What goes on paper to the partner: open to whoever prints it and to it."""
        granted = self._granted_scopes()
        return [line for line in self._open_lines() if self._scopes_of(line) <= granted]

    def _letter_may_be_opened(self):
        """Whether the letter is one of those that the user may open, line by line."""
        # The rule hides letters, which say more than one line.
        letter = self.sudo()._message("letter")
        return letter.with_user(self.env.user).user_may_open

    @api.depends("message_ids")
    @api.depends_context("uid")
    def _compute_letter(self):
        for referral in self:
            referral.letter = "\n".join(
                f"{line['label']}: {line['text']}" for line in referral._open_lines()
            )

    def _check_may_print(self):
        """:raise AccessError: the user neither refers nor answers
        :raise UserError: there is no letter, or it is closed to the partner
        """
        self.ensure_one()
        self._check_may_act()
        if not self._is_open_to_partner():
            raise UserError(
                self.env._(
                    "%s was not sent, or is closed to the partner: there is nothing to "
                    "print.",
                    self.name,
                )
            )
        if not self._lines_to_print():
            raise UserError(
                self.env._(
                    "What was passed on in %s isn't open to you: the case worker prints "
                    "the letter.",
                    self.name,
                )
            )

    def _note_closed(self, ended=()):
        """A ground ended: tell both sides when something of a letter closed by it.

        :param ended: scopes that closed at this moment; each time it is told
        """
        # Referrals that others sent, too.
        for referral in self.sudo():
            granted = referral._granted_scopes()
            missing = set().union(*map(self._scopes_of, referral._frozen_lines()))
            missing -= granted
            closed = not granted or missing
            newly = not granted or missing & set(ended)
            if closed and (not referral.closed_at or (ended and newly)):
                referral.closed_at = fields.Datetime.now()
                referral._tell_partner("changed")
                referral._tell_sender("closed")
