"""Tables of the audit trail, and the triggers that let rows in and nothing else.

``osc_audit_pending`` holds the ids of entries that wait for a seal. Entries leave the
table only after a mark says that their seals are in an archive.
"""

GUARDED = ("osc_audit_entry", "osc_audit_seal", "osc_audit_mark")
FUNCTIONS = ("osc_audit_refuse()", "osc_audit_refuse_delete()")

TABLES = """
CREATE TABLE IF NOT EXISTS osc_audit_entry (
    id bigint PRIMARY KEY,
    at timestamp NOT NULL,
    user_id integer,
    login varchar,
    action varchar NOT NULL,
    model varchar,
    res_id integer,
    reference varchar,
    center_id integer,
    ip varchar,
    details varchar,
    mac varchar
);
CREATE INDEX IF NOT EXISTS osc_audit_entry_user ON osc_audit_entry (user_id, id);
CREATE INDEX IF NOT EXISTS osc_audit_entry_record ON osc_audit_entry (model, res_id);
CREATE INDEX IF NOT EXISTS osc_audit_entry_reference ON osc_audit_entry (reference);
CREATE INDEX IF NOT EXISTS osc_audit_entry_center ON osc_audit_entry (center_id, id);
CREATE INDEX IF NOT EXISTS osc_audit_entry_at ON osc_audit_entry (at);

CREATE TABLE IF NOT EXISTS osc_audit_pending (id bigint PRIMARY KEY);
-- Numbers of the processes that write entries: two who chose the same id would have to
-- repeat what they do.
CREATE SEQUENCE IF NOT EXISTS osc_audit_process MINVALUE 0 MAXVALUE 511 CYCLE;

CREATE TABLE IF NOT EXISTS osc_audit_seal (
    number integer PRIMARY KEY,
    at timestamp NOT NULL,
    previous varchar NOT NULL,
    entry_ids bigint[] NOT NULL,
    hash varchar NOT NULL,
    mac varchar NOT NULL
);

CREATE TABLE IF NOT EXISTS osc_audit_mark (
    id integer PRIMARY KEY,
    at timestamp NOT NULL,
    user_id integer,
    first_seal integer NOT NULL,
    last_seal integer NOT NULL,
    entries integer NOT NULL,
    hash varchar NOT NULL,
    mac varchar NOT NULL
);

CREATE OR REPLACE FUNCTION osc_audit_refuse() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'The audit trail is append-only: % refused', TG_OP;
END $$ LANGUAGE plpgsql;

CREATE OR REPLACE FUNCTION osc_audit_refuse_delete() RETURNS trigger AS $$
BEGIN
    IF EXISTS (
        SELECT id FROM gone EXCEPT
        SELECT unnest(s.entry_ids) FROM osc_audit_seal s
        JOIN osc_audit_mark m ON s.number BETWEEN m.first_seal AND m.last_seal
    ) THEN
        RAISE EXCEPTION 'The audit trail is append-only: DELETE refused';
    END IF;
    RETURN NULL;
END $$ LANGUAGE plpgsql;

DO $$
DECLARE guarded text;
BEGIN
    FOREACH guarded IN ARRAY ARRAY[
        'osc_audit_entry', 'osc_audit_seal', 'osc_audit_mark'
    ] LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS osc_audit_fixed ON %I', guarded);
        EXECUTE format(
            'CREATE TRIGGER osc_audit_fixed BEFORE UPDATE OR TRUNCATE ON %I '
            'FOR EACH STATEMENT EXECUTE FUNCTION osc_audit_refuse()', guarded);
        EXECUTE format('DROP TRIGGER IF EXISTS osc_audit_kept ON %I', guarded);
        IF guarded = 'osc_audit_entry' THEN
            CREATE TRIGGER osc_audit_kept AFTER DELETE ON osc_audit_entry
            REFERENCING OLD TABLE AS gone
            FOR EACH STATEMENT EXECUTE FUNCTION osc_audit_refuse_delete();
        ELSE
            EXECUTE format(
                'CREATE TRIGGER osc_audit_kept BEFORE DELETE ON %I '
                'FOR EACH STATEMENT EXECUTE FUNCTION osc_audit_refuse()', guarded);
        END IF;
    END LOOP;
END $$;
"""
# Every entry is where it is without a trigger: its id is in the list of those that wait
# for a seal, or in a seal. What somebody else puts in is in neither.

DROP = """
DROP FUNCTION IF EXISTS osc_audit_refuse() CASCADE;
DROP FUNCTION IF EXISTS osc_audit_refuse_delete() CASCADE;
DROP TABLE IF EXISTS osc_audit_pending, osc_audit_seal, osc_audit_mark;
DROP SEQUENCE IF EXISTS osc_audit_process;
"""
