"""What the README and the requirements say."""

import re

from packaging.requirements import Requirement

from proof.places import ROOT

README = (ROOT / "README.md").read_text("utf-8")

REQUIREMENTS = (ROOT / "requirements.txt").read_text("utf-8")

PIN = re.compile(r"^([\w-]+)==([\w.]+)$", re.MULTILINE)
PINS = PIN.findall(REQUIREMENTS)

# The first line: what pip and uv name when they stop on a Python that is too old.
REFUSAL = Requirement(REQUIREMENTS.splitlines()[0])

OLDEST = re.fullmatch(r'python_full_version < "([\d.]+)"', str(REFUSAL.marker))[1]
