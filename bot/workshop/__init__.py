"""The workshop: maintainers keep directory, intents and answers true."""
