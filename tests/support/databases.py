"""Fresh copies of the template database."""

import itertools
import json
import subprocess

import psycopg2

from config import copies, database, postgres, server

_numbers = itertools.count(10)


class Database:
    """A copy of the template with its attachments; dropped by its fixture."""

    def __init__(self, template: str):
        self.name = copies.copy_name(next(_numbers))
        self.connection = postgres.connection()
        copies.copy(template, self.name)

    @property
    def variables(self) -> dict[str, str]:
        """The process environment that reaches this database."""
        return {**server.variables(), **self.connection, "PGDATABASE": self.name}

    def connect(self):
        """A psycopg2 connection, past Odoo and its rules."""
        names = {"PGHOST": "host", "PGPORT": "port", "PGUSER": "user"}
        known = {names[k]: v for k, v in self.connection.items() if k in names}
        return psycopg2.connect(dbname=self.name, **known)

    def sql(self, query: str, parameters=None) -> list[tuple]:
        """Run SQL past Odoo and commit; the rows, if it has any."""
        connection = self.connect()
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(query, parameters)
                return cursor.fetchall() if cursor.description else []
        finally:
            connection.close()

    def shell(self, code: str):
        """Run code with ``env`` in Odoo's shell.

        The code commits what it wants kept (``env.cr.commit()``); the value it leaves
        in ``result``, if any, comes back through JSON.
        """
        code += "\nimport json\nprint('RESULT', json.dumps(globals().get('result')))\n"
        done = subprocess.run(
            server.command("shell", "-d", self.name, "--no-http"),
            input=code,
            env=self.variables,
            capture_output=True,
            text=True,
        )
        if done.returncode:
            raise AssertionError(f"The shell failed:\n{done.stderr[-4000:]}")
        lines = [
            line for line in done.stdout.splitlines() if line.startswith("RESULT ")
        ]
        return json.loads(lines[-1].removeprefix("RESULT "))

    def api_key(self, login: str) -> str:
        """A key for the JSON-2 interface."""
        return self.shell(
            "from datetime import datetime, timedelta\n"
            f"user = env['res.users'].search([('login', '=', {login!r})])\n"
            "keys = env['res.users.apikeys'].with_user(user)\n"
            "end = datetime.now() + timedelta(hours=12)\n"
            "result = keys._generate('rpc', 'test', end)\n"
            "env.cr.commit()\n"
        )

    def drop(self) -> None:
        database.drop(self.name)
