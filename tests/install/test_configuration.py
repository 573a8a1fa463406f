"""The examples for a production server are what Odoo 19 understands."""

import re
import subprocess

from config import paths, server

READ = """
import logging, warnings
logging.basicConfig(level=logging.WARNING)
from odoo.tools import config
config.parse_config(["-c", {path!r}], setup_logging=False)
print("READ", config["proxy_mode"], config["list_db"], config["workers"], config["dbfilter"])
"""


def test_production_configuration_is_read_in_full(tmp_path):
    text = (paths.CONFIG / "odoo-production.conf").read_text()
    text = re.sub("@[A-Z]+@", "osc", text.replace("/var/lib/osc", str(tmp_path)))
    path = tmp_path / "odoo.conf"
    path.write_text(text)
    env = server.variables()
    for name in ("ODOO_RC", "PGDATABASE"):
        env.pop(name)
    code = READ.format(path=str(path))
    done = subprocess.run(
        [*server.command()[:1], "-c", code], env=env, capture_output=True, text=True
    )
    assert "READ True False 5 ^osc$" in done.stdout, done.stderr
    unknown = re.findall(r".*(?:unknown|deprecated|invalid).*", done.stderr, re.I)
    assert not unknown, done.stderr
