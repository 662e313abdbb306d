"""Text messages (短信): what they say, the outbox they wait in, the gateway that carries them, codes for phones."""
