"""The helpline assistant: gateway, privacy, directory and what runs inside Rasa."""
