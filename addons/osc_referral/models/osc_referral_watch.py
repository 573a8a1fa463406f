from datetime import timedelta

from markupsafe import Markup

from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Domain

from odoo.addons.osc_cases.models.osc_case_reporting import OPEN_STATES

STAFF = "osc_base.group_any_role"


class OscReferralWatch(models.AbstractModel):
    """Part of ``osc.referral``: who is told what, and that none is forgotten.

    Messages carry the reference or the code and nothing else. Who doesn't answer is
    reminded, then the sender is told and gets the next partner proposed, then the
    manager of the center is told.
    """

    _name = "osc.referral.watch"
    _description = "Watching referrals"

    remind_at = fields.Datetime(readonly=True, copy=False)
    reminded_at = fields.Datetime(readonly=True, copy=False)
    overdue_told_at = fields.Datetime(readonly=True, copy=False, groups=STAFF)
    report_due_at = fields.Datetime(readonly=True, copy=False)
    escalated_at = fields.Datetime(
        string="Told the manager", readonly=True, copy=False, groups=STAFF
    )
    former_id = fields.Many2one(
        comodel_name="osc.referral",
        string="Follows",
        readonly=True,
        index="btree_not_null",
        copy=False,
        ondelete="set null",
        help="The referral that was declined, not answered or not served before.",
        groups=STAFF,
    )
    following_ids = fields.One2many(
        comodel_name="osc.referral",
        inverse_name="former_id",
        string="Next",
        readonly=True,
        groups=STAFF,
    )

    # ------------------------------------------------------------------
    # The next partner
    # ------------------------------------------------------------------
    def _tried(self):
        """This referral and those that it follows."""
        tried, last = self, self
        while last := last.former_id - tried:
            tried |= last
        return tried

    def _propose_next(self):
        """A draft for the next suitable partner; without one, for somebody to choose."""
        # Also when the partner answers, who may not see the next one.
        for referral in self.sudo():
            if there := referral.following_ids.filtered(
                lambda other: other.state != "cancelled"
            ):
                referral._watch_proposed(there)
                continue
            case = referral.case_id
            # Not by the partner who declined: it is the center's own next step.
            system = referral.with_user(SUPERUSER_ID)
            found = system.env["res.partner"]._osc_find_for_case(
                case, referral.service_id, without=referral._tried().partner_id
            )
            # To another country she is sent by a person's choice only.
            country = case.center_id.country_id
            found = found.filtered(
                lambda partner, country=country: (
                    not country or partner.country_id <= country
                )
            )[:1]
            # What she agreed to for one partner, she didn't for another.
            lines = referral.shared_scope.filtered(lambda item: not item.scope)
            following = system.create(
                {
                    "case_id": case.id,
                    "service_id": referral.service_id.id,
                    "partner_id": found.id,
                    "shared_scope": [fields.Command.set(lines.ids)],
                    "former_id": referral.id,
                }
            )
            note = [
                line["text"]
                for line in referral._frozen_lines()
                if line["code"] == "note"
            ]
            if note:
                following.note = note[0]
            referral._watch_proposed(following)

    def _watch_proposed(self, following):
        """Nobody may see what was told once: see ``_unsent_one``.

        While a partner may still answer, ``_escalate_one`` sees to it.
        """
        if self.state == "sent":
            return
        for draft in following:
            if draft.state == "draft" and not draft.remind_at:
                draft.remind_at = fields.Datetime.now() + timedelta(
                    minutes=draft._answer_minutes()
                )

    def _replace_silent(self):
        """Sent to the next: who didn't answer is asked no more, and closed."""
        # What was sent before may be closed to whoever sends this.
        for referral in self.sudo():
            former = referral.former_id
            if former.state == "sent":
                former.write({"state": "cancelled"})
                former._tell_partner("changed")

    # ------------------------------------------------------------------
    # Who is told
    # ------------------------------------------------------------------
    def _sender(self):
        """Who sent it, else the case worker, else the manager; who may open the case."""
        case = self.case_id
        members = case._valid_members() - case.excluded_user_ids
        for people in (self.sent_by_id, case.case_worker_id):
            if people := people.filtered("active") & members:
                return people
        return case._supervisor(2) or case._supervisor(3)

    def _what_happened(self, env, what):
        """In words for staff."""
        return {
            "accepted": env._("accepted"),
            "declined": env._("declined: look at the partner proposed next"),
            "in_service": env._("the service has begun"),
            "completed": env._("completed"),
            "question": env._("the partner wrote"),
            "closed": env._("closed to the partner: a consent or duty ended"),
            "overdue": env._("not answered in time: look at the partner proposed next"),
            "unsent": env._(
                "declined or not served before, and not sent to anybody yet"
            ),
            "report_due": env._("no word of how it goes: ask the partner"),
        }[what]

    def _tell_sender(self, what):
        # A partner knows neither who sent it nor the case.
        for referral in self.sudo():
            referral._tell_staff(referral._sender(), what)

    def _tell_staff(self, users, what):
        self.ensure_one()
        self.case_id._notify_people(
            users,
            lambda case: (
                case.env._("Referral %s", self.name),
                f"{case.display_name} · {self.name} · "
                f"{self._what_happened(case.env, what)}",
            ),
        )

    def _tell_partner(self, what):
        """An e-mail with the reference and where to log in: no token, no name."""
        # Users of partners are readable for few.
        for referral in self.sudo():
            for user in referral.partner_id._osc_portal_users():
                env = self.env(context={**self.env.context, "lang": user.lang})
                texts = {
                    "sent": env._("A referral waits for your answer."),
                    "remind": env._("A referral still waits for your answer."),
                    "report": env._("Please tell how this referral goes."),
                    "changed": env._("Something changed in a referral."),
                }
                url = f"{referral.get_base_url()}/my/referrals"
                # Letters to partners leave in the name of the center.
                env["mail.thread"].sudo().message_notify(
                    partner_ids=user.partner_id.ids,
                    author_id=env.ref("base.partner_root").id,
                    subject=env._("Referral %s", referral.name),
                    body=Markup("<p>%s</p><p>%s: <a href='%s'>%s</a></p>")
                    % (texts[what], env._("Log in to read it"), url, url),
                    email_add_signature=False,
                )

    # ------------------------------------------------------------------
    # Watch
    # ------------------------------------------------------------------
    @api.model
    def _cron_watch(self):
        """Remind partners, propose the next one, tell managers; each once."""
        now = fields.Datetime.now()
        waiting = Domain("state", "=", "sent")
        untold = Domain("overdue_told_at", "=", False)
        jobs = [
            (
                waiting
                & untold
                & Domain("remind_at", "<=", now)
                & Domain("reminded_at", "=", False),
                self._remind_one,
            ),
            (waiting & untold & Domain("due_at", "<=", now), self._overdue_one),
            (
                Domain("state", "=", "draft")
                & Domain("remind_at", "<=", now)
                & Domain("reminded_at", "=", False)
                & Domain("case_id.state", "in", OPEN_STATES),
                self._unsent_one,
            ),
            (
                waiting
                & Domain("due_at", "<=", now)
                & Domain("overdue_told_at", "!=", False)
                & Domain("escalated_at", "=", False),
                self._escalate_one,
            ),
            (
                Domain("state", "in", ("accepted", "in_service"))
                & Domain("report_due_at", "<=", now),
                self._ask_report_one,
            ),
            (
                self._open_domain()
                & Domain("closed_at", "=", False)
                & Domain("passing_on_allowed", "=", False),
                lambda referral: referral._note_closed(),
            ),
        ]
        for domain, work in jobs:
            for referral in self.search(domain, order="due_at, id"):
                self.env["osc.intimation"]._apart("watch", referral, work)

    @api.model
    def _remind_one(self, referral):
        if referral.state == "sent" and not referral.reminded_at:
            referral._tell_partner("remind")
            referral.reminded_at = fields.Datetime.now()

    @api.model
    def _overdue_one(self, referral):
        if referral.state == "sent" and not referral.overdue_told_at:
            referral._propose_next()
            referral._tell_sender("overdue")
            referral.overdue_told_at = fields.Datetime.now()

    @api.model
    def _unsent_one(self, referral):
        """The next partner was proposed, and nobody sent it: the manager is told, too."""
        case = referral.case_id
        if referral.state == "draft" and not referral.reminded_at:
            people = case._supervisor(2) or case._supervisor(3)
            if people := people | referral._sender():
                referral._tell_staff(people, "unsent")
                referral.reminded_at = fields.Datetime.now()

    @api.model
    def _escalate_one(self, referral):
        """As much time again has passed, and nobody did anything."""
        patience = referral.due_at - referral.sent_at
        now = fields.Datetime.now()
        if referral.state != "sent" or now < referral.due_at + patience:
            return
        case = referral.case_id
        if people := case._supervisor(2) or case._supervisor(3):
            referral._tell_staff(people, "overdue")
            referral.escalated_at = now

    @api.model
    def _ask_report_one(self, referral):
        referral._tell_partner("report")
        referral._tell_sender("report_due")
        referral.report_due_at = fields.Datetime.now() + referral._report_days()

    def _report_days(self):
        """After how long without a word the partner is asked."""
        # The policy of a center isn't readable for partners.
        center = self.sudo().center_id
        policy = center._policy_on(center._local_day())
        return timedelta(days=policy._limit("referral_report_days"))
