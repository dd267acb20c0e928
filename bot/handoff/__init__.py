"""From the assistant to a person and back: states, queue, sealed words, webhooks, announcements."""
