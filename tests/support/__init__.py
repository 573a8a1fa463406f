"""Helpers for the tests that run beside Odoo, against servers of their own."""
