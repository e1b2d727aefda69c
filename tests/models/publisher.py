"""A publisher of models on loopback: a real HTTP server that can be told to misbehave."""

import hashlib
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any


class Publisher:
    """Serves a list of models and their archives on a free port, until the `with` block ends."""

    def __init__(self) -> None:
        self.takes_ranges = True
        self.claimed_length: int | None = None
        """What to write into Content-Length of archives instead of the truth."""
        self.cuts: list[int] = []
        """After how many bytes to hang up, one for each of the next archives asked for."""
        self.refusals: list[int] = []
        """Status codes to answer the next requests for archives with."""
        self.asked_ranges: list[str | None] = []
        """The Range header of every request for an archive so far."""
        self.sent_bytes = 0
        """Of archives."""
        self.records: list[Any] = []
        self.archives: dict[str, bytes] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def list_url(self) -> str:
        return f"{self.url}/model-list.json"

    def publish(self, name: str, archive: bytes, **lies: Any) -> None:
        """Add a model to the list, in the form of the real one; `lies` replace facts."""
        self.archives[f"/{name}.zip"] = archive
        facts = {
            "lang": "en-us",
            "lang_text": "US English",
            "md5": hashlib.md5(archive, usedforsecurity=False).hexdigest(),
            "name": name,
            "obsolete": "false",
            "size": len(archive),
            "size_text": f"{len(archive) / 2**20:.1f}MiB",
            "type": "small",
            "url": f"{self.url}/{name}.zip",
            "version": "0.1",
        }
        self.records.append(facts | lies)

    def __enter__(self) -> "Publisher":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Go offline; safe to call twice."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


def _handler(publisher: Publisher) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/model-list.json":
                self._send(200, json.dumps(publisher.records).encode())
            elif self.path in publisher.archives:
                self._send_archive(publisher.archives[self.path])
            else:
                self.send_error(404)

        def _send_archive(self, archive: bytes) -> None:
            asked = self.headers["Range"]
            publisher.asked_ranges.append(asked)
            if publisher.refusals:
                self.send_error(publisher.refusals.pop(0))
                return
            start = int(asked[len("bytes=") : -1]) if asked and publisher.takes_ranges else 0
            body = archive[start:]
            length = publisher.claimed_length or len(body)
            if publisher.cuts:
                body = body[: publisher.cuts.pop(0)]
            publisher.sent_bytes += len(body)
            if start:
                part = f"bytes {start}-{len(archive) - 1}/{len(archive)}"
                self._send(206, body, length, {"Content-Range": part})
            else:
                self._send(200, body, length)

        def _send(
            self,
            status: int,
            body: bytes,
            length: int | None = None,
            headers: dict[str, str] | None = None,
        ) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(length or len(body)))
            for key, value in (headers or {}).items():
                self.send_header(key, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass  # the output of a test is no access log

    return Handler
