"""How long it takes to find a partner among many, and to show the directory.

Runs inside ``odoo shell``: ``run(env)`` fills the database past the ORM and commits.
"""

import statistics
import time

PARTNERS = 20_000
AREAS = 60
SERVICES_EACH = 4
REFERRALS = 5_000
REPETITIONS = 20
COLUMNS = ("complete_name", "city", "phone", "osc_open_count", "osc_agreement_state")


def run(env) -> dict:
    """Fill, then measure; numbers that JSON can carry."""
    worker = env["res.users"].search([("login", "=", "lhr.casework")])
    begin = time.perf_counter()
    center, areas = _fill(env, worker)
    filled = time.perf_counter() - begin
    service = env["osc.service"].search([("code", "=", "counselling")])
    Partner = env(user=worker.id)["res.partner"]

    def find(**options):
        return Partner._osc_find(service, center=center, **options)

    def directory():
        return Partner.web_search_read(
            [("is_osc_partner", "=", True), ("osc_service_ids", "in", service.ids)],
            {
                **{name: {} for name in COLUMNS},
                "osc_service_ids": {"fields": {"display_name": {}}},
            },
            limit=80,
        )["records"]

    def wizard():
        return (
            env(user=worker.id)["osc.referral.search"]
            .create({"service_id": service.id, "center_id": center.id})
            .line_ids
        )

    figures = {
        "service": _measure(env, find),
        "to her": _measure(
            env, lambda: find(age=16, sex="female", disability=True, with_children=True)
        ),
        "near, open now": _measure(env, lambda: find(area=areas[0], open_now=True)),
        "everything": _measure(
            env,
            lambda: find(age=30, sex="female", area=areas[1], open_now=True),
        ),
    }
    pages = {
        "Find a partner": _measure(env, wizard),
        "Directory": _measure(env, directory),
    }
    return {"partners": PARTNERS, "filled": filled, "found": figures, "pages": pages}


def _fill(env, worker):
    """Partners all over a country, each with services, districts, hours and people."""
    country = env.ref("base.pk")
    center = env["osc.center"].search([("code", "=", "LHR")])
    center.write({"latitude": 31.5204, "longitude": 74.3587})
    areas = env["osc.area"].create(
        [{"name": f"Bench {n}", "country_id": country.id} for n in range(AREAS)]
    )
    services = env["osc.service"].search([("active", "=", True)])
    calendar = env.ref("osc_referral.resource_calendar_day_and_night")
    company = env.company
    env.flush_all()
    env.cr.execute("SELECT COALESCE(MAX(id), 0) FROM res_partner")
    first = env.cr.fetchone()[0] + 1
    env.cr.execute(
        """
        INSERT INTO res_partner (id, name, complete_name, is_company, active, type,
            is_osc_partner, city, partner_latitude, partner_longitude, osc_sex,
            osc_age_from, osc_age_to, osc_takes_children, osc_step_free,
            osc_calendar_id, osc_capacity, osc_agreement_from, osc_agreement_to,
            commercial_partner_id, create_date)
        SELECT %(first)s + n, 'Partner ' || n, 'Partner ' || n, TRUE, TRUE, 'contact',
            TRUE, 'City ' || n %% 200, 24 + (n * 7 %% 1200) / 100.0,
            62 + (n * 13 %% 1500) / 100.0,
            (ARRAY['all', 'female', 'male'])[n %% 3 + 1],
            CASE WHEN n %% 5 = 0 THEN 18 ELSE 0 END,
            CASE WHEN n %% 7 = 0 THEN 17 ELSE 0 END, n %% 2 = 0, n %% 3 = 0,
            CASE WHEN n %% 3 = 0 THEN %(calendar)s END, n %% 30,
            now() - interval '1 year', now() + n %% 400 * interval '1 day' - interval
            '30 days', %(first)s + n, now()
        FROM generate_series(0, %(count)s - 1) n
        """,
        {"first": first, "calendar": calendar.id, "count": PARTNERS},
    )
    env.cr.execute(
        "SELECT setval('res_partner_id_seq', (SELECT MAX(id) FROM res_partner))"
    )
    env.cr.execute(
        "INSERT INTO osc_partner_service_rel (partner_id, service_id) "
        "SELECT DISTINCT %s + n, (%s)[(n * 7 + k * 11) %% %s + 1] "
        "FROM generate_series(0, %s - 1) n, generate_series(1, %s) k",
        [first, services.ids, len(services), PARTNERS, SERVICES_EACH],
    )
    env.cr.execute(
        "INSERT INTO osc_partner_area_rel (partner_id, area_id) "
        "SELECT DISTINCT %s + n, (%s)[(n + k * 17) %% %s + 1] "
        "FROM generate_series(0, %s - 1) n, generate_series(1, 3) k",
        [first, areas.ids, AREAS, PARTNERS],
    )
    case = (
        env(user=worker.id)["osc.case"]
        .create({"channel": "phone", "urgency": "routine", "center_id": center.id})
        .sudo()
    )
    env.flush_all()
    env.cr.execute(
        "INSERT INTO osc_referral (name, case_id, center_id, company_id, service_id, "
        "discipline_id, partner_id, state, sent_at, create_date) "
        "SELECT 'BENCH-' || n, %s, %s, %s, %s, %s, %s + n * 3 %% %s, "
        "(ARRAY['sent', 'accepted', 'completed', 'declined'])[n %% 4 + 1], now(), now() "
        "FROM generate_series(1, %s) n",
        [
            case.id,
            center.id,
            company.id,
            services[:1].id,
            services[:1].discipline_id.id,
            first,
            PARTNERS,
            REFERRALS,
        ],
    )
    env.cr.commit()
    tables = ("res_partner", "osc_partner_service_rel", "osc_referral")
    with env.registry.cursor() as cr:
        cr._cnx.rollback()
        cr._cnx.autocommit = True
        for table in tables:
            cr.execute(f"VACUUM ANALYZE {table}")
    return center, areas


def _measure(env, work) -> dict:
    work()  # access rights and rules are cached in each process
    times, queries, found = [], 0, []
    for _number in range(REPETITIONS):
        env.invalidate_all()
        before = env.cr.sql_log_count
        begin = time.perf_counter()
        found = work()
        times.append((time.perf_counter() - begin) * 1000)
        queries = env.cr.sql_log_count - before
    return {
        "median": statistics.median(times),
        "worst": max(times),
        "queries": queries,
        "shown": len(found),
    }
