"""Continuous batching: one thread owns the context, and each step moves every generation on."""

import asyncio
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

from tora_agent.engines.base import ContextFull, EngineError, FinishReason
from tora_agent.engines.batching.cache import Cache
from tora_agent.engines.batching.context import Context, Vocabulary
from tora_agent.engines.batching.generation import Generation, Item, Track
from tora_agent.engines.batching.slots import Slots

# a generation in a batch, how many of its tokens, and the index of its logits when it is to write
Part = tuple[Generation, int, int | None]

_LEFT = "this sequence was left: its place belongs to another"
_READ_BESIDE = 64  # tokens of prompts in a step in which others write: with more, they would wait longer for it

Answer = TypeVar("Answer")
Command = Callable[[], None]


class Scheduler:
    """Runs generations. Its public methods may be called from any thread; all but `close` return at once.

    In each step every generation that writes gets its next token, and beside them goes a piece of what the
    others still have to read, the least first: a long prompt stalls nobody. What begins like another
    text that is being read waits, and shares it. A track between two generations keeps its cache. When
    the cache is full, the youngest waits until another has ended, and is then read anew.
    """

    def __init__(self, context: Context, vocabulary: Vocabulary, slots: Slots, n_ctx: int, n_batch: int) -> None:
        self._context = context
        self._cache = Cache(context)
        self._vocabulary = vocabulary
        self._slots = slots
        self._n_ctx = n_ctx
        self._n_batch = n_batch
        self._reading: list[Generation] = []  # have tokens of a prompt or an output still to be computed
        self._writing: list[Generation] = []  # have exactly their last token to be computed
        self._paused: list[Generation] = []  # were evicted: wait until cells are free
        self._freed = False  # cells may have become free since one was paused
        self._outbox: list[tuple[Generation, Item]] = []
        self._commands: queue.SimpleQueue[Command | None] = queue.SimpleQueue()
        # guards the next two; reentrant, since the garbage collector may come within, and close the engine
        self._lock = threading.RLock()
        self._unfinished: set[Generation] = set()
        self._closed: str | None = None
        self._thread = threading.Thread(target=self._run, name="engine", daemon=True)
        self._thread.start()

    def start(self, generation: Generation) -> None:
        """Let a generation run: its pieces, then its completion or failure, come to its inbox.

        Raises:
            EngineError: the engine is closed.
        """
        self._submit(lambda: self._start(generation), generation)

    def cancel(self, generation: Generation) -> None:
        """End a generation, whether it still runs or not, and take back what it wrote."""
        self._commands.put(lambda: self._cancel(generation))

    def free(self, track: Track) -> None:
        """Drop a track's cache and give its slot to the next; a generation that still runs fails."""
        self._commands.put(lambda: self._free(track))

    def ask(self, question: Callable[[], Answer]) -> Future[Answer]:
        """Have something answered by the thread that may touch the model, after all that it was told before.

        Raises:
            EngineError: the engine is closed.
        """
        asked = _Question(question)
        self._submit(asked)
        return asked.answer

    def close(self) -> None:
        """End the thread after its step, and free the model; blocks until then. May be called again."""
        self._shut("the engine was closed")
        self._commands.put(None)
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _submit(self, command: Command, generation: Generation | None = None) -> None:
        """Tell the thread something, unless it has ended; a generation or a question will hear of its end."""
        with self._lock:
            if self._closed:
                raise EngineError(self._closed)
            if generation:
                self._unfinished.add(generation)
            self._commands.put(command)

    def _run(self) -> None:
        try:
            self._work()
        except Exception as error:  # a defect of ours: no generation may wait for ever
            self._shut(f"the engine's thread failed: {error!r}")
            raise
        finally:
            self._fail_all(self._closed or "the engine's thread ended")
            self._context.free()

    def _work(self) -> None:
        while True:
            while not (self._reading or self._writing or self._paused) or not self._commands.empty():
                command = self._commands.get()
                if command is None:
                    return
                command()
                self._deliver()
            self._step()
            self._deliver()

    def _fail_all(self, reason: str) -> None:
        """Tell everybody who still waits for the thread."""
        while not self._commands.empty():
            command = self._commands.get()
            if isinstance(command, _Question):
                command.fail(EngineError(reason))
        for generation in list(self._unfinished):
            self._finish(generation, EngineError(reason))
        self._deliver()

    def _shut(self, reason: str) -> None:
        with self._lock:
            self._closed = self._closed or reason
        self._slots.close(self._closed)

    def _start(self, generation: Generation) -> None:
        if generation.track.left:
            self._finish(generation, RuntimeError(_LEFT))
            return
        try:
            generation.begin(self._vocabulary, self._n_ctx)
        except ContextFull as error:
            self._finish(generation, error)
            return
        self._cache.admit(generation.track)
        self._reading.append(generation)

    def _cancel(self, generation: Generation) -> None:
        self._remove(generation)
        if generation.track.left:  # it may never have begun, and what the track keeps is for others
            return
        generation.undo()
        self._cache.settle(generation.track)
        self._freed = True

    def _free(self, track: Track) -> None:
        if track.left:
            return
        for generation in [*self._reading, *self._writing, *self._paused]:
            if generation.track is track:
                self._cancel(generation)
                self._outbox.append((generation, RuntimeError(_LEFT)))
        track.left = True
        self._cache.release(track)
        self._slots.give(track.slot)
        self._freed = True

    def _step(self) -> None:
        self._resume()
        parts = self._compose()
        try:
            while not self._context.decode():
                self._evict()
                parts = self._compose()
        except EngineError as error:
            for generation, _, _ in parts:
                self._spoil(generation, error)
            return
        self._advance(parts)

    def _resume(self) -> None:
        """Let the oldest that was evicted go on, where cells may be free or nothing else runs."""
        if self._paused and not self._reading and (self._freed or not self._writing):
            oldest = min(self._paused, key=lambda generation: generation.track.age)
            self._paused.remove(oldest)
            self._reading.append(oldest)

    def _evict(self) -> None:
        """Make room in the cache; a generation that loses its place pauses.

        Raises:
            EngineError: there is nothing to evict.
        """
        running = {generation.track: generation for generation in (*self._writing, *self._reading)}
        evicted = self._cache.evict(running)
        if evicted is None:
            raise EngineError("the engine could not compute a batch: its cache has no room for a single sequence")
        if evicted in running:
            generation = running[evicted]
            (self._writing if generation in self._writing else self._reading).remove(generation)
            self._paused.append(generation)
            self._freed = False

    def _compose(self) -> list[Part]:
        """Fill the batch: the last token of all that write, and pieces of what is still to be read."""
        pieces = [(generation, generation.track.tokens[-1:], True) for generation in self._writing]
        room = self._n_batch - len(pieces)
        if pieces:
            room = min(room, _READ_BESIDE)
        ahead: list[Track] = []
        self._reading.sort(key=lambda generation: generation.track.uncached)
        for generation in self._reading:
            track = generation.track
            source, length = self._cache.longest(track)
            if not room or self._cache.waits(track, length, ahead):
                continue
            self._cache.share(track, source, length)
            chunk = track.tokens[track.cached : track.cached + room]
            pieces.append((generation, chunk, len(chunk) == track.uncached))
            ahead.append(track)
            room -= len(chunk)
        pieces.sort(key=lambda piece: piece[0].track.slot)  # llama.cpp computes neighbours together
        return [self._add(generation, chunk, output) for generation, chunk, output in pieces]

    def _add(self, generation: Generation, chunk: list[int], output: bool) -> Part:
        track = generation.track
        index = self._context.batch.add(track.slot, track.cached, chunk, output)
        return generation, len(chunk), index if output else None

    def _advance(self, parts: list[Part]) -> None:
        """Go on from a batch that was computed."""
        for generation, count, index in parts:
            generation.track.cached += count
            if generation in self._reading:
                generation.prompt_tokens += count
                if index is not None:
                    self._reading.remove(generation)
                    self._writing.append(generation)
            if index is not None:
                self._write(generation, index)

    def _write(self, generation: Generation, index: int) -> None:
        """Pick a generation's next token from the logits at `index`."""
        token = generation.track.sampler.pick(self._context.handle, index)
        text, finish = generation.accept(token, self._vocabulary.pieces[token])
        if text:
            self._outbox.append((generation, text))
        if finish:
            self._complete(generation, finish)

    def _complete(self, generation: Generation, finish: FinishReason) -> None:
        completion = generation.complete(finish, self._vocabulary)
        self._cache.settle(generation.track)
        self._finish(generation, completion)

    def _spoil(self, generation: Generation, error: EngineError) -> None:
        """Fail a generation whose cache can't be trusted any more: it is computed anew with the next one."""
        generation.undo()
        generation.track.cached = 0
        self._cache.settle(generation.track)
        self._finish(generation, error)

    def _finish(self, generation: Generation, item: Item) -> None:
        """Send a generation its last item."""
        self._remove(generation)
        self._outbox.append((generation, item))

    def _remove(self, generation: Generation) -> None:
        with self._lock:
            self._unfinished.discard(generation)
        for generations in (self._reading, self._writing, self._paused):
            if generation in generations:
                generations.remove(generation)

    def _deliver(self) -> None:
        """Hand the step's items over, with one call to each event loop."""
        by_loop: dict[asyncio.AbstractEventLoop, list[tuple[Generation, Item]]] = {}
        for entry in self._outbox:
            by_loop.setdefault(entry[0].inbox.loop, []).append(entry)
        self._outbox.clear()
        for loop, entries in by_loop.items():
            try:
                loop.call_soon_threadsafe(_put, entries)
            except RuntimeError:  # the loop is closed: nobody listens any more, or leaves the sequence
                for generation, _ in entries:
                    self._free(generation.track)


class _Question(Generic[Answer]):
    """A command whose outcome somebody waits for."""

    def __init__(self, question: Callable[[], Answer]) -> None:
        self.answer: Future[Answer] = Future()
        self._question = question

    def __call__(self) -> None:
        if not self.answer.set_running_or_notify_cancel():
            return
        try:
            self.answer.set_result(self._question())
        except Exception as error:
            self.answer.set_exception(error)

    def fail(self, error: Exception) -> None:
        """Answer that there is none."""
        if self.answer.set_running_or_notify_cancel():
            self.answer.set_exception(error)


def _put(entries: list[tuple[Generation, Item]]) -> None:
    for generation, item in entries:
        generation.inbox.items.put_nowait(item)
