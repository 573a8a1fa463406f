class Teller:
    """What each chapter of the story needs to be told.

    Chapters are classes that ``Story`` inherits. Each adds to ``records``: by the name of
    a row of the tables, a model or ``model:what is special about it``.
    """

    def __init__(self, env):
        self.env = env(
            context=dict(env.context, no_reset_password=True, tracking_disable=True)
        )
        self.records = {}
        self.users = {}

    def __getitem__(self, row):
        return self.records[row].sudo()

    def seen_by(self, person, row):
        """The record of a row as a person sees it."""
        return self.records[row].sudo(False).with_user(self.users[person])

    def _as(self, person, record):
        """A record, or a model by name, as a person sees it."""
        if isinstance(record, str):
            record = self.env[record]
        return record.with_user(self.users[person]).with_context(tracking_disable=False)

    def _settle(self):
        self.env.flush_all()
        self.env.invalidate_all()

    def _add(self, person, row, vals):
        """A record that somebody creates, as a row of the tables."""
        record = self._as(person, row.split(":")[0]).create(vals)
        self._settle()
        self.records[row] = record
        return record

    def _of_case(self, person, row, **vals):
        """The same, of what belongs to the case."""
        return self._add(person, row, {"case_id": self.case.id, **vals})
