from odoo.fields import Command

from odoo.addons.osc_cases.tests.common import NAME, PHONE, CasesCommon


class ReferralCommon(CasesCommon):
    """Two partners that give counselling, their people in the portal, and a case."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._only_rule("police")
        services = cls.env["osc.service"].search([("active", "=", True)])
        cls.catalog = {service.code: service for service in services}
        cls.service = cls.catalog["counselling"]
        cls.area = cls.env["osc.area"].create(
            {"name": "Testtown", "country_id": cls.country.id}
        )
        cls.center.area_id = cls.area
        # Nobody of a demonstration is proposed.
        cls.env["res.partner"].search([("is_osc_partner", "=", True)]).write(
            {"is_osc_partner": False}
        )
        cls.partner = cls._make_partner("Aasra", osc_area_ids=cls.area)
        cls.other_partner = cls._make_partner("Bahar")
        cls.helper = cls._make_portal_user("aasra", cls.partner)
        cls.other_helper = cls._make_portal_user("bahar", cls.other_partner)
        cls.items = {
            item.code: item
            for item in cls.env["osc.referral.item"].search([("active", "=", True)])
        }

    @classmethod
    def _make_partner(cls, name, services=None, osc_area_ids=None, **vals):
        return cls.env["res.partner"].create(
            {
                "name": name,
                "is_company": True,
                "is_osc_partner": True,
                "osc_service_ids": [Command.set((services or cls.service).ids)],
                "osc_area_ids": [Command.set(osc_area_ids.ids if osc_area_ids else [])],
                **vals,
            }
        )

    @classmethod
    def _make_portal_user(cls, login, partner, group="osc_referral.group_partner"):
        person = cls.env["res.partner"].create(
            {
                "name": f"User {login}",
                "parent_id": partner.id,
                "email": f"{login}@osc-test.example",
            }
        )
        return cls._quick("res.users").create(
            {
                "login": f"osc_test_{login}",
                "partner_id": person.id,
                "group_ids": [Command.set(cls.env.ref(group).ids)],
            }
        )

    def _case(self, **vals):
        """A reported case of somebody with a name, who asks for counselling."""
        return self._report(
            survivor_name=NAME,
            survivor_phone=PHONE,
            survivor_age=30,
            requested_service_ids=[Command.set(self.service.ids)],
            **vals,
        )

    def _refer(self, case=None, partner=None, user=None, **vals):
        """A draft for a partner."""
        return (
            self.env["osc.referral"]
            .with_user(user or self.worker)
            .create(
                {
                    "case_id": (case or self._case()).id,
                    "service_id": self.service.id,
                    "partner_id": (partner or self.partner).id,
                    **vals,
                }
            )
        )

    def _agree(self, referral, *scopes):
        """She agrees; the lines of these scopes are chosen."""
        wizard = (
            self.env["osc.referral.agreement"]
            .with_user(self.worker)
            .create(
                {
                    "referral_id": referral.id,
                    **{f"with_{scope}": True for scope in scopes},
                }
            )
        )
        wizard.action_confirm()
        self.env.flush_all()
        self.env.invalidate_all()

    def _sent(self, *scopes, **vals):
        """A referral that was sent."""
        referral = self._refer(**vals)
        self._agree(referral, *scopes)
        referral.action_send()
        self.env.flush_all()
        self.env.invalidate_all()
        return referral

    def _as_partner(self, referral, user=None):
        """The referral as a person of the partner sees it."""
        return referral.with_user(user or self.helper).with_context({})

    def _mails(self):
        """Subjects and bodies of the letters that wait to leave."""
        self.env.cr.precommit.run()
        mails = self.env["mail.mail"].sudo().search([])
        return [(mail.email_to or mail.recipient_ids, mail.subject, mail.body_html) for mail in mails]

    def _run_cron(self):
        self.env.flush_all()
        self.env["osc.referral"]._cron_watch()
        self.env.flush_all()
        self.env.invalidate_all()
