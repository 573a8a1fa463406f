"""Finds marked texts in whatever form a program may have left them."""

import base64
import binascii
import html
import json
import os
import quopri
import re
import subprocess
import tempfile
import urllib.parse
import zlib
from pathlib import Path

DEEPEST = 3  # what is packed within what is packed within …
LARGEST = 32 * 1024**2  # of what is unpacked
CHUNK = 1024
BASE64 = re.compile(rb"[A-Za-z0-9+/]{40,}")
WRAPPED_BASE64 = re.compile(rb"(?:[A-Za-z0-9+/]{60,76}\r?\n)+[A-Za-z0-9+/]{1,76}")
HEX = re.compile(rb"(?:[0-9a-fA-F]{2}){20,}")
PACKED = re.compile(rb"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]|PK\x03\x04")


def _texts_of(mark: str) -> set[str]:
    return {mark, mark.lower(), mark.upper()}


def _in_base64(raw: bytes) -> set[bytes]:
    """What stays the same of the base64 of a text wherever it stands in a longer one."""
    found = set()
    for before in range(3):
        encoded = base64.b64encode(b"\0" * before + raw)
        found.add(encoded[-(-before * 8 // 6) : (before + len(raw)) * 8 // 6])
    return found | {part.translate(bytes.maketrans(b"+/", b"-_")) for part in found}


def forms(mark: str) -> tuple[set[bytes], set[bytes]]:
    """Bytes that betray a mark: those in which case doesn't count, and the others."""
    folded, exact = set(), set()
    for text in _texts_of(mark):
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            raw = text.encode(encoding)
            folded |= {raw, raw.hex().encode()}
            exact |= _in_base64(raw)
        raw = text.encode()
        in_json = json.dumps(text)[1:-1].encode()
        folded |= {
            in_json,
            in_json.replace(b"\\", b"\\\\"),
            text.encode("ascii", "backslashreplace"),
            text.encode("ascii", "xmlcharrefreplace"),
            html.escape(text).encode(),
            urllib.parse.quote(text).encode(),
            urllib.parse.quote_plus(text).encode(),
            quopri.encodestring(raw).replace(b"=\n", b""),
            quopri.encodestring(raw, header=True),
            raw[::-1],
        }
    return {form for form in folded if b"\n" not in form}, exact


class Scanner:
    """``.find(content)``: the names of the marks that are in it.

    :param dict marks: ``{name: texts}``; each text alone betrays what the name says
    """

    def __init__(self, marks: dict[str, list[str]]):
        self.named: dict[bytes, str] = {}
        folded, exact = set(), set()
        for name, texts in marks.items():
            for text in texts:
                case_does_not_count, others = forms(text)
                folded |= case_does_not_count
                exact |= others
                for form in case_does_not_count | others:
                    self.named[form.lower()] = name
        self._folder = tempfile.TemporaryDirectory()
        self._lists = [
            (self._write("folded", folded), "-aoiF"),
            (self._write("exact", exact), "-aoF"),
        ]

    def _write(self, name: str, patterns: set[bytes]) -> Path:
        path = Path(self._folder.name, name)
        path.write_bytes(b"\n".join(sorted(patterns)) + b"\n")
        return path

    def find(self, content: bytes, depth: int = 0) -> set[str]:
        """Names of the marks in a content, also where it is packed or encoded."""
        found = self._grep(content)
        if depth < DEEPEST:
            inner = b"\n".join(self._unpacked(content))
            if inner:
                found |= self.find(inner, depth + 1)
        return found

    def find_plain(self, path: Path) -> set[str]:
        """Names of the marks in a file, or in all files of a folder, as they are."""
        return self._grep(None, "-r", str(path))

    def _grep(self, content: bytes | None, *where: str) -> set[str]:
        found = set()
        for patterns, options in self._lists:
            done = subprocess.run(
                ["grep", options, "-h", "-f", patterns, *where],
                input=content,
                capture_output=True,
                env={**os.environ, "LC_ALL": "C"},
            )
            assert done.returncode in (0, 1), done.stderr.decode()
            found |= {
                self.named.get(line.lower(), line.decode(errors="replace"))
                for line in done.stdout.splitlines()
            }
        return found

    def _unpacked(self, content: bytes):
        for pattern in (BASE64, WRAPPED_BASE64):
            for run in pattern.findall(content):
                letters = run.translate(None, b"\r\n")
                for skipped in range(4):
                    whole = letters[skipped:]
                    yield base64.b64decode(whole[: len(whole) // 4 * 4])
        for run in HEX.findall(content):
            try:
                yield binascii.unhexlify(run)
            except binascii.Error:
                continue
        for place in PACKED.finditer(content):
            yield b"".join(_inflated(content, place.start()))


def _inflated(content: bytes, begin: int):
    """What is in a gzip or zlib stream, or in a member of a zip archive.

    Without looking at checksums: what follows may have been cut off.
    """
    start = content[begin : begin + 4]
    if start[:2] == b"PK":
        lengths = content[begin + 26 : begin + 30]
        begin += 30 + int.from_bytes(lengths[:2], "little")
        begin += int.from_bytes(lengths[2:], "little")
    elif start[:2] == b"\x1f\x8b":
        begin += 10
        if start[3:] == b"\x08":  # the name of the file
            begin = content.find(b"\0", begin) + 1
    else:
        begin += 2
    stream = zlib.decompressobj(-15)
    try:
        while not stream.eof and begin < len(content):
            yield stream.decompress(content[begin : begin + CHUNK], LARGEST)
            begin += CHUNK
    except zlib.error:
        return
