"""The promise: a line about other versions of PyTorch comes from a record, which agrees with what the pages show."""

import importlib.util
import re
import shutil

import markdown
import pytest
import since
from bs4 import BeautifulSoup
from errors import PageError
from proof.places import ROOT, SNIPPETS
from proof.readme import PINS
from proof.since import Example, amiss, changes, compared, outputs, without_attacks, write
from since import RECORD, Change, lines, read, told
from transcripts import DIRECTIVE, sections

PINNED = dict(PINS)["torch"]
FOUND = read(RECORD, "snippets/since.yml")
OLD = "expected scalar type Long but found Float"
NEW = "expected target dtype to be Long or Byte, but got Float"
VERSIONS = ["1.13.1", "2.4.1", "2.10.0", "2.13.0", "2.14.1", "2.15.0"]
GOOD = """\
torch: 2.13.0
asked:
  1.13.1: {run: 9, differ: 1, told: 1}
  2.4.1: {run: 9, differ: 1, told: 1}
  2.5.0: No matching distribution found for torch==2.5.0
  2.14.1: {run: 9, differ: 0, told: 0}
changes:
- at: clinics/errors:float-target
  code: F.cross_entropy(z, torch.tensor([0.0, 1.0, 2.0, 0.0]))
  now: 'raises RuntimeError: expected target dtype to be Long or Byte, but got Float'
  then:
    1.13.1 to 2.4.1: 'raises RuntimeError: expected scalar type Long but found Float'
"""


def test_the_record_agrees_with_what_the_pages_show():
    assert FOUND.changes
    found = amiss(FOUND, ROOT, PINNED)
    assert not found, "\n" + "\n".join(found)


def test_where_the_record_and_the_pages_part_is_named():
    change = next(change for change in FOUND.changes if change.page == "reference/recipes")
    for wrong, problem in [
        ({"page": "clinics/none"}, "snippets/clinics/none.pycon does not exist"),
        ({"section": "data"}, "has no such example in data, or below: "),
        ({"code": change.code + "()"}, f"has no such example in {change.section}, or below: "),
        ({"now": change.now + "!"}, f"does not say in {change.section}: {change.now}!"),
    ]:
        (message,) = amiss(FOUND._replace(changes=[change._replace(**wrong)]), ROOT, PINNED)
        assert message.startswith(f"snippets/since.yml:{change.line}: ")
        assert problem in message
        assert message.endswith("\n  mend: let tests/slow/versions.py write the record")
    (message,) = amiss(FOUND._replace(changes=[]), ROOT, "9.0.0")
    assert message.startswith(f"snippets/since.yml:1: the record is about torch {PINNED}, and 9.0.0 is pinned")


def groups(html):
    """Yield each heading of a page with the blocks of code and the lines about other versions that stand under it."""
    heading, blocks, told = "", [], []
    for part in BeautifulSoup(html, "html.parser").select_one("article").find_all(True):
        if re.fullmatch("h[1-6]", part.name):
            yield heading, blocks, told
            heading, blocks, told = part.get_text(" ", strip=True), [], []
        elif part.name == "pre":
            blocks.append(part.get_text().strip())
        elif "since" in part.get("class", []):
            told.append(part.get_text())
    yield heading, blocks, told


def astray(page, html, record):
    """Return one message for each heading of a built page under which other lines stand than the record has."""
    shown = sections(SNIPPETS / f"{page}.pycon", page)
    own = [change for change in record.changes if change.page == page]
    found = []
    for heading, blocks, standing in groups(html):
        here = [change for change in own if DIRECTIVE.sub("", shown[change.section].text).strip() in blocks]
        wanted = [line for line in lines(here, record.versions) if line and line != "{ .since }"]
        wanted = [BeautifulSoup(markdown.markdown(line), "html.parser").get_text() for line in wanted]
        if standing != wanted:
            found.append(f"{page}.html, {heading}: {sorted({*standing} ^ {*wanted})}")
    return found


@pytest.mark.build
def test_the_lines_of_a_page_are_those_of_the_record(site):
    about = {change.page for change in FOUND.changes}
    for path in sorted(site[0].rglob("*.html")):
        page, html = path.relative_to(site[0]).with_suffix("").as_posix(), path.read_text("utf-8")
        assert ('<p class="since">' in html) == (page in about), page
        if page in about:
            found = astray(page, html, FOUND)
            assert not found, "\n".join(found)


@pytest.mark.build
def test_a_line_that_is_no_more_the_record_s_is_named(site):
    # A short page is enough.
    change = next(change for change in FOUND.changes if change.page == "reference/recipes")
    html = (site[0] / f"{change.page}.html").read_text("utf-8")
    line = re.search(r'<p class="since">.*?</p>', html)[0]
    for edited, record in [
        (html.replace(line, line.replace(" torch ", " PyTorch "), 1), FOUND),
        (html.replace(line, "", 1), FOUND),
        (html.replace("</h2>", f"</h2>{line}", 1), FOUND),
        (html, FOUND._replace(changes=[other for other in FOUND.changes if other != change])),
    ]:
        (message,) = astray(change.page, edited, record)
        assert message.startswith(f"{change.page}.html, ")


def change(now, then, code="f(z)"):
    return Change(1, "page", "section", code, now, {("1.13.1", "2.4.1"): then})


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([change("raises ValueError: new", "raises ValueError: old")], ["Up to torch 2.4: `old`."]),
        ([change("raises ValueError: new", "raises TypeError: old")], ["Up to torch 2.4: `TypeError: old`."]),
        (
            [change("raises ValueError: new", "prints 1.5")],
            ["Up to torch 2.4, `f(z)` raises nothing, and gives `1.5`."],
        ),
        ([change("raises ValueError: new", "prints")], ["Up to torch 2.4, `f(z)` raises nothing."]),
        ([change("prints 1.5", "raises ValueError: old")], ["Up to torch 2.4, `f(z)` raises `ValueError: old`."]),
        ([change("prints 1.5", "prints 2.5")], ["Up to torch 2.4: `2.5`."]),
        ([change("prints UserWarning: new", "prints")], ["Up to torch 2.4, `f(z)` does not give `UserWarning: new`."]),
        ([change("prints", "prints UserWarning: old")], ["Up to torch 2.4, `f(z)` also gives `UserWarning: old`."]),
        (
            [change("prints 1.5", "raises AttributeError: module 'torch' has no attribute 'vmap'")] * 2,
            ["Up to torch 2.4, there is no `torch.vmap`."],
        ),
        (
            [change("prints 1.5", "raises TypeError: f() got an unexpected keyword argument 'smooth'")],
            ["Up to torch 2.4, `f` takes no `smooth`."],
        ),
        (
            [change("raises ValueError: new", "raises ValueError: old"), change("prints 1\n2", "prints 3")],
            ["Up to torch 2.4, instead of `new`: `old`.", "Up to torch 2.4, instead of `1 …`: `3`."],
        ),
        (
            [change("prints", "raises ValueError: of `z`", code="for a in b:\n    f(a)")],
            ["Up to torch 2.4, `for a in b: …` raises `` ValueError: of `z` ``."],
        ),
        (
            [change("prints 1.5", "raises ValueError: old", code="f(\n    g(z), y,\n    k=1,\n)")],
            ["Up to torch 2.4, `f(g(z), y, k=1)` raises `ValueError: old`."],
        ),
    ],
)
def test_what_is_said_in_plain_words(changes, said):
    assert lines(changes, VERSIONS) == [part for line in said for part in (line, "{ .since }", "")]


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        ("1.13.1", "2.10.0", "Up to torch 2.10"),
        ("2.14.1", "2.15.0", "Since torch 2.14"),
        ("2.15.0", "2.15.0", "Since torch 2.15"),
        ("2.4.1", "2.10.0", "From torch 2.4 to 2.10"),
        ("2.10.0", "2.10.0", "In torch 2.10"),
    ],
)
def test_versions_are_said_in_words(first, last, words):
    assert since.period(first, last, VERSIONS) == words


def test_a_line_ends_the_text_under_its_heading():
    page = '# Page\n\n## A\n\n``` pycon\n--8<-- "page.pycon:section"\n```\n\nText.\n'
    line = "\nUp to torch 2.4: `2.5`.\n{ .since }\n"
    for below in ("", "\n### B\n\nMore.\n", "\n**Next:** [B](b.md)\n"):
        assert told(page + below, [change("prints 1.5", "prints 2.5")], VERSIONS) == page + line + below


@pytest.mark.parametrize(
    ("good", "bad", "line", "problem"),
    [
        ("changes:", "changes: [", 8, "no YAML: "),
        ("torch: 2.13.0\n", "", 1, "torch is missing"),
        ("torch: 2.13.0", "torch: 2.13", 1, "torch is no str"),
        ("asked:\n", "asked:\n  2.0: {run: 9}\n", 3, "2.0 is no version"),
        ("{run: 9, differ: 1, told: 1}\n  2.4", "9\n  2.4", 3, "1.13.1 holds neither counts nor a reason"),
        ("differ: 1, told: 1}\n  2.4", "told: 1}\n  2.4", 3, "differ is missing"),
        ("  1.13.1: {", "  one: {", 3, "Invalid version: 'one'"),
        ("- at: clinics/errors:float-target", "- at: clinics/errors", 8, "clinics/errors is not page:section"),
        ("  code:", "  cod:", 8, "code is missing"),
        ("  now:", "  more: 1\n  now:", 8, "more is no part of this"),
        ("'raises RuntimeError: expected t", "'RuntimeError: expected t", 8, "begins neither with raises nor with"),
        ("1.13.1 to 2.4.1", "1.13.1 to 2.5.0", 8, "1.13.1 to 2.5.0 are no versions that were asked"),
        ("1.13.1 to 2.4.1", "2.4.1 to 1.13.1", 8, "2.4.1 to 1.13.1 are no versions that were asked, in their order"),
        ("1.13.1 to 2.4.1", "1.13.1 to 2.14.1", 8, "1.13.1 to 2.14.1 hold 2.13.0, which the page shows"),
        (OLD, NEW, 8, "other versions say what the page shows"),
    ],
)
def test_a_malformed_record_is_refused(good, bad, line, problem, tmp_path):
    assert good in GOOD
    path = tmp_path / "since.yml"
    path.write_text(GOOD, "utf-8")
    assert read(path, "since.yml").changes[0].then == {("1.13.1", "2.4.1"): f"raises RuntimeError: {OLD}"}
    path.write_text(GOOD.replace(good, bad, 1), "utf-8")
    with pytest.raises(PageError, match=rf"^since\.yml:{line}: .*{re.escape(problem)}.*\n  mend: ."):
        read(path, "since.yml")


def test_versions_that_could_not_be_had_are_named(tmp_path):
    path = tmp_path / "since.yml"
    path.write_text(GOOD, "utf-8")
    rows = since.asked(read(path, "since.yml"))
    assert "| 1.13.1 | 9 | 1 | 1 |\n" in rows
    assert "\ntorch 2.5.0 was not asked: No matching distribution found for torch==2.5.0.\n" in rows


@pytest.mark.parametrize(
    ("now", "then", "told"),
    [
        ("prints True", "prints False", [("prints True", "prints False")]),
        ("prints tensor(1.5000)", "prints tensor(-2.)", []),
        ("prints np.float64(nan)", "prints nan", []),
        (
            "prints tensor([1., 2.])",
            "prints tensor([1., inf])",
            [("prints tensor([1., 2.])", "prints tensor([1., inf])")],
        ),
        ("prints a\nb\nc", "prints a\nB\nc", [("prints b", "prints B")]),
        ("prints a\nb", "prints b", [("prints a", "prints")]),
        ("raises ValueError: new", "raises ValueError: old", [("raises ValueError: new", "raises ValueError: old")]),
        ("raises NotImplementedError: this", "raises RuntimeError: this", []),
        ("raises TypeError: one of:\n * (int a)", "raises TypeError: one of:\n * (int b)", []),
        ("raises TypeError: no: float, int64, and bool.", "raises TypeError: no: float, int8, uint8, and bool.", []),
        ("raises ValueError: new", "prints 1", [("raises ValueError: new", "prints 1")]),
    ],
)
def test_what_differs_is_kept_short(now, then, told):
    assert changes(now, then) == told


def test_what_the_page_does_not_show_and_what_follows_from_a_failure_is_not_told(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("A list says `must be Tensor, not list`.\n", "utf-8")
    asked = [
        (Example("a", True, "f()", "prints yes"), "prints no", True),
        (Example("a", True, "g()", "raises ValueError: got Int"), "raises ValueError: was Int", True),
        (Example("a", True, "g(1)", "raises ValueError: got Long"), "raises ValueError: was Long", False),
        (Example("a", False, "h()", "prints yes"), "prints no", False),
        (Example("a", False, "h(1)", "raises TypeError: must be Tensor, not list"), "raises TypeError: old", True),
        (Example("a", True, "k()", "prints yes"), "raises NameError: name 'k' is not defined", False),
        (Example("", False, "early()", "prints yes"), "prints no", False),
        (Example("b", True, "fail()", "prints yes"), "raises ValueError: fails", True),
        (Example("b", True, "after()", "prints yes"), "prints no", False),
        (Example("b", True, "torch.vmap", "prints yes"), "raises AttributeError: module 'torch' has no", True),
        (Example("c", True, "other()", "prints yes"), "prints no", True),
    ]
    here = [example for example, _, _ in asked]
    there = [(0, example.code, then) for example, then, _ in asked]
    found = [(now.code, then) for now, _, then in compared(page, here, there)]
    assert found == [(example.code, then) for example, then, told in asked if told]
    with pytest.raises(ValueError, match=r"page\.md: wrong\(\) was asked"):
        list(compared(page, here, [(0, "wrong()", "prints yes"), *there[1:]]))


def test_what_attacks_a_sentence_is_not_asked():
    shown = "# --8<-- [start:a]\n>>> f()\n1\n\n# --8<-- [end:a]\n"
    attack = '# proves: "never"\n>>> _g()\n>>> for a in b:\n...     g()\n2\n'
    quoted = '# proves: "says `no`"\n>>> h()\nTraceback (most recent call last):\n    ...\nValueError: no\n'
    asked = without_attacks(f"{shown}\n{attack}\n{quoted}\n# Quoted.\n>>> k()\n")
    assert [(line, code) for line, code, _ in outputs(asked)] == [(1, "f()"), (13, "h()"), (19, "k()")]


def test_the_command_asks_what_it_installed_and_goes_on_after_a_failure(tmp_path, monkeypatch):
    spec = importlib.util.spec_from_file_location("versions", ROOT / "tests/slow/versions.py")
    command = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(command)

    def install(version, into):
        into.mkdir()
        (into / "torch.py").write_text(f"import warnings\nwarnings.warn('old')\n__version__ = {version!r}\n", "utf-8")

    monkeypatch.setattr(command, "install", install)
    for part in ("pyproject.toml", "snippets/conftest.py", "snippets/clinics/a.pycon"):
        (tmp_path / part).parent.mkdir(parents=True, exist_ok=True)
        if not part.endswith(".pycon"):
            shutil.copy(ROOT / part, tmp_path / part)
    asked = ">>> import torch\n>>> torch.vmap\n1\n>>> torch.__version__\n'2'\n\n# proves: \"never\"\n>>> 1 / 0\n"
    (tmp_path / "snippets/clinics/a.pycon").write_text(asked, "utf-8")
    says = [says for _, _, says in command.ask("0.1", tmp_path)["clinics/a"]]
    assert says == ["prints", "raises AttributeError: module 'torch' has no attribute 'vmap'", "prints '0.1'"]
    assert (tmp_path / "snippets/clinics/a.pycon").read_text("utf-8") == asked


def test_a_record_is_written_and_read_version_by_version(tmp_path):
    transcript = tmp_path / "snippets/clinics/a.pycon"
    transcript.parent.mkdir(parents=True)
    transcript.write_text(
        "# --8<-- [start:one]\n>>> f()\nyes\n>>> for a in b:\n...     print(a)\none\ntwo\n\n# --8<-- [end:one]\n",
        "utf-8",
    )
    (tmp_path / "docs/clinics").mkdir(parents=True)
    (tmp_path / "docs/clinics/a.md").write_text("# A\n", "utf-8")
    same = outputs(transcript.read_text("utf-8"))
    loop = "for a in b:\n    print(a)"
    assert same == [(1, "f()", "prints yes"), (3, loop, "prints one\ntwo")]
    other = [(1, "f()", "prints `no`\nit's"), (3, loop, "prints one\nTWO")]
    path = tmp_path / "snippets/since.yml"
    for version, said in [("2.4.1", other), ("2.14.1", same), ("1.13.1", other), ("2.15.0", other)]:
        write(version, {"clinics/a": said}, "2.13.0", tmp_path)
    write("2.5.0", "No matching distribution", "2.13.0", tmp_path)
    record = read(path, "since.yml")
    assert record.asked["2.4.1"] == {"run": 2, "differ": 2, "told": 2}
    assert record.asked["2.14.1"] == {"run": 2, "differ": 0, "told": 0}
    assert [*record.asked] == ["1.13.1", "2.4.1", "2.5.0", "2.14.1", "2.15.0"]
    spans = [("1.13.1", "2.4.1"), ("2.15.0", "2.15.0")]
    assert [(c.code, c.now, c.then) for c in record.changes] == [
        ("f()", "prints yes", dict.fromkeys(spans, "prints `no`\nit's")),
        (loop, "prints two", dict.fromkeys(spans, "prints TWO")),
    ]
    assert amiss(record, tmp_path, "2.13.0") == []
    # One version anew: what it does not say any more is gone, and so is what no example says any more.
    transcript.write_text(transcript.read_text("utf-8").replace("f()\nyes\n", "f()\nYES\n"), "utf-8")
    write("2.15.0", {"clinics/a": outputs(transcript.read_text("utf-8"))}, "2.13.0", tmp_path)
    assert [(c.code, c.then) for c in read(path, "since.yml").changes] == [(loop, {spans[0]: "prints TWO"})]
    # Another version is shown: all that was said beside the old one is void.
    write("2.15.0", {"clinics/a": other}, "2.14.1", tmp_path)
    assert [*read(path, "since.yml").asked] == ["2.15.0"]
