"""Custom actions: they choose written answers and fill in facts; no sentence lives here."""
