"""What there is to reach: models of the suite, and their public methods."""

from . import calls

# Core models through which what is in a case could leave it.
CORE_MODELS = (
    "base_import.import",
    "calendar.attendee",
    "calendar.event",
    "ir.actions.report",
    "ir.attachment",
    "mail.activity",
    "mail.followers",
    "mail.message",
    "mail.notification",
    "mail.scheduled.message",
    "res.users",
)
# Methods of every model, some of which the suite overrides: each row tries them. What
# a list brings in is created by ``create``.
BY_LETTERS = (
    "load",
    "create",
    "write",
    "unlink",
    "read",
    "search_read",
    "web_read",
    "web_search_read",
    "web_read_group",
    "web_save",
    "default_get",
    "formatted_read_group",
    "export_data",
    "copy_data",
    "onchange",
)
PREFIXES = ("action_", "message_", "activity_")
GENERIC = ("action_archive", "action_unarchive")  # of every model: roads to a write


def suite_models(env):
    """Names of the models that the suite makes."""
    return [
        name
        for name, Model in env.registry.items()
        if (Model._original_module or "").startswith("osc_") and not Model._abstract
    ]


def case_models(env):
    """Models whose fields say something about a case.

    Not what somebody types into a form: that is for nobody else.
    """
    return [
        name
        for name in suite_models(env)
        if not env[name]._transient
        and ("case_id" in env[name]._fields or name in ("osc.case", "osc.survivor"))
    ]


def methods(env):
    """Public methods that RPC reaches: the suite's own, and those that its models
    inherit under names of actions, messages and activities.

    :return: list of ``(model, method)``
    """
    found = []
    suite = set(suite_models(env))
    for model, Model in env.registry.items():
        if Model._abstract:
            continue
        for name in dir(Model):
            owners = [cls for cls in Model.__mro__ if name in vars(cls)]
            if name.startswith("_") or not callable(getattr(Model, name)):
                continue
            if any(getattr(vars(c)[name], "_api_private", False) for c in owners):
                continue
            own = any(c.__module__.startswith("odoo.addons.osc_") for c in owners)
            inherited = model in suite and name.startswith(PREFIXES)
            called = name not in BY_LETTERS or f"{model}.{name}" in calls.CALLS
            if (own and called) or (inherited and name not in GENERIC):
                found.append((model, name))
    return found
