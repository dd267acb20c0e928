"""Entities, as a component of Rasa's pipeline."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.directory.load import load_directory
from bot.entities import extract
from bot.texts import DATA


@DefaultV1Recipe.register([DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR], is_trainable=False)
class EntityExtractor(GraphComponent):
    """Communes, relation, language and need; and the conversation's language from the gateway."""

    def __init__(self) -> None:
        """Read the directory once."""
        # Names of communes are the same in every mode.
        self._directory = load_directory(DATA / "directory", "demo")

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> EntityExtractor:
        """Build the component."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Set the entities of each message."""
        for message in messages:
            intent = (message.get(INTENT) or {}).get("name") or ""
            entities = extract(message.get(TEXT) or "", intent, self._directory)
            language = (message.get(METADATA) or {}).get("language")
            if language:
                entities.append({"entity": "conversation_language", "value": language})
            message.set(ENTITIES, entities, add_to_output=True)
        return messages
