"""What the site holds, counted in another way than the build counts it."""

import re

from transcripts import TRACEBACK, pages

from proof.equations import equations
from proof.places import read
from proof.predictions import predictions

ENTRY = re.compile(r"^\[(?P<term>[^\]]+)\]\((?P<page>[^)#]+)#(?P<section>[^)]+)\)\n:   \S", re.MULTILINE)


def counted(root):
    """Return the numbers of what a project holds, each counted in another way than the build counts it."""
    docs, labs = root / "docs", sorted((root / "docs/labs").glob("*.py"))
    transcripts = "\n".join(path.read_text("utf-8") for path in (root / "snippets").rglob("*.pycon"))
    prose = [page.read_text("utf-8") for page in pages(docs)]
    of_labs = [read(lab) for lab in labs]
    formulas = [equation for text in prose + of_labs for equation in equations("", text)]
    figures = list((docs / "assets/figures").glob("*.svg"))
    scripts = [docs / f"assets/live/{figure.stem.replace('_', '-')}.js" for figure in figures]

    exercises = [path.read_text("utf-8") for path in (root / "snippets/exercises").glob("[!g]*.py")]
    attacked = transcripts + "".join(lab.read_text("utf-8") for lab in labs)

    def count(pattern, text):
        return len(re.findall(pattern, text, re.MULTILINE))

    return {
        "pages and labs": count(r" \S+\.(?:md|py)$", (root / "mkdocs.yml").read_text("utf-8").partition("\nnav:")[2]),
        "statements": count(r"^>>> ", transcripts),
        "outputs": count(r"^>>> .*\n(?:\.\.\..*\n)*+(?!>>> )(?=.*\S)", transcripts),
        "exceptions among them": transcripts.splitlines().count(TRACEBACK),
        "sentences quoted by code": count(r"^# proves: \"", attacked),
        "predictions asked for": sum(len(predictions(text)) for text in prose),
        "labeled formulas": sum(bool(equation.label) for equation in formulas),
        "drawn figures": len(figures),
        "interactive figures among them": sum(script.exists() for script in scripts),
        "notebooks": sum('--8<-- "' in text for text in prose) + len(labs),
        "pages as Markdown, for programs": len(prose) + len(labs),
        "exercises": len(exercises),
        "checks of exercises": sum(text.count("(mine):") for text in exercises),
        "wrong solutions of exercises": sum(text.count("(Wrong):") for text in exercises),
        "terms": len(ENTRY.findall((docs / "glossary.md").read_text("utf-8"))),
    }


def differences(shown, right):
    """Return one message for each number that the page shows and that is another one."""
    return [
        f"docs/checked.md: the build counts {shown.get(what)} {what}, and this test {right.get(what)}\n"
        "  mend: count it right in docs/_hooks/counts.py; nothing is typed"
        for what in {**shown, **right}
        if shown.get(what) != right.get(what)
    ]
