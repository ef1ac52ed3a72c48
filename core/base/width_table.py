#!/usr/bin/env python3
"""Writes width_table.h from the Unicode tables that Python carries.

    python3 core/base/width_table.py > core/base/width_table.h

Width 0: marks that stand on another character, format characters, and the
Hangul vowels and finals that join the syllable before them. Width 2: East
Asian Width W or F, with the blocks that UAX #11 calls wide although not all of
their code points are assigned yet.
"""
import unicodedata

WIDE_BLOCKS = [(0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF),
               (0x20000, 0x2FFFD), (0x30000, 0x3FFFD)]


def is_none(c):
    if c == 0xAD:  # the soft hyphen shows
        return False
    if 0x1160 <= c <= 0x11FF or 0xD7B0 <= c <= 0xD7FB:
        return True
    return unicodedata.category(chr(c)) in ("Mn", "Me", "Cf", "Zl", "Zp")


def is_wide(c):
    if any(first <= c <= last for first, last in WIDE_BLOCKS):
        return True
    char = chr(c)
    if unicodedata.category(char) == "Cn" or is_none(c):
        return False
    return unicodedata.east_asian_width(char) in ("W", "F")


def ranges(test):
    found, first = [], None
    for c in range(0x300, 0x110000):
        if test(c):
            first = c if first is None else first
        elif first is not None:
            found.append((first, c - 1))
            first = None
    if first is not None:
        found.append((first, 0x10FFFF))
    return found


def write(name, found):
    print("static const struct range %s[] = {" % name)
    cells = ["{ 0x%x, 0x%x }," % pair for pair in found]
    line = ""
    for cell in cells:
        if line and len(line) + 1 + len(cell) > 78:
            print("\t" + line)
            line = ""
        line = line + " " + cell if line else cell
    print("\t" + line)
    print("};")


print("/* Made by width_table.py from Unicode %s; from U+0300 on. */"
      % unicodedata.unidata_version)
print("/* clang-format off */")
print("struct range {\n\tuint32_t first, last;\n};\n")
write("none", ranges(is_none))
print()
write("wide", ranges(is_wide))
print("/* clang-format on */")
