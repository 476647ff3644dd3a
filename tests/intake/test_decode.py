"""Bytes to text: what decides, and what is refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from themetrail.intake import Unreadable, read_text
from themetrail.intake.decode import decode

TEXT = "Zoë said – “naïve” £5 😀\n"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_marked_and_plain_unicode(codec: str) -> None:
    # Notepad, Excel and Teams each write another of these.
    assert decode(TEXT.encode(codec)) == (TEXT, codec)


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_big_and_little_ends(codec: str) -> None:
    # The mark tells which half of a letter comes first.
    assert decode("\ufeff".encode(codec) + TEXT.encode(codec)) == (TEXT, "utf-16")


def test_a_declared_encoding_is_tried_last() -> None:
    # One Windows file in a folder of UTF-8 files must not spoil the others.
    windows = "naïve – £5".encode("cp1252")
    assert decode(windows, "cp1252") == ("naïve – £5", "cp1252")
    assert decode(TEXT.encode(), "cp1252") == (TEXT, "utf-8")
    assert decode("Hello".encode("utf-16-le"), "utf-16-le") == ("Hello", "utf-16-le")


def test_undecodable_bytes_name_byte_and_line() -> None:
    # Never a replacement character: a lost letter is a lost word.
    with pytest.raises(Unreadable) as caught:
        decode(b"one\ntwo\nna\xefve\n")
    assert (caught.value.kind, caught.value.line) == ("undecodable", 3)
    assert "byte 10 (0xef)" in caught.value.message
    assert "cp1252" in caught.value.remedy


def test_zero_bytes_are_not_text() -> None:
    # UTF-16 without its mark, or a picture.
    with pytest.raises(Unreadable) as caught:
        decode("Hello".encode("utf-16-le"))
    assert "utf-16-le" in caught.value.remedy
    with pytest.raises(Unreadable, match="zero"):
        decode("Hello".encode("utf-16-le"), "cp1252")


def test_a_declared_encoding_that_does_not_exist() -> None:
    # A slip in the configuration must not be a traceback.
    with pytest.raises(Unreadable, match="not known"):
        decode(b"\xff\xfa", "cp12525")


@given(st.binary(max_size=200))
def test_any_bytes_decode_or_are_refused(data: bytes) -> None:
    # No input whatever may end in another exception.
    try:
        text, _ = decode(data, "cp1252")
    except Unreadable:
        return
    assert "\ufffd" not in text or b"\xef\xbf\xbd" in data or data[:1] in {b"\xff", b"\xfe", b"\0"}


def test_line_ends_are_one_character(tmp_path: object) -> None:
    # Offsets of coders who worked on Windows and on a Mac agree.
    from pathlib import Path

    file = Path(str(tmp_path)) / "a.txt"
    file.write_bytes(b"\xef\xbb\xbfone\r\ntwo\rthree\x0bfour\n")
    assert read_text(file) == ("one\ntwo\nthree\x0bfour\n", "txt", "utf-8-sig")
