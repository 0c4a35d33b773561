"""Counts what a build recomputes and shows, for the page that says how it is checked."""

import doctest
import re
import sys
from pathlib import Path

from exercises import read_all
from tables import table
from transcripts import SNIPPETS, pages

# Where a page shows the table.
MARKER = "<!-- counted by the build -->"
CHECK = re.compile(r"^    def \w+\(mine\):", re.MULTILINE)
FIGURE = re.compile(r"assets/figures/\w+\.svg\)\{ \.figure(?P<live> \.live)? \}")


def on_pre_build(config):
    config.extra["counts"] = counted(Path(config.docs_dir), SNIPPETS, config.extra["torch"])


def on_page_markdown(markdown, page, config, files):
    return markdown.replace(MARKER, config.extra["counts"])


def counted(docs: Path, snippets: Path, torch: str) -> str:
    """Return what the site holds, how many there are of it, and how it is checked, as Markdown."""
    labs = sorted(docs.glob("labs/*.py"))
    sources = [path.read_text("utf-8") for path in [*pages(docs), *labs]]
    transcripts = sorted(snippets.rglob("*.pycon"))
    parser = doctest.DocTestParser()
    examples = [example for path in transcripts for example in parser.get_examples(path.read_text("utf-8"))]
    figures = [figure for source in sources for figure in FIGURE.finditer(source)]
    terms = [term for source in sources for term in re.findall(r"^:   ", source, re.MULTILINE)]
    exercises = read_all(snippets / "exercises")
    rows = [
        ("pages and labs", len(sources), "each is built, and opened in a browser: light, dark, wide and narrow"),
        ("statements", len(examples), "run, all of a page in one session"),
        ("outputs", sum(bool(e.want) for e in examples), "equal to what Python prints, to the letter"),
        ("exceptions among them", sum(bool(e.exc_msg) for e in examples), "the message, to the letter"),
        (
            "sentences quoted by code",
            sum(path.read_text("utf-8").count("\n# proves: ") for path in [*transcripts, *labs]),
            "attacked: lines below each would print something else if it were false",
        ),
        (
            "predictions asked for",
            sum(source.count("\n??? predict ") for source in sources),
            "each answer computed, wrong ones as their misconception does, and typed in a browser",
        ),
        ("labeled formulas", sum(s.count(r"\label{") for s in sources), "evaluated on random inputs, against PyTorch"),
        ("drawn figures", len(figures), "drawn anew, and compared line by line"),
        (
            "interactive figures among them",
            sum(bool(figure["live"]) for figure in figures),
            "driven through many states, every number against PyTorch",
        ),
        ("notebooks", len(transcripts) + len(labs), "run from top to bottom, and equal to their page"),
        ("pages as Markdown, for programs", len(sources), "equal to their page, in words, formulas, code and outputs"),
        ("exercises", len(exercises), "the solution passes, and so do the program and the notebook that hold it"),
        (
            "checks of exercises",
            sum(len(CHECK.findall(exercise.checks)) for exercise in exercises),
            "notice slips that are made in the solution on purpose",
        ),
        (
            "wrong solutions of exercises",
            sum(len(exercise.mistakes) for exercise in exercises),
            "each gets the hint that is meant for it, and no other",
        ),
        ("terms", len(terms), "defined once, and not used before"),
    ]
    cells = [(what, f"{number:,}", how) for what, number, how in rows]
    return (
        f"{table('lrl', ['what', 'how many', 'how it is checked'], cells)}\n"
        f"All of it with PyTorch {torch} on Python {sys.version_info.major}.{sys.version_info.minor}."
    )
