"""``odoo osc_vault``: the keys of the vault, and bringing everything under a new one."""

import os
import sys
import time

from odoo import api
from odoo.cli import Command
from odoo.modules.registry import Registry
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools import config

TRIES = 10


class Osc_Vault(Command):
    """Make and add keys of the vault, and re-encrypt everything under the current key."""

    name = "osc_vault"

    def run(self, args):
        parser = self.parser
        parser.add_argument("-c", "--config", help="Odoo's configuration file")
        parser.add_argument(
            "--ring", help="the key ring (default: the one that the server uses)"
        )
        commands = parser.add_subparsers(dest="command", required=True)
        make = commands.add_parser("make-key", help="a new ring with one key")
        add = commands.add_parser(
            "add-key", help="a new current key; the old ones still open"
        )
        for command in (make, add):
            command.add_argument("key_id", help="its name, for instance 2026-11")
        for name, text in (
            ("status", "what still waits for the current key"),
            ("reencrypt", "write everything under the current key; may be interrupted"),
        ):
            command = commands.add_parser(name, help=text)
            command.add_argument("-d", "--database", required=True)
        options = parser.parse_args(args)
        file = ["-c", options.config] if options.config else []
        config.parse_config([*file, "--log-level=warn"], setup_logging=True)
        if options.ring:
            os.environ["OSC_KEY_RING"] = config["osc_key_ring"] = options.ring
        # After the configuration: the addons' paths come from there.
        from odoo.addons.osc_base.key_ring import KeyRing  # noqa: PLC0415

        self.ring = KeyRing
        try:
            code = getattr(self, f"_{options.command.replace('-', '_')}")(options)
        except KeyboardInterrupt:
            print("\nInterrupted. What was finished is kept; start again.")
            code = 130
        sys.exit(code)

    # ------------------------------------------------------------------
    # Keys
    # ------------------------------------------------------------------
    def _path(self):
        path = config.get("osc_key_ring") or os.environ.get("OSC_KEY_RING")
        if not path:
            sys.exit("No key ring is named: set osc_key_ring, or give --ring.")
        return path

    def _make_key(self, options):
        path = self._path()
        try:
            self.ring.make(path, self._checked(options.key_id))
        except FileExistsError:
            sys.exit(f"{path} is there already. Use add-key for another key.")
        print(f"Made {path}. Keep a copy where the database's backups are not.")

    def _add_key(self, options):
        path = self._path()
        try:
            self.ring.add(path, self._checked(options.key_id))
        except FileNotFoundError:
            sys.exit(f"{path} isn't there. Use make-key for the first key.")
        except (ValueError, KeyError, TypeError):
            sys.exit(f"{path} is damaged, or has that key already.")
        print(f"{options.key_id} is the current key. Copy the ring to a safe place,")
        print("then run: odoo osc_vault reencrypt -d DATABASE")

    def _checked(self, key_id):
        if not key_id or "." in key_id:
            sys.exit("The name of a key has no dot.")
        return key_id

    # ------------------------------------------------------------------
    # Everything under the current key
    # ------------------------------------------------------------------
    def _status(self, options):
        self._open(options.database)
        waiting = self._transaction(self._waiting)
        for what, number in waiting.items():
            print(f"{what}: {number} to re-encrypt")
        return self._verdict(sum(waiting.values()))

    def _reencrypt(self, options):
        self._open(options.database)
        waiting = self._transaction(self._waiting)
        for what, number in waiting.items():
            self._work_through(what, number)
        # Files that nothing refers to any more are still readable with the old key.
        self._transaction(lambda env: env["ir.attachment"]._gc_file_store())
        return self._verdict(sum(self._transaction(self._waiting).values()))

    def _open(self, database):
        if self.ring.load().locked:
            sys.exit("The vault is locked: there is no current key.")
        self.registry = Registry(database)
        if "osc.vault" not in self.registry:
            sys.exit(f"osc_base isn't installed in {database}.")

    def _transaction(self, work):
        """Do some work and commit; again when users were quicker."""
        for attempt in range(1, TRIES + 1):
            with self.registry.cursor() as cr:
                try:
                    result = work(api.Environment(cr, api.SUPERUSER_ID, {}))
                    cr.commit()
                    return result
                except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                    cr.rollback()
                    if attempt == TRIES:
                        raise

    def _waiting(self, env):
        vault = env["osc.vault"]
        waiting = {name: vault._count_stale_rows(name) for name in vault._places()}
        waiting["files"] = vault._count_stale_files()
        return waiting

    def _work_through(self, what, total):
        def step(env, after):
            vault = env["osc.vault"]
            if what == "files":
                return vault._reencrypt_files(after)
            return vault._reencrypt_rows(what, after)

        begin = time.monotonic()
        after = done = unopened = 0
        while after is not None:
            after, number, bad = self._transaction(
                lambda env, after=after: step(env, after)
            )
            done += number
            unopened += bad
            if number:
                print(f"{what}: {done} of {total}", flush=True)
        if total:
            print(f"{what}: done in {time.monotonic() - begin:.0f} s", flush=True)
        if unopened:
            print(f"{what}: {unopened} can't be opened with the keys of the ring")

    def _verdict(self, waiting):
        current = self.ring.load().current
        if waiting:
            print(f"{waiting} left under another key: keep all keys, start again.")
            return 1
        print(f"Nothing is left under another key than {current}.")
        print("Older keys may be retired: take them out of the ring once no backup")
        print("from before today has to be read again.")
        return 0
