"""Checks a downloaded activity proof with nothing but Python's standard library and what the documentation says of it:
the chain of commitments, and that every event with a path is in the tree of the head. Signatures are left to JOSE tools.
Prints how many events were proved; ends with 1 and a sentence when something does not fit."""

import hashlib
import hmac
import json
import sys


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def commitment(salt, previous, event):
    members = {name: event[name] for name in ("id", "kind", "actor", "at", "details", "number")}
    text = json.dumps(members, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hmac.new(salt, previous + text.encode(), hashlib.sha256).digest()


def root(index, start, end, leaf, path):
    """RFC 6962: the hash over the leaves from start to before end, of which one and its path are known."""
    if end - start == 1:
        return leaf
    middle = start + (1 << (end - start - 1).bit_length() - 1)
    *rest, sibling = path
    if index < middle:
        return sha256(b"\x01", root(index, start, middle, leaf, rest), sibling)
    return sha256(b"\x01", sibling, root(index, middle, end, leaf, rest))


proof = json.load(open(sys.argv[1], encoding="utf-8"))
salt, previous = bytes.fromhex(proof["salt"]), bytes.fromhex(proof["previous"])
number, proved = proof["eventsLeftOut"], 0
for event in proof["events"]:
    number += 1
    if event["number"] != number:
        sys.exit(f"event {number} is missing")
    previous = commitment(salt, previous, event)
    if previous.hex() != event["commitment"]:
        sys.exit(f"event {number} was changed")
    if event["path"] is not None:
        path = [bytes.fromhex(part) for part in event["path"]]
        found = root(event["position"], 0, proof["head"]["size"], sha256(b"\x00", previous), path)
        if found.hex() != proof["head"]["root"]:
            sys.exit(f"event {number} is not in the tree")
        proved += 1
if number != proof["eventsInAll"]:
    sys.exit("the last events are missing")
print(proved)
