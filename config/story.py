"""The demonstration story: a few days' work of invented people at invented cases.

Played once after the demonstration data is installed, through the same form views and
methods that people use, each with the rights of the user who does it.
"""

from datetime import timedelta

from odoo import fields
from odoo.tests import Form


def play(env):
    """Play the story in a database with the demonstration data of the suite."""
    _young_woman_at_night(env)
    _mother_with_children(env)
    _girl_brought_by_a_neighbour(env)
    _money_kept_from_her(env)
    _abandoned_draft(env)
    _before_police_and_court(env)
    _counselling_money_and_conference(env)


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


def _before_police_and_court(env):
    """Her husband is accused: the police register it, a lawyer applies for an order."""
    case = _case_of(env, "Nasreen Akhtar")
    accused = Form(
        _in_case(case, "lhr.casework")["osc.person.of.concern"],
        view="osc_cases.osc_person_of_concern_view_form",
    )
    accused.full_name = "Javed Iqbal"
    accused.relation_id = env.ref("osc_cases.osc_person_relation_partner")
    accused.threatens = True
    accused.save()
    now = fields.Datetime.now()
    police = Form(_in_case(case, "lhr.police")["osc.legal.proceeding"])
    police.fir_number = "FIR 418/26"
    for days, code in ((2, "complaint"), (1, "fir")):
        with police.step_ids.new() as step:
            step.happened_at = now - timedelta(days=days)
            step.stage_id = env.ref(f"osc_cases.osc_legal_stage_pk_{code}")
    police.save()
    form = Form(_in_case(case, "lhr.legal")["osc.legal.proceeding"])
    form.kind = "protection"
    proceeding = form.save()
    hearing = Form(
        proceeding.env["osc.legal.hearing"].with_context(
            default_proceeding_id=proceeding.id
        )
    )
    hearing.start = now + timedelta(days=6)
    hearing.she_attends = True
    hearing.save()
    order = Form(
        proceeding.env["osc.legal.order"].with_context(
            default_proceeding_id=proceeding.id
        )
    )
    order.is_interim = True
    order.valid_to = now.date() + timedelta(days=10)
    order.save().action_grant()


def _counselling_money_and_conference(env):
    """A counsellor sees her twice; a bus is paid for; those who help her meet."""
    case = _case_of(env, "Rubina Saleem")
    now = fields.Datetime.now()
    counsellor = _in_case(case, "lhr.psychosocial")
    Form(counsellor["osc.counselling.session"]).save()
    for days, total in ((14, 17), (1, 11)):
        score = Form(counsellor["osc.wellbeing.score"])
        score.scale_id = env.ref("osc_cases.osc_wellbeing_scale_phq9")
        score.measured_on = now.date() - timedelta(days=days)
        score.total = total
        score.save()
    aid = Form(_in_case(case, "lhr.casework")["osc.financial.aid"])
    aid.type_id = env.ref("osc_cases.osc_financial_aid_type_transport")
    aid.fund_id = env.ref("osc_cases.osc_financial_fund_center")
    aid.amount = 2500
    aid.save().action_request()
    conference = Form(_in_case(case, "lhr.casework")["osc.case.conference"])
    conference.start = now + timedelta(days=1)
    conference.participant_ids.add(counsellor.user)
    with conference.decision_ids.new() as decision:
        decision.name = "Ask the hospital for the report"
        decision.user_id = counsellor.user
    conference.save()


def _case_of(env, name):
    """The case of an invented person."""
    survivor = env["osc.survivor"].search([("full_name", "=", name)], limit=1)
    return survivor.case_ids[:1]


def _in_case(case, login):
    """The environment of a demonstration user who has the case open."""
    env = _as(case.env, login)
    return env(context={**env.context, "default_case_id": case.id})


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


def _as(env, login):
    """The environment of a demonstration user."""
    user = env["res.users"].search([("login", "=", login)])
    return env(user=user.id, context={"lang": user.lang, "tz": user.tz})
