"""The promise: what a page shows is a section of its transcript, and every output of it is what Python printed."""

import pytest
from errors import PageError
from proof.mistakes import mutants, results, survives
from proof.places import DOCS, LABS, PAGES, SNIPPETS, TRANSCRIPTS, name
from transcripts import TRACEBACK, check, check_head, sections


def test_pages_and_transcripts_agree():
    check(DOCS, SNIPPETS)


def test_sections_are_found():
    found = [sections(path, path.name) for path in TRANSCRIPTS]
    assert all(found)
    # As many as the pages show.
    shown = "".join(page.read_text("utf-8") for page in PAGES)
    assert sum(map(len, found)) == shown.count('--8<-- "') > 0


PAGE = '# Title\n\n``` pycon\n--8<-- "a/page.pycon:one"\n```\n'
RAISES = '``` { .pycon .raises title="raises" }\n--8<-- "a/page.pycon:one"\n```\n'
WARNS = RAISES.replace(".raises", ".warns").replace('"raises"', '"warns"')
TRANSCRIPT = "# --8<-- [start:one]\n>>> 1 + 1\n2\n\n# --8<-- [end:one]\n"


def write(root, page=PAGE, transcript=TRANSCRIPT):
    for path, text in (("docs/a/page.md", page), ("snippets/a/page.pycon", transcript)):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, "utf-8")
    return root / "docs", root / "snippets"


def test_a_sound_page_passes(tmp_path):
    check(*write(tmp_path))
    check(*write(tmp_path, RAISES, TRANSCRIPT.replace("2\n", f"{TRACEBACK}\n    ...\nKeyError: 1\n")))
    warning = TRANSCRIPT.replace("1 + 1\n", "f()  # doctest: +SHOW_WARNINGS\nUserWarning: old\n")
    check(*write(tmp_path, WARNS, warning.replace("\n2\n", "\n>>> 2\n2\n")))


@pytest.mark.parametrize(
    ("transcript", "message"),
    [
        (TRANSCRIPT.replace("end:one", "end:two"), "pycon:5: section two ends but is not open"),
        (TRANSCRIPT.replace("# --8<-- [end:one]\n", ""), "pycon:1: section one is never closed"),
        (TRANSCRIPT.replace(">>> 1 + 1\n2\n", ""), "pycon:1: section one holds no example"),
        (TRANSCRIPT + TRANSCRIPT, "pycon:6: section one is here twice"),
        ("# --8<-- [start:two]\n" + TRANSCRIPT, "pycon:2: section one starts inside two"),
        (TRANSCRIPT.replace("[start:one]", "[strat:one]"), "pycon:1: not a section marker"),
        (TRANSCRIPT.replace("2\n\n", "2\n"), "pycon:4: a marker right after an example counts as its output"),
        (TRANSCRIPT.replace("2\n\n", "2\n\nx = 1\n"), "pycon:5: this line never runs: x = 1"),
        (TRANSCRIPT.replace(">>> 1", ">>>1"), "pycon:2: not a transcript"),
        (TRANSCRIPT.replace("1 + 1", "1 + 1  # doctest: +SKIP"), "pycon:2: this directive would let a wrong output"),
        (TRANSCRIPT.replace("1 + 1", "1 + 1  # doctest: +ELLIPSIS"), "pycon:2: this directive would let"),
        ("# doctest-skip-all\n" + TRANSCRIPT, "pycon:1: this directive would let a wrong output"),
        (
            TRANSCRIPT.replace("2\n", f'{TRACEBACK}\n  File "x.py", line 1\nE: 1\n'),
            "pycon:4: doctest compares",
        ),
        (TRANSCRIPT.replace("1 + 1", "1 + 1  # about 9.9"), "pycon:2: a comment that names a number"),
        (TRANSCRIPT.replace("1 + 1", "# nothing"), "pycon:2: doctest drops an example"),
        (TRANSCRIPT.replace("1 + 1", "1 + 1  # 47 samples"), "pycon:2: a comment that names a number"),
        (TRANSCRIPT.replace("1 + 1", "1 + 1  # 9 % right"), "pycon:2: a comment that names a number"),
        (TRANSCRIPT.replace("1 + 1", "1 + 1  # 9 per cent"), "pycon:2: a comment that names a number"),
        (TRANSCRIPT.replace("1 + 1", "1 + 1  # up to 1e-9"), "pycon:2: a comment that names a number"),
        (TRANSCRIPT.replace("1 + 1", "(1 +\n...  1)  # 9.9"), "pycon:3: a comment that names a number"),
        (
            TRANSCRIPT.replace("1 + 1\n2", 'def f():\n...     """One.\n...\n...     Or 99.\n...     """'),
            "pycon:5: a comment",
        ),
        (TRANSCRIPT.replace("2\n\n", "2\n\n# tensor(9.9)\n\n"), "pycon:5: this line is shown, and nothing runs it"),
        (
            TRANSCRIPT.replace("2\n", f"{TRACEBACK}\n    ...\n    it was 8.8\nE: 1\n"),
            "pycon:5: doctest compares nothing",
        ),
        (TRANSCRIPT.replace(">>> ", ">>>\t"), "pycon:2: doctest reads a tab as spaces"),
        ("\N{BYTE ORDER MARK}" + TRANSCRIPT, "pycon:1: the file begins with a byte order mark"),
        (TRANSCRIPT + TRANSCRIPT.replace("one", "two"), "pycon:6: section two is shown nowhere"),
        (
            TRANSCRIPT.replace("1 + 1", "1 +" + 73 * " " + "1"),
            "pycon:2: this line is 77 columns wide, and a page shows 76",
        ),
        (TRANSCRIPT.replace("1 + 1", "(1\n..." + 74 * " " + "+ 1)"), "pycon:3: this line is 77 columns wide"),
        (TRANSCRIPT.replace("1 + 1\n2", f"print(77 * 'a')\n{77 * 'a'}"), "pycon:3: this line is 77 columns wide"),
    ],
)
def test_a_bad_transcript_is_refused(tmp_path, transcript, message):
    with pytest.raises(PageError) as failure:
        check(*write(tmp_path, transcript=transcript))
    assert f"snippets/a/page.{message}" in str(failure.value)
    assert "\n  mend: " in str(failure.value)


@pytest.mark.parametrize(
    "example",
    [
        "'1' +" + 68 * " " + "'1'\n'11'",
        f"f()  # doctest: +SHOW_WARNINGS\nUserWarning: {99 * 'o'}",
        f"{70 * ' '}f()  # doctest: +SHOW_WARNINGS\nDeprecationWarning: o",
        f"attempt()\nnumpy.linalg.LinAlgError: {99 * 'o'}",
    ],
)
def test_what_a_page_can_show_may_be_as_wide(tmp_path, example):
    check(*write(tmp_path, transcript=TRANSCRIPT.replace("1 + 1\n2", example)))


def test_a_message_may_be_wider_than_a_page(tmp_path):
    check(*write(tmp_path, RAISES, TRANSCRIPT.replace("2\n", f"{TRACEBACK}\n    ...\nE: {99 * 'o'}\n{99 * 'o'}\n")))


def test_a_wide_line_of_a_lab_is_refused(tmp_path):
    docs, snippets = write(tmp_path)
    (docs / "labs").mkdir()
    wide = f"x = {73 * '1'}"
    lab = f'# %% [markdown]\n# {wide}\n\n# %% tags=["unshown"]\n{wide}\n\n# %%\n{{}}\n'
    (docs / "labs/lab.py").write_text(lab.format(wide[:76]), "utf-8")
    check(docs, snippets)
    (docs / "labs/lab.py").write_text(lab.format(wide), "utf-8")
    with pytest.raises(PageError, match=r"docs/labs/lab\.py:8: this line is 77 columns wide(.|\n)*mend: break it"):
        check(docs, snippets)


SEEN = TRANSCRIPT.replace("1 + 1\n2", "x, y = [1], 1") + "{}\n# --8<-- [start:two]\n{}\n\n# --8<-- [end:two]\n"


@pytest.mark.parametrize(
    ("unseen", "shown", "variable"),
    [
        (">>> x = [2]\n", ">>> x\n[2]", "x"),
        (">>> x[0] = 2\n", ">>> x\n[2]", "x"),
        (">>> x.sort_()\n", ">>> x\n[2]", "x"),
        (">>> import math as y\n", ">>> y += 1", "y"),
        (">>> for y in x: pass\n", ">>> def f():\n...     return y", "y"),
        (">>> def y(): pass\n", ">>> [y for _ in x]\n[2]", "y"),
        (">>> _x = [2]\n", ">>> x\n[1]", ""),
        (">>> x = [2]\n", ">>> x = [3]\n>>> x\n[3]", ""),
        (">>> x = [2]\n", ">>> for x in [[3]]:\n...     print(x)\n[3]", ""),
        (">>> [x for x in [2]]\n[2]\n", ">>> x\n[1]", ""),
        (">>> def f(x):\n...     x[0] = 2\n", ">>> x\n[1]", ""),
        (">>> x.copy().sort_()\n", ">>> x\n[1]", ""),
        (">>> z = 2\n", ">>> z\n2", ""),
    ],
)
def test_what_a_reader_sees_set_is_changed_in_no_unseen_line(tmp_path, unseen, shown, variable):
    page = PAGE + PAGE.replace(":one", ":two")
    docs, snippets = write(tmp_path, page, SEEN.format(unseen, shown))
    if not variable:
        check(docs, snippets)
        return
    with pytest.raises(
        PageError, match=rf"page\.pycon:5: this line is not shown, and changes {variable}, which line 8 "
    ):
        check(docs, snippets)


def test_a_file_that_is_not_utf_8_is_named(tmp_path):
    docs, snippets = write(tmp_path)
    for path in (snippets / "a/page.pycon", docs / "a/page.md"):
        path.write_bytes(b"# one\n\n\xe9\n" + path.read_bytes())
        with pytest.raises(PageError, match=rf"{name(path, tmp_path)}:3: this is not UTF-8: (.|\n)*mend: "):
            check(docs, snippets)


def test_an_empty_transcript_is_named(tmp_path):
    with pytest.raises(PageError, match=r"page\.pycon has no section one\n  mend: write # --8<-- \[start:one\]"):
        check(*write(tmp_path, transcript=""))


@pytest.mark.parametrize(
    ("file", "problem"),
    [
        ("b.markdown", "a page that ends in .markdown is read by no test"),
        ("a/b.MD", "a page that ends in .MD is read by no test"),
        ("labs/b.md", "a lab is a program, and this is a page"),
    ],
)
def test_a_page_that_no_test_would_read_is_refused(tmp_path, file, problem):
    docs, snippets = write(tmp_path)
    (docs / file).parent.mkdir(exist_ok=True)
    (docs / file).write_text("# B\n\n9.9\n", "utf-8")
    with pytest.raises(PageError, match=rf"docs/{file}:1: {problem}\n  mend: "):
        check(docs, snippets)


@pytest.mark.parametrize("code", ["x = 1  # 99 %", 'def f():\n    """Of 99."""', "class A:\n    'Of 9.9'"])
def test_a_comment_of_a_lab_that_names_a_number_is_refused(tmp_path, code):
    docs, snippets = write(tmp_path)
    (docs / "labs").mkdir()
    (docs / "labs/lab.py").write_text(f"# %% [markdown]\n# 99\n\n# %%\n{code}\n", "utf-8")
    line = 5 + code.count("\n")
    with pytest.raises(PageError, match=rf"docs/labs/lab\.py:{line}: a comment that names a number"):
        check(docs, snippets)


@pytest.mark.parametrize("path", [*PAGES, *LABS], ids=name)
def test_every_page_says_what_it_is_called_and_about(path):
    check_head(path, DOCS)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# A\n", "1: no front matter can be read"),
        ("---\ntitle: A\n# A\n", "1: no front matter can be read"),
        ("---\ntitle: A\n---\n", "1: the front matter has no description"),
        ("---\ntitle:\ndescription: b\n---\n", "1: the front matter has no title"),
        ("---\ntitle: A\ndescription: b: c\n---\n", "3: the front matter cannot be read: "),
        ("---\nA\n---\n", "1: the front matter has no title"),
    ],
)
def test_a_slip_in_the_front_matter_is_named(tmp_path, text, message):
    for file, source in (("page.md", text), ("lab.py", "".join(f"# {line}\n" for line in text.splitlines()))):
        (tmp_path / file).write_text(source, "utf-8")
        with pytest.raises(PageError, match=rf"^docs/{file}:{message}(.|\n)*\n  mend: begin the file with ---, title"):
            check_head(tmp_path / file, tmp_path)


@pytest.mark.parametrize(
    ("page", "message"),
    [
        (PAGE.replace(":one", ":two"), "md:4: snippets/a/page.pycon has no section two\n  mend: choose one of: one"),
        (PAGE.replace(":one", ""), "md:4: snippets/a/page.pycon has no section None"),
        (PAGE.replace("a/page.pycon", "index.pycon"), "md:4: index.pycon is not this page's transcript"),
        (PAGE.replace("a/page.pycon", "../a/page.pycon"), "md:4: ../a/page.pycon is not this page's transcript"),
        (PAGE + PAGE, "md:9: section one is shown in line 4 already"),
        (PAGE + "\n``` python\nprint(1)\n```\n", "md:7: this block shows code that no test runs"),
        (PAGE + "\n~~~\n1\n~~~\n", "md:7: this block shows code that no test runs"),
        (PAGE + '\n--8<-- "a/page.pycon:one"\n', "md:7: code is included in a way that no test follows"),
        (PAGE + "\n> ``` python\n> print(1)\n> ```\n", "md:7: code is included in a way that no test follows"),
        (PAGE.replace("pycon\n", '{ .pycon title="9.9" }\n', 1), "md:3: unknown kind of block"),
        (PAGE + "\n<pre>1</pre>\n", "md:7: code is included in a way that no test follows"),
        (PAGE + "\n``` pycon\n", "md:7: a code block is never closed"),
        (PAGE.replace(":one", ":two") + PAGE, "md:9: section one runs before what is shown above it"),
        (RAISES, "md:1: section one raises, or the block says so, but not both"),
        (WARNS, "md:1: section one warns of nothing"),
    ],
)
def test_a_bad_page_is_refused(tmp_path, page, message):
    transcript = TRANSCRIPT + TRANSCRIPT.replace("one", "two") if "before what" in message else TRANSCRIPT
    with pytest.raises(PageError) as failure:
        check(*write(tmp_path, page, transcript))
    assert f"docs/a/page.{message}" in str(failure.value)
    assert "mend: " in str(failure.value)


def test_code_without_a_transcript_is_refused(tmp_path):
    docs, snippets = write(tmp_path)
    (snippets / "a/page.pycon").unlink()
    with pytest.raises(PageError, match=r"docs/a/page\.md:4: snippets/a/page\.pycon does not exist"):
        check(docs, snippets)


def test_a_transcript_without_a_page_is_refused(tmp_path):
    docs, snippets = write(tmp_path)
    (docs / "a/page.md").unlink()
    with pytest.raises(PageError, match=r"snippets/a/page\.pycon:1: no page shows this transcript"):
        check(docs, snippets)


def test_an_include_stays_inside_snippets(tmp_path):
    docs, snippets = write(tmp_path)
    outside = (snippets / "a/page.pycon").rename(tmp_path / "outside.pycon")
    (snippets / "a/page.pycon").symlink_to(outside)
    with pytest.raises(PageError, match=r"snippets/a/page\.pycon:1: this transcript is a link that leads out"):
        check(docs, snippets)


def test_a_lab_includes_nothing(tmp_path):
    docs, snippets = write(tmp_path)
    (docs / "labs").mkdir()
    (docs / "labs/lab.py").write_text('# %% [markdown]\n# --8<-- "../../mkdocs.yml"\n', "utf-8")
    with pytest.raises(PageError, match=r"docs/labs/lab\.py:2: a lab includes nothing"):
        check(docs, snippets)


@pytest.mark.parametrize(
    ("transcript", "message"),
    [
        (">>> 0.1 + 0.2\n0.3\n", "*wrong.pycon:1: DocTestFailure*"),
        (">>> print(1)\n1\n2\n", "*wrong.pycon:1: DocTestFailure*"),
        (">>> print(1, 2, sep='\\n')\n1\n", "*wrong.pycon:1: DocTestFailure*"),
        (">>> True\n1\n", "*wrong.pycon:1: DocTestFailure*"),
        (">>> 1.0\n1.\n", "*wrong.pycon:1: DocTestFailure*"),
        (f">>> int('1')\n{TRACEBACK}\n    ...\nValueError: x\n", "*wrong.pycon:1: DocTestFailure*"),
        (f">>> int('x')\n{TRACEBACK}\n    ...\nValueError: ...\n", "*wrong.pycon:1: DocTestFailure*"),
        (">>> 1\n1\n>>> 1 / 0\n", "*wrong.pycon:3: UnexpectedException*"),
        (">>> import warnings\n>>> warnings.warn('w')\n", "*wrong.pycon:2: UnexpectedException*"),
        (">>> 1\n1\n\n>>> while True: pass\n", "snippets/wrong.pycon:4: this example did not end in time*"),
        (
            ">>> import socket\n>>> _ = socket.create_connection(('127.0.0.1', 9))\n",
            "snippets/wrong.pycon:2: a transcript proves nothing*",
        ),
        (
            ">>> import socket\n>>> socket.socket().connect(('127.0.0.1', 9))\n",
            "snippets/wrong.pycon:2: a transcript proves nothing*",
        ),
        (
            ">>> 1\n1\n>>> import os\n>>> os._exit(0)\n",
            "snippets/wrong.pycon:4: this ends Python, and all that is below*",
        ),
        (">>> import os\n>>> text = open(os.devnull).read()\n", "snippets/wrong.pycon:1: something is left open*"),
    ],
)
def test_a_wrong_transcript_is_red(run, transcript, message):
    # A busy machine may take longer than that over any of the others.
    result = run({"wrong": transcript}, *(["--timeout=1"] if "did not end in time" in message else []))
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([message])


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=name)
def test_each_changed_output_is_seen(path, request, printed):
    """What an example prints does not depend on what is expected of it: one run judges all mistakes."""
    text, found = path.read_text("utf-8"), results(path, request, printed)
    tried = 0
    for mutant in mutants(text):
        assert not survives(mutant, found), f"{name(path)}:{mutant.line}: {mutant.slip}, and nothing is red"
        tried += 1
    assert tried >= sum(bool(result.got) for result in found)
