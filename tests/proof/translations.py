"""What a translation lacks of its original."""

from collections import Counter
from pathlib import Path

from proof.claims import claims
from proof.equations import equations
from proof.places import ROOT, name, original_of
from proof.predictions import predictions
from proof.quotes import QUESTION


def parts(page: Path) -> dict[str, Counter]:
    """Return what a translation takes over as it is: numbers, formulas by label, and how many questions."""
    text = page.read_text("utf-8")
    return {
        "number": Counter(str(claim.number.value) for claim in claims(text)),
        "formula": Counter(equation.label for equation in equations("", text) if equation.label),
        "question": Counter("question" for _ in QUESTION.finditer(text)),
        "prediction": Counter("prediction" for _ in predictions(text)),
    }


def lacking(page: Path, root: Path = ROOT) -> list[str]:
    """Return one message for each number, formula, question and prediction of the original that a translation lacks.

    A section that it lacks stops the build.
    """
    source = original_of(page, root)
    if not source.exists():
        return [f"{name(page, root)}:1: translates {name(source, root)}, which does not exist\n  mend: name it alike"]
    there, here = parts(source), parts(page)
    return [
        f"{name(page, root)}:1: lacks the {kind} {what} of {name(source, root)}\n  mend: translate its sentence, too"
        for kind in there
        for what in there[kind] - here[kind]
    ]
