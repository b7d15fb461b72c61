"""What a client says over a WebSocket, read along from its bytes (RFC 6455, 5.2)."""

from __future__ import annotations

CONTINUATION, TEXT = 0, 1


class Frames:
    """Takes the bytes as they come, and keeps the text messages."""

    def __init__(self) -> None:
        self.buffer, self.message = b"", b""
        self.texts: list[str] = []

    def feed(self, data: bytes) -> None:
        self.buffer += data
        while len(self.buffer) >= (end := self._end()):
            frame, self.buffer = self.buffer[:end], self.buffer[end:]
            self._read(frame)

    def _end(self) -> int:
        """Where the first frame ends, or, while that is not known, how much must be there to know it."""
        if len(self.buffer) < 2:
            return 2
        assert self.buffer[1] & 0x80, "clients mask what they send"
        length, mask = self.buffer[1] & 0x7F, header(self.buffer)
        if len(self.buffer) < mask:
            return mask
        return mask + 4 + (length if length < 126 else int.from_bytes(self.buffer[2:mask], "big"))

    def _read(self, frame: bytes) -> None:
        final, reserved, opcode = frame[0] & 0x80, frame[0] & 0x70, frame[0] & 0x0F
        if opcode not in (CONTINUATION, TEXT):
            return
        assert not reserved, "the platform agrees to no extension"
        start = header(frame)
        mask, payload = frame[start : start + 4], frame[start + 4 :]
        self.message += bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))
        if final:
            self.texts.append(self.message.decode())
            self.message = b""


def header(frame: bytes) -> int:
    """The bytes before the mask: more of them for longer frames."""
    return 2 + {126: 2, 127: 8}.get(frame[1] & 0x7F, 0)
