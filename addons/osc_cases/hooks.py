from odoo.addons.osc_base.hooks import clear

from .models.osc_custody_tables import DROP_GUARDS


def post_init_hook(env):
    """Centers that were there before this addon get their case numbering."""
    env["osc.center"].with_context(active_test=False).search([])._ensure_case_sequence()


def uninstall_hook(env):
    """The numbering of each center has no XML id, so Odoo would leave it behind."""
    env.cr.execute(DROP_GUARDS)
    clear(env, "osc_cases")
    centers = env["osc.center"].with_context(active_test=False).search([])
    sequences = centers.case_sequence_id
    centers.case_sequence_id = False
    # Each year is a sequence of PostgreSQL; a cascading delete would forget those.
    sequences.date_range_ids.unlink()
    sequences.unlink()
