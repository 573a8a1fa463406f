from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain

OWN_FIELDS = {"signature"}


class OscSopAcknowledgement(models.Model):
    """That somebody has read a version of an SOP, understood it and signs to follow it.

    The server writes the times. Passing is what counts for taking cases; the signature
    stays to be given until it is given. When an SOP must be passed again after some
    months, that is another record.
    """

    _name = "osc.sop.acknowledgement"
    _description = "SOP read and passed"
    _order = "version_id desc, id desc"
    _rec_name = "version_id"

    version_id = fields.Many2one(
        comodel_name="osc.sop.version",
        required=True,
        index=True,
        ondelete="restrict",
    )
    sop_id = fields.Many2one(related="version_id.sop_id", store=True, index=True)
    employee_id = fields.Many2one(
        comodel_name="hr.employee", required=True, index=True, ondelete="cascade"
    )
    user_id = fields.Many2one(related="employee_id.user_id", string="Login")
    is_mine = fields.Boolean(compute="_compute_is_mine", compute_sudo=True)
    body = fields.Html(related="version_id.body", string="Text")
    difference = fields.Html(related="version_id.difference")
    read_at = fields.Datetime(
        string="Read to the end", readonly=True, help="As the server's clock said."
    )
    passed_at = fields.Datetime(string="Quiz passed", readonly=True)
    survey_user_input_id = fields.Many2one(
        comodel_name="survey.user_input",
        string="Answers",
        index="btree_not_null",
        readonly=True,
        ondelete="set null",
        groups="hr.group_hr_user",
    )
    signature = fields.Binary(attachment=True)
    signed_at = fields.Datetime(string="Signed", readonly=True)
    state = fields.Selection(
        selection=[
            ("read", "To read"),
            ("quiz", "To pass"),
            ("sign", "To sign"),
            ("done", "Done"),
        ],
        compute="_compute_state",
        store=True,
    )

    _one_open = models.UniqueIndex(
        "(version_id, employee_id) WHERE passed_at IS NULL",
        "This person is reading this version already.",
    )

    @api.depends("read_at", "passed_at", "signed_at")
    def _compute_state(self):
        for acknowledgement in self:
            if not acknowledgement.passed_at:
                state = "quiz" if acknowledgement.read_at else "read"
            else:
                state = "done" if acknowledgement.signed_at else "sign"
            acknowledgement.state = state

    @api.depends("employee_id.user_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        for acknowledgement in self:
            acknowledgement.is_mine = (
                acknowledgement.employee_id.user_id == self.env.user
            )

    def write(self, vals):
        if not self.env.su:
            self._check_own(vals)
            vals = {**vals, "signed_at": fields.Datetime.now()}
            # The time is the server's; that the person may sign was checked.
            result = super(OscSopAcknowledgement, self.sudo()).write(vals)
        else:
            result = super().write(vals)
        if {"passed_at", "signed_at"} & set(vals):
            self.sudo()._finish_tasks()
        return result

    def _check_own(self, vals):
        """:raise UserError: somebody writes what only the server may, or signs too early,
        twice, or with nothing
        """
        self.check_access("write")
        if set(vals) - OWN_FIELDS:
            raise UserError(
                self.env._("What was read and passed can't be written: it is recorded.")
            )
        if any(acknowledgement.state != "sign" for acknowledgement in self):
            raise UserError(
                self.env._("Read the SOP and pass the quiz first; then sign once.")
            )
        if not vals.get("signature"):
            raise UserError(self.env._("Draw your signature, then sign."))

    # ------------------------------------------------------------------
    # Read, pass, sign
    # ------------------------------------------------------------------
    @api.model
    def _open_for(self, version, employee):
        """The acknowledgement on which somebody works now; made when there is none.

        A version that is passed and signed is shown again, unless it must be renewed.
        """
        mine = self.search(
            Domain("version_id", "=", version.id)
            & Domain("employee_id", "=", employee.id),
            order="id desc",
            limit=1,
        )
        if mine and (mine.state != "done" or not mine._is_due_again()):
            return mine
        return self.create({"version_id": version.id, "employee_id": employee.id})

    def _is_due_again(self):
        """Whether a requirement asks to pass this version anew, soon or already."""
        self.ensure_one()
        standings = self.env["osc.training.standing"].search(
            [
                ("employee_id", "=", self.employee_id.id),
                ("version_id", "=", self.version_id.id),
            ]
        )
        return any(standing.state != "valid" for standing in standings)

    def action_mark_read(self):
        """Note that the reader has come to the end of the text.

        :return: when, as the server's clock says
        """
        self.ensure_one()
        self._check_mine()
        mine = self.sudo()  # times are written by nobody but the server
        if not mine.read_at:
            mine.read_at = fields.Datetime.now()
        return mine.read_at

    def action_start_quiz(self):
        """Open the quiz of the version.

        :raise UserError: not read yet, passed already, or not in force any more
        """
        self.ensure_one()
        self._check_mine()
        if self.version_id.state != "in_force":
            raise UserError(
                self.env._(
                    "%s isn't in force any more. Read the version that is: you find it "
                    "under Training, What I still need.",
                    self.version_id.display_name,
                )
            )
        if not self.read_at:
            raise UserError(self.env._("Read the text to its end first."))
        if self.passed_at:
            raise UserError(self.env._("You have passed this version."))
        # Surveys are of HR; the person gets answers of their own.
        survey = self.version_id.sudo()._ensure_quiz()
        answer = survey._create_answer(user=self.env.user)
        return {
            "type": "ir.actions.act_url",
            "target": "self",
            "url": answer.get_start_url(),
        }

    def _check_mine(self):
        """:raise AccessError: it is the acknowledgement of somebody else"""
        self.check_access("read")
        if not self.is_mine:
            raise AccessError(self.env._("Everybody reads and passes for themselves."))

    @api.model
    def _pass(self, employee, answer):
        """Note that an employee has passed the quiz of a version.

        :param answer: the answers
        """
        # The quiz is passed by a person who may write no acknowledgement.
        waiting = self.sudo().search(
            Domain("employee_id", "=", employee.id)
            & Domain("version_id.survey_id", "=", answer.survey_id.id)
            & Domain("read_at", "!=", False)
            & Domain("passed_at", "=", False)
        )
        waiting.write(
            {
                "passed_at": fields.Datetime.now(),
                "survey_user_input_id": answer.id,
            }
        )

    def _finish_tasks(self):
        """The task of the version is done once it is passed and signed.

        It goes without a message: who has passed, and who hasn't, is told to few.
        """
        for acknowledgement in self.filtered(lambda one: one.state == "done"):
            version = acknowledgement.version_id
            version._tasks().filtered(
                lambda task, user=acknowledgement.user_id: task.user_id == user
            ).unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_passed(self):
        """What was passed is proof, also for the person."""
        if not self.env.su and any(self.mapped("passed_at")):
            raise UserError(
                self.env._("What somebody has passed is kept and can't be deleted.")
            )
