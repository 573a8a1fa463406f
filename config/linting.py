"""``./osc lint``: style and known mistakes; ``--fix`` mends what tools can mend."""

import subprocess

from . import environment, node_tools, paths, postgres
from .console import say

PRETTIER = node_tools.BIN / "prettier"
XML_PLUGIN = node_tools.package_file("@prettier/plugin-xml", "src/plugin.js")


def _addons() -> list[str]:
    return [f"addons/{name}" for name in paths.suite_addons()]


def _prettier(mode: str) -> list[str]:
    """XML, scripts and styles of the addons; third-party code is left as it came."""
    patterns = [f"{addon}/**/*.{{xml,js,scss}}" for addon in _addons()]
    command = [
        str(PRETTIER),
        mode,
        "--log-level=warn",
        "--no-error-on-unmatched-pattern",
    ]
    command += [f"--config={paths.CONFIG / 'prettier.json'}", f"--plugin={XML_PLUGIN}"]
    return [*command, *patterns, "!**/static/lib/**"]


def checks(fix: bool) -> dict[str, list[str]]:
    """The commands by name; the pre-commit hooks use the same names."""
    oca = ["--no-verbose", *(["--fix"] if fix else [])]
    ruff = ["ruff", "check", "--quiet", *(["--fix"] if fix else []), "."]
    return {
        "ruff-check": ruff,
        "ruff-format": ["ruff", "format", "--quiet", *([] if fix else ["--diff"]), "."],
        "pylint-odoo": ["pylint", "--rcfile=.pylintrc", *_addons()],
        "oca-checks": ["oca-checks-odoo-module", *oca, *_addons()],
        "oca-checks-po": ["oca-checks-po", *_translations()],
        "prettier": _prettier("--write" if fix else "--check"),
    }


def _translations() -> list[str]:
    found = paths.ADDONS.glob("osc_*/i18n/*.po*")
    return [str(path.relative_to(paths.ROOT)) for path in sorted(found)]


def run(only: list[str], fix: bool) -> int:
    env = environment.variables(postgres.connection())
    failed = []
    for name, command in checks(fix).items():
        if only and name not in only:
            continue
        # Without an addon (or a translation) there is nothing to look at.
        if not name.startswith("ruff") and not any(
            "addons/" in part for part in command
        ):
            continue
        done = subprocess.run(command, cwd=paths.ROOT, env=env)
        say(f"{name}: {'in order' if not done.returncode else 'FAILED'}")
        if done.returncode:
            failed.append(name)
    if failed:
        say(f"Failed: {', '.join(failed)}. ./osc lint --fix mends what tools can mend.")
    return 1 if failed else 0
