"""The names of everything that one conversation keeps in Redis, in one place.

All names hold the pseudonymous id (derived from the token), never the token or a word. Erasing a
conversation is deleting these keys: whoever adds a key adds it here.
"""

from __future__ import annotations

import hashlib
import hmac

# A conversation has at most so many handoffs; more is somebody playing with the counsellors.
MAX_HANDOFFS = 20


def record(conversation_id: str) -> str:
    """The gateway's sealed record; while it exists, the conversation exists."""
    return f"c:{conversation_id}"


def turns(conversation_id: str) -> str:
    """The sealed last turns that Rasa needs."""
    return f"t:{conversation_id}"


def lock(conversation_id: str) -> str:
    """Rasa's lock: one turn of a conversation at a time."""
    return f"l:{conversation_id}"


def gate(conversation_id: str) -> str:
    """The gateway's lock: one message of a conversation at a time."""
    return f"g:{conversation_id}"


def events(conversation_id: str) -> str:
    """The stream of what waits for the visitor, each entry sealed to their public key."""
    return f"e:{conversation_id}"


def bell(conversation_id: str) -> str:
    """The channel that tells an open page that something waits (holds no content)."""
    return f"b:{conversation_id}"


def handoff(conversation_id: str) -> str:
    """The state of the handoff, and the sealed keys that open its words."""
    return f"h:{conversation_id}"


def words(conversation_id: str) -> str:
    """The stream of words passed on to a counsellor, each entry sealed."""
    return f"w:{conversation_id}"


def address(conversation_id: str) -> str:
    """The address that was given in grave danger, sealed for the claiming counsellor."""
    return f"a:{conversation_id}"


def way_back(conversation_id: str) -> str:
    """The sealed token, for who has words to resume; it dies with the conversation."""
    return f"v:{conversation_id}"


def handoff_id(conversation_id: str, number: int) -> str:
    """The opaque id by which teams and tools know a handoff; it doesn't lead back.

    Args:
        conversation_id: the pseudonymous id, itself 128 secret bits.
        number: 1 for the first handoff of the conversation, at most `MAX_HANDOFFS`.
    """
    label = f"helpline handoff {number}".encode()
    return hmac.new(conversation_id.encode(), label, hashlib.sha256).hexdigest()[:32]


def handoff_index(name: str) -> str:
    """The key that leads from the opaque id of a handoff to its conversation."""
    return f"i:{name}"


def all_keys(conversation_id: str) -> list[str]:
    """Every key of a conversation."""
    makers = (record, turns, lock, gate, events, handoff, words, address, way_back)
    return [
        *(maker(conversation_id) for maker in makers),
        *(handoff_index(handoff_id(conversation_id, n)) for n in range(1, MAX_HANDOFFS + 1)),
    ]


# What several conversations share: ids and counts only, nothing that was said.


def queue(network: str, language: str) -> str:
    """Who waits, by risk and then by time: a sorted set of opaque handoff ids."""
    return f"q:{network}:{language}"


def live_handoffs() -> str:
    """Who waits or speaks: opaque handoff ids, so that a conversation's death is noticed."""
    return "handoffs"


def presence(network: str, language: str, minors: bool) -> str:
    """Which counsellors were seen, and when; with `minors`, those who may speak with minors."""
    return f"p:{network}:{language}" + (":minors" if minors else "")


def outbox(endpoint_id: str) -> str:
    """The stream of events that an endpoint hasn't accepted yet."""
    return f"outbox:{endpoint_id}"


def receipt(message_id: str) -> str:
    """The answer to an incoming event, so that a replay gets the same one."""
    return f"in:{hashlib.sha256(message_id.encode()).hexdigest()[:32]}"


def gateways() -> str:
    """The public keys of the gateways that live, with the moment when each is forgotten."""
    return "gateways"


def waited(network: str, language: str) -> str:
    """How long people waited lately (seconds, a sliding mean)."""
    return f"waited:{network}:{language}"


def pepper() -> str:
    """The gateways' common secret for kept notes, sealed to each gateway that lives."""
    return "pepper"


def kept(name: str) -> str:
    """A note that somebody keeps to come back, under a name that only four words lead to.

    The one thing that outlives its conversation, by an explicit yes (docs/privacy.md).
    """
    return f"n:{name}"


def resume(name: str) -> str:
    """The sealed id of a talk, under a name that only its words to resume lead to."""
    return f"r:{name}"


def tries(network: str) -> str:
    """How often words were tried in the last hour: a number."""
    return f"tries:{network}"


DESK_BELL = bell("desk")
