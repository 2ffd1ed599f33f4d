"""Chinese names by what one types for them: Pinyin, initials, or the other script; the names' process knows them."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING

from chaingraph.endpoint.engine import Operation, RefusedError, answer_while_connected
from chaingraph.endpoint.workers.reconciliation_pool import reconciliation_pool
from chaingraph.queries.node_classes import CLASSES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

_CHINESE = """ASK {{ VALUES ?class {{ {} }} ?thing a ?class ; rdfs:label|skos:altLabel ?name
  FILTER (REGEX(STR(?name), "[\u4e00-\u9fff]")) }}"""


async def spellings_of(
    request: Request, text: str, classes: Sequence[str], count: int
) -> list[tuple[str, str, int, int]]:
    """Return the things with a Chinese name that a text spells: IRI, class, and `ThingIndex.with_spelling`'s numbers.

    The process that indexes names starts with the first search, if any name is Chinese. A search waits for it no longer
    than for a query: as long as the process is not ready, or is not to be had, there are no spellings.
    """
    if not await _has_chinese_names(request):
        return []
    content = {"text": text, "classes": " ".join(classes), "count": str(count)}
    work = asyncio.ensure_future(reconciliation_pool(request.app).answer("spell", content, "zh"))
    done, _ = await asyncio.wait({work}, timeout=request.app.state.limits.deadline)
    if not done:
        # The process goes on to get ready for the next search.
        work.add_done_callback(lambda task: task.exception())
        return []
    try:
        return [(iri, name, rank, length) for iri, name, rank, length in json.loads(work.result())]
    except RefusedError:
        return []


async def _has_chinese_names(request: Request) -> bool:
    """Tell whether any name of the store is Chinese; queried once per state of it."""
    state = request.app.state
    tag, known = getattr(state, "chinese_names", ("", False))
    if tag != state.engine.tag:
        tag = state.engine.tag
        classes = " ".join(f"cg:{name}" for name in CLASSES)
        operation = Operation(_CHINESE.format(classes), accept="application/sparql-results+json")
        with await answer_while_connected(request, operation) as answer:
            known = bool(json.loads(answer.content())["boolean"])
        state.chinese_names = (tag, known)
    return known
