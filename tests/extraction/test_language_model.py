"""A language model only points at words: what does not stand in the text is dropped and counted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread

import pytest

import chaingraph as cg
from chaingraph.errors import UsageError

pytest.importorskip("httpx")
pytest.importorskip("opencc")

TEXT = "北湖大学近日在江苏省膜材料创新联合体的年会上作了报告。"
QUOTE = "北湖大学近日在江苏省膜材料创新联合体的年会上"


def row(organization: str = "北湖大学", role: str = "member", quote: str = QUOTE) -> dict[str, object]:
    """Return a row as a model answers it."""
    cells = {"organization": organization, "consortium": "江苏省膜材料创新联合体", "role": role}
    return {"table": "memberships", "cells": cells, "quote": quote}


INVENTED = [row(quote="北湖大学加入江苏省膜材料创新联合体"), row(organization="南岭研究院"), row(role="emperor")]


@contextmanager
def server(answer: str | None, requests: list[dict[str, object]]) -> Iterator[str]:
    """Serve one answer on loopback; None is an answer that never comes in time."""

    over = Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            requests.append({**json.loads(content), "path": self.path, "key": self.headers.get("Authorization")})
            if answer is None:
                over.wait()
                return
            body = json.dumps({"choices": [{"message": {"content": answer}}]}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    served = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=served.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{served.server_port}/v1"
    finally:
        over.set()
        served.shutdown()
        served.server_close()
        thread.join()


@pytest.mark.parametrize(
    ("answer", "stand", "dropped"),
    [
        (json.dumps({"rows": [row()]}), 1, 0),
        (f"Sure! ```json\n{json.dumps({'rows': [row(), *INVENTED]})}\n```", 1, 3),
        ("I am a teapot.", 0, 1),
        (json.dumps({"rows": [row()]})[:40], 0, 1),
    ],
)
def test_only_what_stands_in_the_text_is_proposed(tmp_path: Path, answer: str, stand: int, dropped: int) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    requests: list[dict[str, object]] = []
    with server(answer, requests) as url:
        candidates = cg.read(path, model=cg.LanguageModel(url, "small", "secret"))
    assert [each.quote for each in candidates.rows if each.reason == "model small"] == [QUOTE] * stand
    assert candidates.notes == (f"a.txt: {stand} rows of the model stand in the text, {dropped} do not",)
    (request,) = requests
    assert (request["path"], request["key"], request["model"]) == ("/v1/chat/completions", "Bearer secret", "small")
    messages = request["messages"]
    assert isinstance(messages, list)
    assert messages[1]["content"] == TEXT


def test_a_model_that_does_not_answer_is_one_clear_line(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    with (
        server(None, []) as url,
        pytest.raises(UsageError, match=r"gives no answer .*check the address and the name, or read without"),
    ):
        cg.read(path, model=cg.LanguageModel(url, "small", seconds=0.5))
