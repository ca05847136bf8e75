"""Writes golden.json: small pickles and the opcode boundaries that CPython's pickletools finds in them.

Run by hand: python3 make.py. Nothing is unpickled.
"""

import array
import collections
import datetime
import decimal
import fractions
import json
import pathlib
import pickle
import pickletools
import uuid
from pathlib import Path

shared = [1, 2]
recursive = []
recursive.append(recursive)
VALUES = {
    "numbers": [0, 1, 255, 256, 65535, 65536, -1, -(2**31), 2**31, 2**63, -(2**70), 10**60, 0.5, -0.0, float("inf")],
    "texts": ["", "a", "x" * 300, "\u00e9\u65e5\u2028", "line\nbreak\\u0041"],
    "bytes": [b"", b"abc", b"\xff" * 300, bytearray(b"xyz")],
    "containers": {"a": [1, (2,), (3, 4), (5, 6, 7), (8, 9, 10, 11)], "s": {1, 2}, "f": frozenset("ab"), "e": [(), [], {}]},
    "shared": [shared, shared, {"k": shared}],
    "recursive": recursive,
    "constants": [None, True, False, Ellipsis],
    "classes": [int, dict, collections.OrderedDict, datetime.date],
    "objects": [
        datetime.datetime(2024, 1, 2, tzinfo=datetime.timezone.utc),
        decimal.Decimal("1.5"),
        fractions.Fraction(1, 3),
        uuid.UUID(int=5),
        collections.OrderedDict(a=1),
        collections.defaultdict(list, {"a": [1]}),
        pathlib.PurePosixPath("/a/b"),
        array.array("d", [1.0]),
        complex(1, 2),
    ],
    "long": [str(i) for i in range(1100)],
}


def golden(name, value, protocol):
    data = pickle.dumps(value, protocol)
    offsets = [position for _, _, position in pickletools.genops(data)]
    imports = sorted({arg.replace(" ", ".") for op, arg, _ in pickletools.genops(data) if op.name == "GLOBAL"})
    return {"name": f"{name}, protocol {protocol}", "pickle": data.hex(), "offsets": offsets, "globals": imports}


cases = [golden(name, value, protocol) for name, value in VALUES.items() for protocol in (range(6) if name != "long" else (4,))]
Path(__file__).with_name("golden.json").write_text("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
