"""The promise: what an example printed or raised is written by Python, as a transcript holds it, and nothing is lost.

What cannot be written, or cannot even be read, is red with its place, and stops no other transcript.
"""

import re

import markdown
import notebooks
import pytest
from bs4 import BeautifulSoup
from consoles import Consoles
from proof.places import ROOT
from transcripts import TRACEBACK, Section, sections

WRITE = "--doctest-plus-generate-diff=overwrite"
RAISES = f"{TRACEBACK}\n    ...\n"
# Each example with the output that it has before, and the one that Python writes.
WRITTEN = {
    "an output that is missing": (">>> 1 + 1\n", "", "2\n"),
    "a changed output": (">>> print('1\\n2')\n", "1\n2\n3\n", "1\n2\n"),
    "an output that is no longer there": (">>> _ = 1\n", "1\n", ""),
    "code that ends with an empty prompt": (">>> for n in (1, 2):\n...     print(n)\n...\n", "2\n1\n", "1\n2\n"),
    "empty lines": (
        ">>> print('\\n1\\n\\n\\n2\\n ')\n",
        "1\n",
        "<BLANKLINE>\n1\n" + 2 * "<BLANKLINE>\n" + "2\n<BLANKLINE>\n",
    ),
    "warnings": (
        ">>> import warnings\n>>> for n in (1, 2):\n...     warnings.warn(f'w{n}')  # doctest: +SHOW_WARNINGS\n",
        "UserWarning: w\n",
        "UserWarning: w1\nUserWarning: w2\n",
    ),
    "an exception that nobody expected": (">>> [][1]\n", "", f"{RAISES}IndexError: list index out of range\n"),
    "another message": (">>> {}['k']\n", f"{RAISES}KeyError: 1\n", f"{RAISES}KeyError: 'k'\n"),
    "an exception that is no longer raised": (">>> 1\n", f"{RAISES}KeyError: 1\n", "1\n"),
    "a message of several lines": (
        ">>> raise ValueError('one\\n\\n  two')\n",
        f"{RAISES}ValueError: one\n",
        f"{RAISES}ValueError: one\n<BLANKLINE>\n  two\n",
    ),
    "one exception because of another": (
        ">>> try:\n...     [][1]\n... except IndexError as error:\n...     raise KeyError('k') from error\n",
        "",
        f"{RAISES}KeyError: 'k'\n",
    ),
    "an exception after an output": (">>> print(1); 1 / 0\n", "1\n", f"{RAISES}ZeroDivisionError: division by zero\n"),
    "a syntax error": (">>> 1 +\n", "", f"{RAISES}SyntaxError: invalid syntax\n"),
}


def in_sections(outputs):
    return "".join(
        f"# --8<-- [start:s{number}]\n{code}{outputs[number]}\n# --8<-- [end:s{number}]\n\n# A comment.\n\n"
        for number, (code, _, _) in enumerate(WRITTEN.values())
    )


def test_python_writes_what_it_printed_and_what_it_raised(run, pytester):
    before, after = (in_sections([example[n] for example in WRITTEN.values()]) for n in (1, 2))
    run({"page": before}, WRITE).assert_outcomes(passed=1)
    transcript = pytester.path / "snippets/page.pycon"
    assert transcript.read_text("utf-8") == after
    assert len(sections(transcript, "page.pycon")) == len(WRITTEN)
    pytester.runpytest_subprocess("snippets").assert_outcomes(passed=1)
    assert transcript.read_text("utf-8") == after


def test_a_reader_sees_an_empty_line_as_one():
    printed, raised = ">>> print('1\\n\\n2')", ">>> raise ValueError('1\\n\\n2')"
    section = f"{printed}\n1\n<BLANKLINE>\n2\n{raised}\n{RAISES}ValueError: 1\n<BLANKLINE>\n2\n"
    html = markdown.markdown(f"``` pycon\n{section}```", extensions=["pymdownx.superfences", Consoles()])
    assert BeautifulSoup(html, "html.parser").code.get_text() == section.replace("<BLANKLINE>", "")
    page = '``` pycon\n--8<-- "page.pycon:one"\n```\n'
    cells = notebooks.from_page(page, {"one": Section(1, section)}, "", "")["cells"]
    assert [notebooks.text_of(*cell["outputs"]) for cell in cells] == ["1\n\n2\n", "ValueError: 1\n\n2"]


def test_code_below_an_exception_begins_a_line():
    raises = f">>> int('a')\n{RAISES}ValueError: a\n"
    html = markdown.markdown(f"``` pycon\n{raises}{raises}```", extensions=["pymdownx.superfences", Consoles()])
    # The exception is a box as wide as the block, so a line that ended inside it would leave the code beside it.
    assert re.findall(r'<span class="gt">[^<]*?\s*</span>(\n?)', html) == ["\n", "\n"]
    assert not re.search(r'<span class="gt">[^<]*\n</span>', html)


def test_the_last_line_of_a_file_stays_whole(run, pytester):
    run({"page": ">>> 1 + 1"}, WRITE).assert_outcomes(passed=1)
    assert (pytester.path / "snippets/page.pycon").read_text("utf-8") == ">>> 1 + 1\n2\n"


def test_every_output_of_the_error_clinic_can_be_written(run, pytester):
    whole = (ROOT / "snippets/clinics/errors.pycon").read_text("utf-8")
    bare = re.sub(r"^(>>> .*\n(?:\.\.\..*\n)*+)(?:(?!>>> ).+\n)+", r"\1", whole, flags=re.MULTILINE)
    assert bare.count("\n") < whole.count("\n") - whole.count(TRACEBACK) * 3 < whole.count("\n") - 100
    run({"errors": bare}, WRITE).assert_outcomes(passed=1)
    assert (pytester.path / "snippets/errors.pycon").read_text("utf-8") == whole


@pytest.mark.parametrize(
    ("transcript", "message"),
    [
        (
            ">>> 1 + 1\n# --8<-- [end:one]\n",
            "snippets/page.pycon:2: a comment right after an example counts as its output*",
        ),
        (">>> 1 + 1\n3\n# why\n", "snippets/page.pycon:3: a comment right after an example counts as its output*"),
        (
            ">>> import socket\n>>> socket.create_connection(('127.0.0.1', 9))\n",
            "snippets/page.pycon:2: a transcript proves nothing*",
        ),
        (
            f">>> import socket\n>>> socket.create_connection(('127.0.0.1', 9))\n{RAISES}OSError: no\n",
            "snippets/page.pycon:2: a transcript proves nothing*",
        ),
        (
            ">>> import time\n>>> time.sleep(60)\n",
            "snippets/page.pycon:2: this example did not end in time; make it shorter",
        ),
    ],
)
def test_what_is_no_output_is_never_written(run, pytester, transcript, message):
    limit = ["--timeout=5"] if "sleep" in transcript else []
    result = run({"page": transcript}, WRITE, *limit)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([message])
    assert (pytester.path / "snippets/page.pycon").read_text("utf-8") == transcript


@pytest.mark.parametrize(
    ("transcript", "options"),
    [
        (">>> 1\n1\n>>>2\n", []),
        (">>> 1\n1\n>>>2\n", [WRITE]),
        (">>> 1\n1\n>>>2\n", ["-n2"]),
        (">>> 1\n1\n>>> for n in ():\n  ...     n\n", []),
        (">>> 1\n1\n>>> 2  # doctest: +SKIPP\n", []),
    ],
)
def test_a_transcript_that_cannot_be_read_is_red_alone(run, transcript, options):
    result = run({"page": transcript, "sound": ">>> 1 + 1\n2\n"}, *options)
    result.assert_outcomes(errors=1, passed=1)
    result.stdout.fnmatch_lines(
        ["snippets/page.pycon:[34]: not a transcript: line [34] of the doc*", "*mend: correct the prompt"]
    )


def test_a_test_file_that_cannot_be_read_is_red_alone(pytester):
    pytester.makepyprojecttoml((ROOT / "pyproject.toml").read_text("utf-8"))
    pytester.mkdir("tests")
    (pytester.path / "tests/test_broken.py").write_text("1 / 0\n", "utf-8")
    (pytester.path / "tests/test_sound.py").write_text("def test_sound():\n    assert 1 + 1 == 2\n", "utf-8")
    pytester.runpytest_subprocess("tests", "-pno:randomly", "-n0").assert_outcomes(errors=1, passed=1)
