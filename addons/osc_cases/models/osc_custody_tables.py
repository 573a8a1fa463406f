"""Triggers that let rows into the custody log and nothing else.

As those of the audit trail (``osc_base.models.osc_audit_tables``), except that the
encrypted texts of a row may be locked anew with a new key of the vault: a digest of
what they say is signed with the row.
"""

from ..custody_proof import COLUMNS

# Encrypted in the row, in the order of the digest.
TEXTS = ("outsider", "location", "exception")
TRIGGERS = 2

GUARDS = f"""
CREATE OR REPLACE FUNCTION osc_custody_refuse() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'The custody log is append-only: % refused', TG_OP;
END $$ LANGUAGE plpgsql;

DROP TRIGGER IF EXISTS osc_custody_fixed ON osc_custody_event;
CREATE TRIGGER osc_custody_fixed
    BEFORE UPDATE OF {", ".join((*COLUMNS, "mac"))} ON osc_custody_event
    FOR EACH STATEMENT EXECUTE FUNCTION osc_custody_refuse();
DROP TRIGGER IF EXISTS osc_custody_kept ON osc_custody_event;
CREATE TRIGGER osc_custody_kept
    BEFORE DELETE OR TRUNCATE ON osc_custody_event
    FOR EACH STATEMENT EXECUTE FUNCTION osc_custody_refuse();
"""

DROP_GUARDS = "DROP FUNCTION IF EXISTS osc_custody_refuse() CASCADE"
