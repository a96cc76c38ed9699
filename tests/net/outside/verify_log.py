"""Verifies a device's log with nothing of Beatbook's own code.

Reads JSON from standard input: what `beatbook-server log export` prints, and under `bodies`, if
they are at hand, salt and payload of each entry. Says what it verified and ends with 0, or says
what does not hold and ends with 1. It was written from the page "The log" of the protocol.
"""

import hashlib
import io
import json
import sys

import cbor2
from pycose.headers import Algorithm
from pycose.algorithms import EdDSA
from pycose.keys import OKPKey
from pycose.keys.curves import Ed25519
from pycose.messages import CoseMessage, Sign1Message


class Broken(Exception):
    """Something does not hold."""


def need(holds, what):
    if not holds:
        raise Broken(what)


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def read(data):
    """One CBOR item and nothing after it."""
    stream = io.BytesIO(data)
    item = cbor2.CBORDecoder(stream).decode()
    need(stream.read() == b"", "bytes after a CBOR item")
    return item


def chain(log, descriptor, headers):
    """The hash of the descriptor, then that of each header."""
    hashes = [sha256(b"beatbook/descriptor/1", descriptor)]
    for seq, header in enumerate(headers):
        fields = read(header)
        need(len(fields) == 15, f"header {seq} has {len(fields)} fields")
        need(fields[0] == log and fields[1] == seq, f"header {seq} is out of place")
        hashes.append(sha256(b"beatbook/header/1", hashes[-1], header))
    return hashes[1:]


def signature(key, message, expected, seq):
    decoded = CoseMessage.decode(message)
    need(isinstance(decoded, Sign1Message), f"commit {seq} is no COSE_Sign1")
    need(decoded.phdr.get(Algorithm) is EdDSA, f"commit {seq} is of another algorithm")
    decoded.external_aad = b"beatbook/log/1"
    decoded.key = key
    need(decoded.verify_signature(), f"the signature of commit {seq} does not verify")
    need(decoded.payload == expected, f"commit {seq} is of another chain")


def verify(told):
    descriptor = bytes.fromhex(told["descriptor"])
    _, log, algorithm, public, *_ = read(descriptor)
    need(algorithm == 8, "another algorithm than EdDSA")
    need(public == bytes.fromhex(told["key"]), "the descriptor names another key")
    key = OKPKey(crv=Ed25519, x=public)
    headers = [bytes.fromhex(header) for header in told["headers"]]
    hashes = chain(log, descriptor, headers)
    commits = told["commits"]
    need(commits and commits[-1][0] == len(headers) - 1, "the last entry is not signed")
    for seq, message in commits:
        signature(key, bytes.fromhex(message), hashes[seq], seq)
    bodies = told.get("bodies", [])
    need(not bodies or len(bodies) == len(headers), "bodies are missing")
    for seq, body in enumerate(bodies):
        found = sha256(bytes.fromhex(body["salt"]), bytes.fromhex(body["payload"]))
        need(found == read(headers[seq])[4], f"the payload of entry {seq} is another")
    return {"entries": len(headers), "signatures": len(commits), "payloads": len(bodies)}


def main():
    told = json.load(sys.stdin)
    try:
        print(json.dumps(verify(told)))
    except Broken as broken:
        print(f"does not hold: {broken}")
        return 1
    # Whatever a library makes of bytes that it does not like.
    except Exception as error:  # pylint: disable=broad-except
        print(f"does not hold: {type(error).__name__}: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
