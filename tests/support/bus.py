"""A client of the bus, as an open browser window is one."""

import json
import threading

import websocket


class BusListener:
    """Keeps what the server sends to a user's open window: ``.frames``."""

    def __init__(self, session):
        cookies = "; ".join(f"{c.name}={c.value}" for c in session.http.cookies)
        self.frames: list[str] = []
        self.socket = websocket.create_connection(
            session.url.replace("http", "ws") + "/websocket?version=19.0-2",
            cookie=cookies,
            origin=session.url,
            timeout=60,
        )
        subscription = {"channels": [], "last": 0}
        message = {"event_name": "subscribe", "data": subscription}
        self.socket.send(json.dumps(message))
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    def _listen(self) -> None:
        while True:
            try:
                frame = self.socket.recv()
            except (OSError, websocket.WebSocketException):
                return
            self.frames.append(frame if isinstance(frame, str) else frame.decode())

    def close(self) -> None:
        self.socket.close()
        self.thread.join(10)
