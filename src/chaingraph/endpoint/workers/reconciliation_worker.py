"""The child process of the reconciliation service: it indexes the names of a store and answers a batch at a time."""

from __future__ import annotations

import json
import os
import sys
from typing import TypedDict

from chaingraph.endpoint.workers.messages import read_message, write_reply
from chaingraph.isolation.sandbox import enter_sandbox, limit_processor_time
from chaingraph.messages import tr


class ReconciliationRequest(TypedDict):
    """What the parent sends: the operation with its content, as `ReconciliationService.answer` takes them.

    ``processor_seconds`` is how much processor time the answer may take.
    """

    operation: str
    content: dict[str, str]
    language: str
    processor_seconds: float


class ReconciliationReply(TypedDict):
    """What the child sends before the bytes of the answer: status 200, or the status and reason of a refusal."""

    status: int
    reason: str
    length: int


def main(path: str, memory: int, parent: int) -> None:
    """Open the store and answer what comes in on standard input, until that ends."""
    enter_sandbox(memory, parent)
    output = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    from chaingraph.endpoint.engine import RefusedError
    from chaingraph.endpoint.reconciliation.service import ReconciliationService
    from chaingraph.errors import ChaingraphError
    from chaingraph.store import KnowledgeGraph

    try:
        service = ReconciliationService(KnowledgeGraph.open(path))
    except (ChaingraphError, MemoryError) as error:
        write_reply(output, {"error": str(error) or tr("its names need more memory than a query may have")})
        return
    write_reply(output, {})
    while (message := read_message(sys.stdin.buffer)) is not None:
        request: ReconciliationRequest = json.loads(message)
        limit_processor_time(request["processor_seconds"])
        content = b""
        try:
            answer = service.answer(request["operation"], request["content"], request["language"])
            content = json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace")
            reply = ReconciliationReply(status=200, reason="", length=len(content))
        except RefusedError as error:
            reply = ReconciliationReply(status=error.status, reason=error.reason, length=0)
        except MemoryError:
            reason = tr("the batch needs more memory than a query may have; send a shorter one")
            reply = ReconciliationReply(status=500, reason=reason, length=0)
        write_reply(output, reply, content)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
