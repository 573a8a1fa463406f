import pytest

from config import paths
from tests.support.databases import Database

RUN = f"""
import sys
sys.path.insert(0, {str(paths.ROOT)!r})
from tests.security import matrix
result = matrix.run(env)
"""


class Story(Database):
    """A database with the story, and what came of everybody's attempts in it."""

    def __init__(self, template):
        super().__init__(template)
        self.found = self.shell(RUN)
        self.records = self.found["story"]["records"]
        self.users = self.found["story"]["users"]
        self.partners = self.found["story"]["partners"]


@pytest.fixture(scope="session")
def story(template):
    database = Story(template)
    yield database
    database.drop()


@pytest.fixture(scope="module")
def story_server(story, module_odoo_server):
    """A server on that database."""
    return module_odoo_server(story)
