"""Seeing danger in a message: patterns that a social worker can read, a learned head, one decision."""
