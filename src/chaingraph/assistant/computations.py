"""What takes the whole graph to compute: once, one after another, and not while somebody waits for a large graph."""

from __future__ import annotations

from collections import OrderedDict
from concurrent.futures import Future
from threading import Lock, Thread
from typing import TYPE_CHECKING, Any, TypeVar

from chaingraph.errors import ChaingraphError

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

T = TypeVar("T")

_PATIENCE = 0.25
"""Seconds that a tool waits for what takes the whole of a large graph, before it says to call again."""

_MAX_RESULTS = 32


class NotReadyError(ChaingraphError):
    """What is asked for is being computed; the same call gets it later."""


class Computations:
    """Results that take the whole graph: each is computed once, and the last ones are remembered.

    Args:
        waits: Whether who asks waits for a result, however long it takes: right for a small graph. Otherwise the
            computation goes on by itself, and who asks is told to call again.
    """

    def __init__(self, *, waits: bool) -> None:
        self._waits = waits
        self._results: OrderedDict[Hashable, Future[Any]] = OrderedDict()
        self._lock = Lock()
        self._turn = Lock()

    def result(self, key: Hashable, function: Callable[[], T], what: str) -> T:
        """Return what a function returns, from the memory if it was called for this key before.

        Args:
            key: What tells the results apart.
            function: Computes the result.
            what: What it computes, for the message.

        Raises:
            NotReadyError: The result is not there yet.
            ChaingraphError: The function raised it.
        """
        with self._lock:
            future: Future[T] | None = self._results.get(key)
            if future is None:
                future = self._results[key] = Future()
                # A daemon: an assistant that leaves does not wait for an answer that nobody reads.
                Thread(target=self._compute, args=(future, function, what), daemon=True).start()
                while len(self._results) > _MAX_RESULTS:
                    self._results.popitem(last=False)
            self._results.move_to_end(key)
        try:
            return future.result(None if self._waits else _PATIENCE)
        except TimeoutError:
            message = f"{what} takes the whole of a large graph and is being computed: make the same call again later"
            raise NotReadyError(message) from None

    def _compute(self, future: Future[T], function: Callable[[], T], what: str) -> None:
        with self._turn:
            try:
                future.set_result(function())
            except ChaingraphError as error:
                future.set_exception(error)
            finally:
                # Nobody waits for ever for what a defect has ended; the defect itself is reported by its thread.
                if not future.done():
                    future.set_exception(ChaingraphError(f"{what} could not be computed"))
