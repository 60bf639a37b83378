"""The process beside the writer that reads and validates a file: `python -m ringdesk.features.customers.imports.child`.

It takes a Plan as JSON on standard input and writes batches on standard output, each a length (4 bytes, big-endian) and MessagePack.
The pipe holds it back when the writer is slower. It knows no database and ends when its reader goes away.
"""

import os
import sys

import msgspec

from ringdesk.features.customers.imports.batches import Plan, batches


def main() -> None:
    """Read one file to its end."""
    # Less eager than the process that serves people: they share the machine.
    os.nice(5)
    plan = msgspec.json.decode(sys.stdin.buffer.read(), type=Plan)
    out = sys.stdout.buffer
    encoder = msgspec.msgpack.Encoder()
    try:
        for batch in batches(plan):
            frame = encoder.encode(batch)
            out.write(len(frame).to_bytes(4, "big"))
            out.write(frame)
            out.flush()
    except BrokenPipeError:
        # The import was cancelled: there is nobody to tell.
        os._exit(0)


if __name__ == "__main__":
    main()
