"""The intent of a message, as a component of Rasa's pipeline."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from tqdm import tqdm

from bot.rasa_parts import augment, encoder, understanding, voters
from bot.rasa_parts.understanding import Understanding

_STEPS = {"use": "sentence vectors 1/2", "e5": "sentence vectors 2/2", "voters": "classifiers"}
CACHE = Path(__file__).resolve().parent.parent.parent / ".cache"


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER], is_trainable=True)
class IntentClassifier(GraphComponent):
    """Gives the intent, its ranking, further needs, and the vectors for who comes after."""

    def __init__(self, model_storage: ModelStorage, resource: Resource) -> None:
        """Remember where the trained voters are kept."""
        self._storage, self._resource = model_storage, resource
        self._understanding: Understanding | None = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IntentClassifier:
        """Build an untrained component."""
        return cls(model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> IntentClassifier:
        """Build the component from a trained model."""
        component = cls(model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._understanding = Understanding.load(Path(folder))
        return component

    @staticmethod
    def required_packages() -> list[str]:
        """Return names that are both a distribution and a module (Rasa asks for both)."""
        return ["numpy"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Train again when the encoders or the voters change."""
        digest = hashlib.blake2b(encoder.VERSION.encode())
        for module in (augment, understanding, voters):
            digest.update(Path(str(module.__file__)).read_bytes())
        return digest.hexdigest()

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from all examples, with a progress bar."""
        bars: dict[str, tqdm] = {}

        def progress(what: str, done: int, of: int) -> None:
            if what not in bars:
                bars[what] = tqdm(total=of, desc=_STEPS[what], unit=" ", disable=False)
            bars[what].update(done - bars[what].n)

        examples = [e for e in training_data.intent_examples if e.get(TEXT)]
        self._understanding = Understanding.train(
            [e.get(TEXT) for e in examples], [e.get(INTENT) for e in examples], CACHE, progress
        )
        for bar in bars.values():
            bar.close()
        with self._storage.write_to(self._resource) as folder:
            self._understanding.save(Path(folder))
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent, ranking and needs of each message."""
        assert self._understanding is not None
        for message in messages:
            reading = self._understanding.read(message.get(TEXT) or "")
            ranking = [{"name": name, "confidence": score} for name, score in reading.ranking[:10]]
            message.set("intent", ranking[0], add_to_output=True)
            message.set("intent_ranking", ranking, add_to_output=True)
            message.set("needs", reading.needs, add_to_output=True)
            message.set("pieces", reading.pieces)
            message.set("vectors", reading.vectors)
            message.set("e5_vectors", reading.e5_vectors)
        return messages
