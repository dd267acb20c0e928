"""The risk of a message and the situation it tells of, as a component of Rasa's pipeline."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.rasa_parts.intents import CACHE
from bot.rasa_parts.understanding import Reading
from bot.safety.detector import RiskReader
from bot.safety.patterns import SAFETY


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=True)
class RiskDetector(GraphComponent):  # type: ignore[misc]
    """Says how dangerous it is, apart from what it means, with the words that made it say so."""

    def __init__(self, model_storage: ModelStorage, resource: Resource) -> None:
        """Remember where the trained head is kept."""
        self._storage, self._resource = model_storage, resource
        self._reader: RiskReader | None = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> RiskDetector:
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
    ) -> RiskDetector:
        """Build the component from a trained model."""
        component = cls(model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component._reader = RiskReader.load(Path(folder))
        return component

    @staticmethod
    def required_packages() -> list[str]:
        """Return names that are both a distribution and a module (Rasa asks for both)."""
        return ["numpy"]

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str:
        """Train again when the examples of danger, or those of the patterns, change."""
        digest = hashlib.blake2b()
        for path in sorted(SAFETY.glob("*.yml")):
            digest.update(path.read_bytes())
        return digest.hexdigest()

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from all examples."""
        labelled = [(e.get(TEXT), e.get(INTENT)) for e in training_data.intent_examples]
        reader = RiskReader.train([(t, i) for t, i in labelled if t], CACHE)
        with self._storage.write_to(self._resource) as folder:
            reader.save(Path(folder))
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Set risk and situation of each message."""
        assert self._reader is not None
        for message in messages:
            ranking = [(r["name"], r["confidence"]) for r in message.get("intent_ranking") or []]
            names = [item for item in ranking if item[0] != "nlu_fallback"]
            reading = Reading(
                names or [("out_of_scope", 0.0)],
                [],
                message.get("pieces"),
                message.get("vectors"),
                message.get("e5_vectors"),
            )
            risk, situation = self._reader.read(message.get(TEXT) or "", reading)
            message.set("risk", asdict(risk), add_to_output=True)
            message.set("situation", situation, add_to_output=True)
        return messages
