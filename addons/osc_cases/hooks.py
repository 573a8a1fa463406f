def post_init_hook(env):
    """Centers that were there before this addon get their case numbering."""
    env["osc.center"].with_context(active_test=False).search([])._ensure_case_sequence()
