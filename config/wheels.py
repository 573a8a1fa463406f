"""``./osc build``: each addon as a wheel that pip installs beside Odoo."""

from pathlib import Path

from . import environment, paths, postgres
from .console import Failure, run_step, say

DIST = paths.ROOT / "dist"


def build(target: Path = DIST) -> int:
    addons = [name for name in paths.suite_addons()]
    without = [
        name for name in addons if not (paths.ADDONS / name / "pyproject.toml").exists()
    ]
    if without or not addons:
        raise Failure(f"No pyproject.toml in: {', '.join(without) or paths.ADDONS}.")
    env = environment.variables(postgres.connection())
    for name in addons:
        command = [environment.PYTHON, "-m", "build", "--wheel", "--no-isolation"]
        command += ["--outdir", target, paths.ADDONS / name]
        run_step(f"Building {name}", command, paths.LOGS / "build.log", env=env)
    for wheel in sorted(target.glob("*.whl")):
        say(f"  {wheel}")
    return 0
