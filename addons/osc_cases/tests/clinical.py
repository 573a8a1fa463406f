"""A case with a doctor, a forensic examiner, the police and a lawyer on it."""

from .common import NAME, CasesCommon


class ClinicalCommon(CasesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._only_rule("medical", "forensic", "police", "legal")
        for code in ("medical", "forensic", "police", "legal"):
            setattr(cls, code, cls.people[code].user_id)
        cls.second = cls._make_people([("forensic", "second")]).user_id
        cls.stranger = cls._make_people([("forensic", "stranger")]).user_id
        cls.lab = cls.env["osc.agency"].create({"name": "Forensic laboratory"})
        cls.case = cls._case_of(
            cls.medical, cls.forensic, cls.police, cls.legal, cls.second
        )
        cls.place = cls.env["osc.storage.place"].create(
            {"name": "Locker 1", "center_id": cls.center.id}
        )
        cls.component = {
            component.code: component
            for component in cls.env["osc.evidence.component"].search([])
        }
        cls.env.flush_all()
        cls.env.invalidate_all()

    @classmethod
    def _case_of(cls, *users):
        """A reported case that these people have acknowledged."""
        case = (
            cls.env["osc.case"]
            .with_user(cls.worker)
            .create({"channel": "walk_in", "urgency": "urgent", "survivor_name": NAME})
        )
        case.action_report()
        for user in users:
            own = case.sudo().intimation_ids.filtered(lambda i, u=user: i.user_id == u)
            if own:
                own.with_user(user).action_acknowledge()
            else:
                cls.env["osc.case.member"]._grant(
                    case, user, "intimated", cls.disciplines["forensic"]
                )
        return case

    def _consent(self, scope="evidence", discipline="police", **vals):
        if discipline:
            vals["discipline_id"] = self.disciplines[discipline].id
        consent = (
            self.env["osc.consent"]
            .with_user(self.worker)
            .create({"case_id": self.case.id, "scope": scope, **vals})
        )
        self._settle()
        return consent

    def _settle(self):
        self.env.flush_all()
        self.env.invalidate_all()

    def _exam(self, user=None, **vals):
        user = user or self.forensic
        return (
            self.env["osc.medical.exam"]
            .with_user(user)
            .with_context(default_case_id=self.case.id)
            .create({"consent_exam": "yes", **vals})
        )

    def _finding(self, exam, **vals):
        return (
            self.env["osc.medical.finding"]
            .with_env(exam.env)
            .create({"exam_id": exam.id, "x": 50, "y": 20, **vals})
        )

    def _exhibit(self, user=None, **vals):
        user = user or self.forensic
        exhibit = (
            self.env["osc.evidence"]
            .with_user(user)
            .with_context(default_case_id=self.case.id)
            .create(vals)
        )
        self._settle()
        return exhibit

    def _sealed(self, user=None, **vals):
        exhibit = self._exhibit(user, **vals)
        exhibit._seal("S-1")
        return exhibit

    def _step(self, exhibit, user, kind, **vals):
        """A step as people take it: by the button and its form."""
        exhibit = exhibit.with_user(user)
        action = exhibit.with_context(custody_kind=kind).action_step()
        wizard = (
            self.env[action["res_model"]]
            .with_user(user)
            .with_context(**action["context"])
            .create(vals)
        )
        wizard.action_confirm()
        self._settle()
        return exhibit

    def _events(self, exhibit):
        return exhibit.sudo().event_ids.sorted("seq")

    def _kinds(self, exhibit):
        return self._events(exhibit).mapped("kind")

    def _pass_minutes(self, minutes):
        super()._pass_minutes(minutes)
        self.env.invalidate_all()
        return None
