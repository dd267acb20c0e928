"""Learning without keeping people: sentences that weren't understood, given by their writers."""
