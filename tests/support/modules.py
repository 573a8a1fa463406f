"""Installing, upgrading and uninstalling addons, and what that leaves in a database."""

import re
import subprocess

from config import paths, server

from .databases import Database

ENTRY = re.compile(r"^\d{4}-\d\d-\d\d \S+ \d+ [A-Z]+ ")
TROUBLE = re.compile(r"^\S+ \S+ \d+ (WARNING|ERROR|CRITICAL) ")


def odoo(database: Database, *arguments: str) -> str:
    """Run Odoo's command line on a database; its log."""
    done = subprocess.run(
        server.command(*arguments),
        env=database.variables,
        cwd=paths.STATE,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, _why(done.stdout)
    return done.stdout


def _why(log: str) -> str:
    """What to read of the log of a run that failed: its errors, then its end."""
    told = "\n".join(_trouble_in_full(log))
    return f"{told[:8000]}\n[...]\n{log[-2000:]}"


def _trouble_in_full(log: str) -> list[str]:
    """Warnings and errors of a log with the lines that belong to them."""
    lines, telling = [], False
    for line in log.splitlines():
        if ENTRY.match(line):
            telling = bool(TROUBLE.match(line))
        if telling:
            lines.append(line)
    return lines


def module(database: Database, what: str, *addons: str) -> str:
    """``odoo module install`` (or ``upgrade``, ``uninstall``); its log."""
    return odoo(database, "module", what, "-d", database.name, *addons)


def trouble(log: str) -> list[str]:
    """Warnings and errors of a log."""
    return [line for line in log.splitlines() if TROUBLE.match(line)]


def states(database: Database) -> dict[str, str]:
    """States of the suite's addons."""
    query = "SELECT name, state FROM ir_module_module WHERE name = ANY(%s)"
    return dict(database.sql(query, (paths.suite_addons(),)))


# ----------------------------------------------------------------------
# What is in a database
# ----------------------------------------------------------------------
CATALOG = {
    "table or sequence": """
        SELECT c.relkind::text || ' ' || c.relname FROM pg_class c
        JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = 'public' AND c.relkind IN ('r', 'v', 'm', 'S', 'i', 'p')
    """,
    "column": """
        SELECT table_name || '.' || column_name FROM information_schema.columns
        WHERE table_schema = 'public'
    """,
    "constraint": """
        SELECT conrelid::regclass || ' ' || conname FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace
    """,
    "trigger": """
        SELECT tgrelid::regclass || ' ' || tgname FROM pg_trigger WHERE NOT tgisinternal
    """,
    "function": """
        SELECT p.oid::regprocedure::text FROM pg_proc p
        LEFT JOIN pg_depend d ON d.objid = p.oid AND d.deptype = 'e'
        WHERE p.pronamespace = 'public'::regnamespace AND d.objid IS NULL
    """,
}
# Tables of Odoo in which the rows of the suite are the suite's affair.
ROWS = {
    "ir_act_server": "id",
    "ir_act_window": "id",
    "ir_asset": "id",
    "ir_config_parameter": "key",
    "ir_cron": "id",
    "ir_cron_trigger": "cron_id",
    "ir_default": "id",
    "ir_embedded_actions": "id",
    "ir_filters": "id",
    "ir_model": "model",
    "ir_model_access": "id",
    "ir_model_constraint": "name",
    "ir_model_data": "module || '.' || name",
    "ir_model_fields": "model || '.' || name",
    "ir_model_fields_selection": "id",
    "ir_model_relation": "name",
    "ir_module_category": "id",
    "ir_rule": "id",
    "ir_sequence": "id",
    "ir_sequence_date_range": "id",
    "ir_ui_menu": "id",
    "ir_ui_view": "id",
    "mail_message_subtype": "id",
    "mail_template": "id",
    "report_paperformat": "id",
    "res_groups": "id",
    "res_groups_privilege": "id",
}
TEXT_COLUMNS = """
    SELECT c.table_name, c.column_name FROM information_schema.columns c
    JOIN information_schema.tables t USING (table_schema, table_name)
    WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE'
    AND c.data_type IN ('character varying', 'text', 'jsonb')
"""
# Names of models, tables, fields and XML ids of the suite.
MENTION = r"\m(osc[._](?!test_)|model_osc_)[a-z]"


def inventory(database: Database) -> set[str]:
    """All that an addon may leave: structures, and rows of Odoo's own tables."""
    found = set()
    for what, query in CATALOG.items():
        found |= {f"{what}: {row[0]}" for row in database.sql(query)}
    tables = {row[0] for row in database.sql("SELECT tablename FROM pg_tables")}
    for table, key in ROWS.items():
        if table in tables:
            rows = database.sql(f"SELECT DISTINCT {key} FROM {table}")
            found |= {f"{table}: {row[0]}" for row in rows}
    return found


def mentions(database: Database) -> set[str]:
    """Texts anywhere that name something of the suite: ``table.column: text``."""
    queries = [
        f"SELECT '{table}.{column}', left(\"{column}\"::text, 100) "
        f'FROM "{table}" WHERE "{column}"::text ~ \'{MENTION}\''
        for table, column in database.sql(TEXT_COLUMNS)
    ]
    found = set()
    for begin in range(0, len(queries), 100):
        rows = database.sql(" UNION ALL ".join(queries[begin : begin + 100]))
        found |= {f"{place}: {text}" for place, text in rows}
    return found
