"""A second PostgreSQL that a test may kill, with a copy of the template in it."""

import itertools
import os
import subprocess

from config import copies
from config.cluster import Cluster, program

from .databases import Database

_numbers = itertools.count(1)


class PrivatePostgres(Cluster):
    """``.kill()`` it as a power cut would, ``.start()`` it again, ``.database``."""

    def __init__(self, template: str):
        super().__init__(copies.CRASH / f"{os.getpid()}-{next(_numbers)}")
        self.create()
        self.start()
        self.database = Database(template)
        before = {**os.environ, **self.database.connection}
        after = {**os.environ, **self.variables()}
        name = self.database.name
        subprocess.run([program("createdb"), name], env=after, check=True)
        dump = subprocess.Popen(
            [program("pg_dump"), "-Fc", name], env=before, stdout=subprocess.PIPE
        )
        restore = [program("pg_restore"), "--no-owner", "--exit-on-error", "-d", name]
        subprocess.run(restore, stdin=dump.stdout, env=after, check=True)
        assert dump.wait() == 0
        self.database.connection = self.variables()
        # A restored database knows nothing about its tables, and plans badly.
        self.database.sql("ANALYZE")

    def remove(self) -> None:
        super().remove()
        self.database.drop()  # the copy that was dumped, and the attachments
