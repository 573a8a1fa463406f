from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import tagged

from .justice import JusticeCommon


@tagged("post_install", "-at_install")
class TestTreatmentAccess(JusticeCommon):
    """That she was given something against HIV or a pregnancy is medical, too."""

    TAKEN_ON = (*JusticeCommon.TAKEN_ON, "medical")

    def setUp(self):
        super().setUp()
        incident = self._incident(
            "rape", occurred_at=fields.Datetime.now() - timedelta(hours=5)
        )
        self.case.with_user(self.worker).incident_ids = [incident]
        self._settle()

    def _clock(self, code):
        return self.case.clock_ids.filtered(lambda c: c.type_id.code == code)

    def _service(self, code, user=None):
        service = self.env["osc.service"].search([("code", "=", code)])
        return self._make(
            "osc.case.service", user or self.worker, service_id=service.id
        )

    def test_time_limits_of_treatment(self):
        for code in ("pep", "emergency_contraception"):
            clock = self._clock(code)
            with self.subTest(code=code):
                self._assert_reads(
                    clock, self.worker, self.manager, self.coordinator, self.medical
                )
        consent = self._consent("medical", "legal")
        self.assertTrue(self._reads(self.legal, clock))
        self.assertFalse(self._reads(self.police, clock))
        consent.action_withdraw()
        self._settle()
        self.assertFalse(self._reads(self.legal, clock))
        self.assertTrue(self._reads(self.legal, self._clock("first_service")))

    def test_treatment_as_a_service(self):
        given = self._service("pep")
        given.action_deliver()
        self._settle()
        self._assert_reads(given, self.worker, self.manager, self.medical)
        with self.assertRaises(AccessError):
            given.with_user(self.legal).action_request_again()
        self.assertNotIn(given, self.case.with_user(self.legal).service_ids)
        self._consent("medical", "legal")
        self.assertTrue(self._reads(self.legal, given))
