"""Drawings that are the same on every processor: coordinates as fine as an eye, and ids that do not depend on them.

Matplotlib writes six decimals of a point and names a path after a hash of its text, so that the last bit of one
number, which depends on the processor, changes both.
"""

import re

DECIMALS = 3
# More than one unit of the last digit, which the rounding of a computed number may shift by one.
LEAST = 1.01 * 10**-DECIMALS
GEOMETRY = re.compile(r'\b(?:d|x|y|width|height|viewBox|transform)="[^"]*"')
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
HASHED = re.compile(r"\b([a-zA-Z]\w*?)[0-9a-f]{10}\b")


def steady(svg: str) -> str:
    """Return an SVG of Matplotlib with coordinates in thousandths of a point and ids numbered as they come."""
    ids = {}

    def rounded(match):
        # Adding 0 takes the sign from a zero.
        return f"{round(float(match[0]), DECIMALS) + 0:.{DECIMALS}f}".rstrip("0").rstrip(".")

    def numbered(match):
        return ids.setdefault(match[0], f"{match[1]}-{len(ids) + 1}")

    return HASHED.sub(numbered, _each_coordinate(svg, rounded))


def differences(kept: str, new: str) -> list[str]:
    """Return where two steady SVGs differ: in anything but a coordinate, or in one by more than its last digit."""
    # A coordinate is put between two characters that no drawing holds.
    lines = [_each_coordinate(svg, lambda match: f"\0{match[0]}\0").splitlines() for svg in (kept, new)]
    if len(lines[0]) != len(lines[1]):
        return [f"{len(lines[0])} lines are {len(lines[1])}"]
    found = []
    for number, pair in enumerate(zip(*lines, strict=True), 1):
        old, drawn = (line.split("\0") for line in pair)
        points = zip(old[1::2], drawn[1::2], strict=False)
        moved = [f"{a} is {b}" for a, b in points if abs(float(a) - float(b)) > LEAST]
        if old[::2] != drawn[::2] or moved:
            shown = ", ".join(moved) or " is ".join(line.replace("\0", "").strip() for line in pair)
            found.append(f"line {number}: {shown}")
    return found


def _each_coordinate(svg: str, change) -> str:
    return GEOMETRY.sub(lambda attribute: NUMBER.sub(change, attribute[0]), svg)
