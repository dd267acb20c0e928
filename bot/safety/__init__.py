"""Seeing danger in a message: patterns that a social worker reads, and a learned head."""
