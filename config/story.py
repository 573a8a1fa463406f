"""The demonstration story: a few days' work of invented people at invented cases.

Played once after the demonstration data is installed, through the same form views and
methods that people use, each with the rights of the user who does it.
"""

from odoo.tests import Form


def play(env):
    """Play the story in a database with the demonstration data of the suite."""
    _young_woman_at_night(env)
    _mother_with_children(env)
    _girl_brought_by_a_neighbour(env)
    _money_kept_from_her(env)
    _abandoned_draft(env)


def _young_woman_at_night(env):
    """An emergency in Lahore: most acknowledge and act, legal aid falls to the backup."""
    case = _open(
        env,
        "lhr.casework",
        channel="walk_in",
        urgency="emergency",
        flags=["is_injured"],
        incidents=[("rape", "street")],
        survivor={"survivor_name": "Rubina Saleem", "survivor_age": 22},
    )
    _report(case)
    _answer(case, "lhr.medical", "First aid given, PEP and contraception offered")
    _answer(case, "lhr.forensic", "Examination agreed for 04:00, kit ready")
    _answer(case, "lhr.police", "Female officer on the way to the center")
    _acknowledge(case, "lhr.psychosocial")
    _of(case, "lhr.legal").action_decline("I represent the accused's employer", True)
    _answer(case, "lhr.legal2", "Called her back, meeting at 09:00")


def _mother_with_children(env):
    """Domestic violence in Lahore: a mother who can't go home tonight."""
    case = _open(
        env,
        "lhr.casework",
        channel="phone",
        urgency="urgent",
        flags=["no_safe_place", "lives_with_accused", "in_danger"],
        incidents=[("physical_assault", "home"), ("psychological", "home")],
        survivor={"survivor_name": "Nasreen Akhtar", "survivor_age": 34},
    )
    _report(case)
    _answer(case, "lhr.shelter", "Family room prepared for her and three children")
    _answer(case, "lhr.police", "Patrol brings her and the children")
    _acknowledge(case, "lhr.legal")
    _tell_once(case, "He locked us in. I left with the children through the roof.")
    _ask_about_danger(case, yes=[2, 6, 7])
    _plan_safety(
        case,
        concern="That he waits at the school",
        before_signal="“Is the tailor open?” to my sister",
        before_bag="Papers and school books are with my sister",
        during_places="My sister; from there the center",
    )


def _girl_brought_by_a_neighbour(env):
    """A minor in Multan: child protection is told by legal duty."""
    case = _open(
        env,
        "mux.casework",
        channel="accompanied",
        urgency="urgent",
        incidents=[("forced_marriage", None)],
        survivor={"survivor_age": 14, "survivor_age_estimated": True},
    )
    _report(case)
    _answer(case, "mux.police", "Wedding stopped, report registered")


def _money_kept_from_her(env):
    """A routine case in Lahore that was closed, with a need nobody was there for."""
    case = _open(
        env,
        "lhr.casework",
        channel="helpline",
        urgency="routine",
        incidents=[("denial", "home")],
        survivor={"survivor_name": "Shazia Parveen", "survivor_age": 41},
    )
    _report(case)
    _answer(case, "lhr.legal", "Explained maintenance; application drafted")
    case.action_close()


def _abandoned_draft(env):
    """Somebody hung up: a draft without anything that is known."""
    _open(env, "lhr.casework", channel="phone", urgency="urgent")


def _open(env, login, *, channel, urgency, flags=(), incidents=(), survivor=None):
    """Fill in the intake form as a case worker."""
    form = Form(_as(env, login)["osc.case"], view="osc_cases.osc_case_view_form")
    form.channel = channel
    form.urgency = urgency
    for flag in flags:
        form[flag] = True
    for name, value in (survivor or {}).items():
        form[name] = value
    for code, place in incidents:
        with form.incident_ids.new() as incident:
            incident.type_id = env.ref(f"osc_cases.osc_incident_type_{code}")
            if place:
                incident.place = place
    return form.save()


def _report(case):
    case.action_report()
    case.env.flush_all()


def _of(case, login):
    """The intimation that somebody got of a case, as that person."""
    env = _as(case.env, login)
    return env["osc.intimation"].search(
        [("case_code", "=", case.name), ("user_id", "=", env.uid)], limit=1
    )


def _acknowledge(case, login):
    _of(case, login).action_acknowledge()


def _answer(case, login, text):
    intimation = _of(case, login)
    intimation.action_acknowledge()
    wizard = Form(
        intimation.env["osc.intimation.answer"].with_context(
            default_kind="act", default_intimation_id=intimation.id
        )
    )
    wizard.text = text
    wizard.save().action_confirm()


def _tell_once(case, words):
    """Her statement, read back to her and confirmed."""
    form = Form(case.env["osc.statement"].with_context(default_case_id=case.id))
    form.narrative = words
    form.read_back = "read_to_her"
    form.save().action_confirm()


def _ask_about_danger(case, yes):
    """The screening, with a yes to some of its questions by number."""
    form = Form(case.env["osc.risk.assessment"].with_context(default_case_id=case.id))
    for number in range(len(form.answer_ids)):
        with form.answer_ids.edit(number) as answer:
            answer.answer = "yes" if number + 1 in yes else "no"
    form.save()


def _plan_safety(case, **sections):
    """Her safety plan, made with her."""
    form = Form(case.env["osc.safety.plan"].with_context(default_case_id=case.id))
    form.made_with_her = True
    for name, text in sections.items():
        form[name] = text
    form.save()


def _as(env, login):
    """The environment of a demonstration user."""
    user = env["res.users"].search([("login", "=", login)])
    return env(user=user.id, context={"lang": user.lang, "tz": user.tz})
