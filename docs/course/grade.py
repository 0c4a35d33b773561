"""Grades a folder of programs that were handed in: python grade.py softmax.py folder

`softmax.py` is the exercise as this site gives it out, with its checks; of what was handed in, only the functions that
it asks for count. They are run here, one program after another, so do this where you would run a stranger's code.
"""

import ast
import contextlib
import io
import runpy
import sys
from pathlib import Path

LINE = "# Below this line are the checks."


def grade(original, handed_in):
    """Return whether what was handed in passes the checks of the original, and what these say."""
    above = Path(original).read_text("utf-8").split(LINE)[0]
    asked = [part.name for part in ast.parse(above).body if isinstance(part, ast.FunctionDef)]
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        try:
            theirs = runpy.run_path(str(handed_in))
            checks = runpy.run_path(str(original)) | {name: theirs[name] for name in asked}
            right = checks["grade"](checks, "the page of the exercise")
        except (Exception, SystemExit) as error:
            right = print(f"{type(error).__name__}: {error}") or False
    return right, said.getvalue()


if __name__ == "__main__":
    for path in sorted(Path(sys.argv[2]).glob("*.py")):
        right, said = grade(sys.argv[1], path)
        print(f"{path.name}: {'right' if right else 'wrong'}. {(said.strip().splitlines() or [''])[-1]}")
