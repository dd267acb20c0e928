"""Lines and services: data in ``data/directory``, pure functions here, used by every part."""
