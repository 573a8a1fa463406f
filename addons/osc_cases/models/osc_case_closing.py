from odoo import fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from .osc_case_reporting import OPEN_STATES
from .osc_case_service import OPEN_SERVICE_STATES
from .osc_risk_template import HIGH_LEVELS


class OscCaseClosing(models.AbstractModel):
    """Part of ``osc.case``: closing it, with approval where the policy asks for it."""

    _name = "osc.case.closing"
    _description = "Closing of cases"

    closure_ids = fields.One2many(
        comodel_name="osc.case.closure",
        inverse_name="case_id",
        string="Closures",
        copy=False,
        groups="osc_base.group_representative",
    )

    # ------------------------------------------------------------------
    # What is still open
    # ------------------------------------------------------------------
    def _open_services(self):
        return self.service_ids.filtered(lambda s: s.state in OPEN_SERVICE_STATES)

    def _open_clocks(self):
        """Limits that nobody met or waived, but not what had passed before she came."""
        return self.clock_ids.filtered(
            lambda clock: (
                not clock.met_at
                and not clock.waived_at
                and clock.due_at > clock.case_id.reported_at
            )
        )

    def _open_followups(self):
        return self.followup_ids.filtered(lambda f: f.state == "planned")

    def _open_work(self):
        """What else isn't over, in words.

        Who closes a case may not read all of it: told is that there is something, and
        not what. Nobody else is told that.
        """
        self.ensure_one()
        if not self.has_access("write"):
            return []
        # As the docstring says.
        case = self.sudo()
        here = Domain("case_id", "=", self.id)
        proceedings = case.env["osc.legal.proceeding"].search_count(
            here & Domain("state", "=", "open")
        )
        hearings = case.env["osc.legal.hearing"].search_count(
            here
            & Domain("state", "=", "planned")
            & Domain("start", ">", fields.Datetime.now())
        )
        conferences = case.conference_ids.filtered(lambda c: c.state == "planned")
        aid = case.aid_ids.filtered(lambda a: a.state in ("requested", "approved"))
        words = (
            (proceedings, self.env._("Proceedings that haven't ended: %s")),
            (hearings, self.env._("Hearings to come: %s")),
            (len(conferences), self.env._("Conferences planned: %s")),
            (len(aid), self.env._("Aid requested or approved, and not paid: %s")),
        )
        work = [text % count for count, text in words if count]
        if case.risk_level in HIGH_LEVELS:
            work.insert(0, self.env._("She is in high danger by the latest assessment"))
        return work

    def _count_open(self):
        return (
            len(self._open_services())
            + len(self._open_clocks())
            + len(self._open_followups())
            + len(self._open_work())
        )

    # ------------------------------------------------------------------
    # Close
    # ------------------------------------------------------------------
    def _user_approves_closing(self):
        """Whether the user is the center's manager, and this isn't their own case."""
        self.ensure_one()
        # The center's people are not readable for every reader.
        manager = self.sudo().center_id.manager_id
        return (
            self.env.user == manager
            and self.env.user != self.case_worker_id
            and self.user_may_change
        )

    def _closing_needs_approval(self):
        """Whether the user has to ask for it."""
        self.ensure_one()
        needed = self._policy_today()._limit("closure_needs_approval")
        return needed and not self._user_approves_closing()

    def action_close(self):
        """Close cases; what is still open of their intimations is cancelled.

        :raise UserError: a case isn't open, or its closing has to be approved, or
            something is left open where the policy wants to know why
        """
        self.check_access("write")
        self._check_lasting_access()
        self._check_open()
        for case in self:
            if case._closing_needs_approval():
                raise UserError(
                    self.env._(
                        "The center manager approves closing: use “Close case” and ask "
                        "for it."
                    )
                )
            if (
                case._policy_today()._limit("closure_needs_approval")
                and case._count_open()
            ):
                raise UserError(
                    self.env._(
                        "Something is left open in %s: use “Close case” and explain it.",
                        case.display_name,
                    )
                )
            case._close(case._pending_closure() or case._new_closure({}))
        return True

    def action_ask_closing(self):
        """Open the form that asks for reason and checklist."""
        self.ensure_one()
        self.check_access("write")
        self._check_open()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "osc_cases.osc_case_closing_request_action"
        )
        return {**action, "context": {"default_case_id": self.id}}

    def _check_open(self):
        for case in self:
            if case.state not in OPEN_STATES:
                raise UserError(
                    self.env._(
                        "%s is not open, so it can't be closed.", case.display_name
                    )
                )

    def _pending_closure(self):
        return self.closure_ids.filtered(lambda closure: closure.state == "requested")

    def _request_closing(self, vals):
        """Close, or ask the manager to.

        :param dict vals: reason, checklist and explanation of ``osc.case.closure``
        :raise UserError: something is open and not explained, or it was asked already
        """
        self.ensure_one()
        self.check_access("write")
        self._check_lasting_access()
        self._check_open()
        if self._count_open() and not (vals.get("explanation") or "").strip():
            raise UserError(
                self.env._(
                    "Something is still open (see the list): end it, or explain why it is "
                    "left open."
                )
            )
        approval = self._closing_needs_approval()
        if self._pending_closure() and approval:
            raise UserError(self.env._("Closing was asked for already."))
        closure = self._new_closure(vals)
        if approval:
            closure._tell_manager()
        else:
            self._close(closure)
        return closure

    def _new_closure(self, vals):
        # Closures are written by the actions of a case only.
        Closure = self.env["osc.case.closure"].sudo()
        earlier = self.sudo()._pending_closure()
        # The manager closes it now: what was asked for before is settled by that.
        earlier.write(
            {
                "state": "returned",
                "decided_by_id": self.env.uid,
                "decided_at": fields.Datetime.now(),
            }
        )
        # The database allows one request at a time.
        earlier.flush_recordset(["state"])
        return Closure.create(
            {**vals, "case_id": self.id, "open_items": self._count_open()}
        )

    def _close(self, closure):
        """Close a case; the callers checked who may.

        :param closure: ``osc.case.closure`` of it
        """
        self.ensure_one()
        now = fields.Datetime.now()
        # The state is only written by these methods.
        self.sudo().write({"state": "closed", "closed_at": now})
        closure.sudo().write(
            {
                "state": "closed",
                "closed_at": now,
                "decided_by_id": self.env.uid,
                "decided_at": now,
            }
        )
        # Others' intimations end, too.
        self.sudo().intimation_ids.filtered(
            lambda intimation: intimation.state in ("sent", "acknowledged")
        )._cancel(self.env._("Case closed"))
        self._note_step(self.env._("Case closed"))

    # ------------------------------------------------------------------
    # Reopen
    # ------------------------------------------------------------------
    def action_reopen(self):
        """Open closed cases again; what was recorded stays.

        Closing called off what was open. Nobody would know of these needs any more,
        so they are told again.

        :raise UserError: a case isn't closed
        """
        self.check_access("write")
        for case in self:
            if case.state != "closed":
                raise UserError(self.env._("%s is not closed.", case.display_name))
        # The state is only written by these methods.
        self.sudo().write({"state": "active", "closed_at": False})
        self.sudo().closure_ids.filtered(lambda c: c.state == "closed").write(
            {
                "state": "reopened",
                "reopened_by_id": self.env.uid,
                "reopened_at": fields.Datetime.now(),
            }
        )
        for case in self:
            case._note_step(self.env._("Case reopened"))
            # As when it was closed.
            case.sudo()._resume(
                case.sudo().intimation_ids.filtered(lambda i: i.state == "cancelled")
            )
        self._tell_again()
        return True
