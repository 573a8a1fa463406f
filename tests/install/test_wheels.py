"""Each addon is a package that pip installs beside Odoo."""

import subprocess
import zipfile

from config import environment, paths, wheels


def test_addons_are_built_as_wheels(tmp_path):
    assert wheels.build(tmp_path) == 0
    built = {wheel.name.split("-")[0]: wheel for wheel in tmp_path.glob("*.whl")}
    assert set(built) == {f"odoo_addon_{name}" for name in paths.suite_addons()}
    for name in paths.suite_addons():
        names = zipfile.ZipFile(built[f"odoo_addon_{name}"]).namelist()
        assert f"odoo/addons/{name}/__manifest__.py" in names
        assert f"odoo/addons/{name}/security/ir.model.access.csv" in names


def test_source_is_left_clean():
    """Building adds nothing to the repository that git would see."""
    status = subprocess.run(
        ["git", "status", "--porcelain", "--untracked-files=all", "addons"],
        cwd=paths.ROOT,
        capture_output=True,
        text=True,
    ).stdout
    assert "egg-info" not in status and "build/" not in status
    assert environment.PYTHON.exists()
