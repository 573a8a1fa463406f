import logging

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)

BUS_TYPE = "osc_cases.intimation"
BATCH = 200


class OscIntimationDelivery(models.AbstractModel):
    """Part of ``osc.intimation``: bringing intimations to people.

    To open screens at once, to the inbox or by e-mail next.

    The screens are told through the bus, whose messages are stored in the transaction
    that writes the intimation. Inbox and e-mail follow from the watch job, which the
    same transaction triggers: what was committed is delivered, also when the server
    was killed in between.
    """

    _name = "osc.intimation.delivery"
    _description = "Delivery of intimations"

    def _send(self, vals_list):
        """Write intimations and tell the people, once the transaction is committed.

        :param list vals_list: see ``osc.case._intimation_vals``
        """
        vals_list = self._not_told_yet(vals_list)
        if not vals_list:
            return self.browse()
        intimations = self.create(vals_list)
        intimations._show()
        self._trigger_watch({vals["due_at"] for vals in vals_list})
        return intimations

    def _not_told_yet(self, vals_list):
        """Leave out who has an open intimation of the same need already.

        A manager who was told of a gap and then comes on duty as a representative:
        the manager's intimation becomes the representative's.
        """
        cases = {vals["case_id"] for vals in vals_list}
        there = self.search(
            Domain("case_id", "in", cases)
            & Domain("state", "in", ("sent", "acknowledged"))
        )
        needs = {(i.case_id.id, i.user_id.id, i.discipline_id.id): i for i in there}
        new = []
        for vals in vals_list:
            need = (vals["case_id"], vals["user_id"], vals["discipline_id"])
            if need not in needs:
                needs[need] = self.browse()
                new.append(vals)
            elif vals["representative_id"] and not needs[need].representative_id:
                needs[need].representative_id = vals["representative_id"]
        return new

    @api.model
    def _trigger_watch(self, due_times=()):
        """Have the watch job run as soon as possible, and at the due times."""
        # Only administrators may touch scheduled jobs.
        watch = self.env.ref("osc_cases.osc_intimation_cron_watch").sudo()
        watch._trigger([fields.Datetime.now(), *due_times])

    # ------------------------------------------------------------------
    # Open screens
    # ------------------------------------------------------------------
    def _show(self):
        """Tell the open screens of the people concerned what changed."""
        for intimation in self.sudo():
            intimation.user_id._bus_send(BUS_TYPE, intimation._payload())

    def _payload(self):
        """What a screen needs to show an intimation; nothing else leaves."""
        self.ensure_one()
        return {
            "id": self.id,
            "code": self.case_code,
            "discipline": self.discipline_id.name,
            "urgency": self.urgency,
            "state": self.state,
            "due_at": fields.Datetime.to_string(self.due_at),
            "level": self.escalation_level,
            "colleague_has_it": self.colleague_has_it,
        }

    @api.model
    @api.readonly
    def get_open(self):
        """The current user's own open intimations, most pressing first.

        :return: list of dicts: ``id``, ``code``, ``discipline``, ``urgency``,
            ``state``, ``due_at`` (UTC), ``level`` and ``colleague_has_it``; empty for
            users without a role
        """
        if not self.has_access("read"):
            return []
        domain = Domain("user_id", "=", self.env.uid) & Domain(
            "state", "in", ("sent", "acknowledged")
        )
        return [intimation._payload() for intimation in self.search(domain)]

    # ------------------------------------------------------------------
    # Inbox or e-mail
    # ------------------------------------------------------------------
    @api.model
    def _cron_watch(self):
        """Escalate what is due, deliver what was not delivered, try gaps again.

        Runs every minute, and at once when there is something to deliver.
        """
        self._escalate_due()
        self._try_gaps_again()
        self._deliver()

    @api.model
    def _deliver(self):
        """Put undelivered intimations into the inbox or e-mail, as people prefer."""
        undelivered = self.search(
            [("delivered_at", "=", False)], order="id", limit=BATCH
        )
        for intimation in undelivered:
            self._apart("deliver", intimation, self._deliver_one)
        if len(undelivered) == BATCH:
            self._trigger_watch()

    @api.model
    def _deliver_one(self, intimation):
        if intimation.delivered_at:
            return
        if intimation.state == "sent":
            intimation._notify()
        intimation.delivered_at = fields.Datetime.now()

    @api.model
    def _apart(self, what, records, work):
        """Do one piece of the watch job's work, apart from the other pieces.

        What fails doesn't keep the rest from being done, and nobody who answers an
        intimation waits for more than this piece: the job commits after each. Records
        on which somebody else is working are left for the next run, all of them, and
        so is what fails; that is logged by id.

        :param str what: word for the log
        :param work: function that gets the locked records. They may have changed since
            they were searched for, so it looks again
        """
        try:
            with self.env.cr.savepoint():
                if len(records.try_lock_for_update()) == len(records):
                    work(records)
        except (ConcurrencyError, *PG_CONCURRENCY_EXCEPTIONS_TO_RETRY):
            # Somebody was quicker, an acknowledgement for instance.
            _logger.info("Left for the next time: %s %s", what, records)
        except Exception:
            _logger.exception("Could not %s %s; tried again next time", what, records)
        if self.env.context.get("ir_cron_progress_id"):
            self.env["ir.cron"]._commit_progress(1)

    def _notify(self):
        """One inbox message or e-mail: code, urgency, discipline and due time."""
        self.ensure_one()
        user = self.user_id
        this = self.with_context(lang=user.lang, tz=user.tz or self.center_id.tz)
        labels = dict(this._fields["urgency"]._description_selection(this.env))
        due = fields.Datetime.context_timestamp(this, this.due_at)
        body = Markup("<p>%s</p>") % " · ".join(
            [
                this.case_code,
                labels[this.urgency],
                this.discipline_id.name,
                this.env._("due %s", due.strftime("%Y-%m-%d %H:%M")),
            ]
        )
        this.env["mail.thread"].message_notify(
            partner_ids=user.partner_id.ids,
            author_id=self.env.ref("base.partner_root").id,
            subject=this.env._("Intimation %s", this.case_code),
            body=body,
            model=self._name,
            res_id=self.id,
            email_add_signature=False,
        )
