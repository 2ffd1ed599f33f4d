"""Responses that carry the answer to a query: at once, or as a stream from its temporary file."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.responses import Response, StreamingResponse

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.types import Receive, Scope, Send

    from chaingraph.endpoint.engine import Answer

TRUNCATED = "X-Truncated"
"""The header that says after how many rows or triples an answer was truncated."""

_MAX_BYTES_AT_ONCE = 2**16


def answer_response(answer: Answer, headers: dict[str, str]) -> Response:
    """Return the response that carries an answer, which it closes.

    Args:
        answer: The answer.
        headers: Headers of the response; those that the answer asks for are added.
    """
    if answer.truncated:
        headers[TRUNCATED] = f"after {answer.count} {'triples' if answer.kind == 'triples' else 'rows'}"
    if answer.encoding:
        headers["Content-Encoding"] = answer.encoding
    if answer.length > _MAX_BYTES_AT_ONCE:
        return _StreamedAnswer(answer, headers)
    with answer:
        return Response(answer.content(), headers=headers, media_type=answer.media_type)


class _StreamedAnswer(StreamingResponse):
    """A large answer; its temporary file is removed when it has been sent, or cannot be."""

    def __init__(self, answer: Answer, headers: dict[str, str]) -> None:
        self._answer = answer
        headers["Content-Length"] = str(answer.length)
        super().__init__(self._chunks(), headers=headers, media_type=answer.media_type)

    async def _chunks(self) -> AsyncIterator[bytes]:
        for chunk in self._answer.chunks():
            yield chunk
            # A client that reads as fast as we write must not keep the others waiting.
            await asyncio.sleep(0)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with self._answer:
            await super().__call__(scope, receive, send)
