import argparse
import sys
from pathlib import Path

from odoo.cli import Command
from odoo.tools import config

from odoo.addons.osc_base import audit_archive
from odoo.addons.osc_base.key_ring import KeyRing


class OscAudit(Command):
    """Verify archives of the audit trail; needs the key ring and no database"""

    name = "osc_audit"

    def run(self, cmdargs):
        parser = argparse.ArgumentParser(
            prog="odoo osc_audit", description=self.__doc__
        )
        parser.add_argument(
            "-c", "--config", help="Odoo's configuration, which names the key ring"
        )
        parser.add_argument("files", nargs="+", type=Path)
        options = parser.parse_args(cmdargs)
        config.parse_config(["-c", options.config] if options.config else [])
        ring = KeyRing.load()
        wrong = 0
        for file in options.files:
            try:
                found = audit_archive.verify(file.read_bytes(), ring)
            except (audit_archive.ArchiveAltered, OSError) as error:
                wrong += 1
                text = f"NOT INTACT: {error}"
            else:
                text = (
                    f"intact: {found['entries']} entries under seals "
                    f"{found['first_seal']} to {found['last_seal']}"
                )
            sys.stdout.write(f"{file}: {text}\n")
        sys.exit(1 if wrong else 0)
