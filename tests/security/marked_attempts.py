"""What people and programs try that has to be refused, with marked values."""

import contextlib
import functools
from base64 import b64encode
from datetime import datetime, timedelta, timezone

import requests

from tests.support.rpc import RpcError

from .marked import NAME, URDU, Player, of, refused


class Attempts(Player):
    """Part of the story: searches, notes that name her, forbidden and wrong calls."""

    # Of the story: the case worker, her case, record and statement.
    worker = case = survivor = statement = None

    def name_her_in_notes(self) -> None:
        """Notes, drafts, plans and reasons that name her are refused."""
        for text in (f"{NAME} called", "Call +923457719026"):
            with refused("UserError"):
                self.post(self.worker, text)
            with refused("UserError"):
                self.schedule_message(text)
            with refused("UserError"):
                self.plan_activity(text)
            for values in (
                {"model": "osc.case", "res_ids": f"[{self.case}]", "body": text},
                {"model": "osc.case", "res_ids": f"[{self.case}]", "subject": text},
            ):
                with refused("UserError"):
                    self.save(self.worker, "mail.compose.message", [], values)
            with refused("UserError"):
                values = {
                    "case_id": self.case,
                    "discipline_id": self.discipline("police"),
                    "law": text,
                }
                self.save(self.worker, "osc.disclosure", [], values)

    def schedule_message(self, text: str) -> None:
        later = datetime.now(timezone.utc) + timedelta(days=1)
        values = {
            "model": "osc.case",
            "res_id": self.case,
            "body": text,
            "author_id": self.worker.info["partner_id"],
            "scheduled_date": later.strftime("%Y-%m-%d %H:%M:%S"),
        }
        self.worker.call("mail.scheduled.message", "create", [values])

    def plan_activity(self, text: str) -> None:
        """Through the window that plans, and past it."""
        window = {"res_model": "osc.case", "res_ids": f"[{self.case}]", "summary": text}
        with refused("UserError"):
            self.save(self.worker, "mail.activity.schedule", [], window)
        kind = self.id("mail.activity.type", "mail", "mail_activity_data_todo")
        self.worker.call(
            "osc.case",
            "activity_schedule",
            [self.case],
            activity_type_id=kind,
            note=text,
        )

    def enter_her_again(self) -> None:
        """Somebody enters her once more, in Urdu; the case worker is told of her."""
        values = {
            "channel": "phone",
            "urgency": "urgent",
            "survivor_name": URDU,
            "survivor_phone": "0345-7719026",
        }
        asked = {**{name: {} for name in values}, "known_matches": {}}
        case = self.worker.call(
            "osc.case", "web_save", [], values, specification=asked
        )[0]
        matched = [found["matched"] for found in case["known_matches"]]
        assert any("phone" in match for match in matched), case
        self.second_case = case["id"]

    def search(self) -> None:
        """By whole values, which is answered, and otherwise, which is refused."""
        searched = of("searched name")
        found = self.worker.call(
            "osc.survivor",
            "web_search_read",
            [("phone", "=", of("phone"))],
            {"code": {}},
        )
        assert self.survivor in [row["id"] for row in found["records"]]
        self.worker.call("osc.survivor", "search", [("full_name", "=", searched)])
        self.worker.call(
            "osc.survivor", "search_count", [("full_name", "in", [searched])]
        )
        for operator in ("ilike", "like", "=like", ">", "not ilike"):
            for name in (searched, NAME):
                with refused("UserError"):
                    self.worker.call(
                        "osc.survivor", "search", [("full_name", operator, name)]
                    )
        for domain in (
            [("survivor_name", "ilike", searched)],
            [("survivor_id.full_name", "ilike", searched)],
            [("fullname", "=", searched)],
            [("full_name", "sounds", searched)],
            [("full_name", "=", searched), "or"],
        ):
            with refused():
                self.worker.call("osc.case", "web_search_read", domain, {"name": {}})

    def try_what_is_forbidden(self) -> None:
        survivor, fields = [self.survivor], ["full_name", "phone"]
        for login in (
            "pk.coordinator",
            "osc.auditor",
            "osc.admin",
            "mux.police",
            "admin",
        ):
            session = self.user(login)
            with refused("AccessError"):
                session.call("osc.survivor", "read", survivor, fields)
            with refused("AccessError"):
                session.call("osc.statement", "read", [self.statement], ["narrative"])
            with refused("AccessError"):
                session.call("osc.survivor", "write", survivor, {"full_name": NAME})
        with refused():
            self.worker.call("osc.survivor", "export_data", survivor, fields)
        with refused():
            self.worker.call("osc.survivor", "search", [], order="full_name")
        with refused():
            self.worker.call(
                "osc.survivor", "formatted_read_group", [], ["full_name"], ["__count"]
            )
        with refused():
            values = {
                "name": "Hers",
                "model_id": "osc.survivor",
                "domain": repr([("full_name", "=", NAME)]),
            }
            self.worker.call("ir.filters", "create_filter", values)
        # Whoever types her name instead of the code gets no answer.
        values = {"case_code": NAME, "reason": "It can't wait any longer", "hours": 1}
        with refused():
            request = self.save(
                self.user("lhr.shelter"), "osc.break.glass.request", [], values
            )
            self.user("lhr.shelter").call(
                "osc.break.glass.request", "action_confirm", [request["id"]]
            )

    def upload_a_list_to_import(self) -> None:
        """Odoo's own import would keep the file in plain text, so it isn't stored."""
        rows = f"channel,survivor_name\nCame by herself,{of('name in a list')}\n"
        upload = {"res_model": "osc.case", "file": b64encode(rows.encode()).decode()}
        create = functools.partial(self.worker.call, "base_import.import", "create")
        for values in (upload, {"res_model": "osc.case"}):
            with refused("UserError"):
                create([values])
        # The page of an import that was opened before this was refused.
        page = create([{"res_model": "res.partner"}])[0]
        with refused("UserError"):
            self.worker.call("base_import.import", "write", [page], upload)
        self.server.database.sql(
            "UPDATE base_import_import SET res_model = 'osc.case' WHERE id = %s", [page]
        )
        try:
            self.worker.upload(
                "/base_import/set_file", "women.csv", rows.encode(), id=str(page)
            )
        except requests.HTTPError as error:
            assert error.response.status_code < 500, error
        else:
            raise AssertionError("the list was stored")

    def type_into_wrong_fields(self) -> None:
        """Programs that put a name where none belongs get an error, and nobody else."""
        name = of("name in a wrong field")
        wrong = [
            {"full_name": NAME, "age_years": 999},
            {"full_name": NAME, "birth_date": "2999-01-01"},
            {"full_name": NAME, "age_years": name},
            {"birth_date": name},
            {"sex": name},
            {"language_id": name},
            {"case_ids": name},
            {"full_nam": name},
            {name: NAME},
            {"age_years": 3457719026},
        ]
        for values in wrong:
            with contextlib.suppress(RpcError):  # some of it is left out silently
                self.worker.call("osc.survivor", "write", [self.survivor], values)
            with refused():
                self.worker.call("osc.survivor", "create", [values])
        case = {"channel": "phone", "urgency": "urgent"}
        for values in (
            {"survivor_age": name},
            {"survivor_name": NAME, "survivor_age": 999},
            {"survivor_birth_date": name},
            {"urgency": name},
            {"incident_ids": [[0, 0, {"type_id": name}]]},
        ):
            with refused():
                self.save(self.worker, "osc.case", [], {**case, **values})
        for domain in (
            [("age_years", "=", name)],
            [("age_years", ">", name)],
            [("birth_date", "=", name)],
            [("case_ids", "=", {"name": name})],
            [("id", "=", name)],
        ):
            with contextlib.suppress(RpcError):  # some of it just finds nobody
                self.worker.call("osc.survivor", "search", domain)
        for method, arguments in (
            ("read", [[self.survivor], [name]]),
            ("web_read", [[self.survivor], {name: {}}]),
            ("read", [[name], ["code"]]),
            ("search", [[], 0, None, name]),
        ):
            with refused():
                self.worker.call("osc.survivor", method, *arguments)
