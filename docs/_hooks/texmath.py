"""Math for the pages: turns what `pymdownx.arithmatex` marked into finished SVG and MathML.

MathJax runs once per build, here; the reader's browser runs nothing. Results are kept in
`.cache/texmath` under the hash of the TeX and of the renderer, so a rebuild without
changes needs neither Node nor a network.
"""

import contextlib
import functools
import hashlib
import html
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree

from errors import PageError
from labs import prose
from markdown import Extension
from markdown.treeprocessors import Treeprocessor
from transcripts import FRONT_MATTER, pages, source

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
NAME = "docs/_hooks/"
LOCK = HERE / "package-lock.json"
COPY = '<button class="tex-copy" type="button" title="Copy TeX" data-clipboard-text="{}">TeX</button>'
LABEL = re.compile(r"\\label\{([^}]*)\}")
# What of a page's source is not read as prose, and no formula either.
CODE = re.compile(
    r"""^\ *(?P<fence>`{3,}|~{3,}).*?^\ *(?P=fence)\ *$
    |<!--.*?-->
    |(?P<ticks>`+)(?:(?!\n\n).)+?(?P=ticks)""",
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
# A display formula, or an inline formula as arithmatex finds it.
FORMULA = re.compile(
    r"\$\$(.+?)\$\$"
    r"|(?<![\\$])\$(?![\s$])((?:[^$\n\\]|\\.|\n(?!\s*\n))+)(?<!\s)\$(?!\d)",
    re.DOTALL,
)
# A formula that can be read, while the others are looked for.
READ = "\N{REPLACEMENT CHARACTER}"
RELATION = r"(?:[=<>~\u2190-\u22ff]|&[lg]t;)"
TAG = re.compile(r"</?(?!math\b)[a-zA-Z][^<>]*>|^\s*>", re.MULTILINE)
# Formulas that would be shown as they are typed, or that no test reads: what finds them, what is wrong, and the mend.
UNREAD = [
    (
        r"\\[\[\](]|\\\)|\\(?:begin|end)\b",
        "this TeX is not drawn",
        r"write $…$ in a sentence, and $$ … \label{…} $$ on lines of its own",
    ),
    (r"(?<!\\)\$", "this dollar opens no formula", r"write $L$, without spaces inside, or \$ for a dollar"),
    (r"<math\b", "no test reads this formula", "write it in TeX"),
    (rf"{READ}\s*{RELATION}|{RELATION}\s*{READ}", "no test reads this relation", "write all of it into the formula"),
    (r"[\u2190-\u22ff\u2a7d\u2a7e]", "no test reads this sign", "write the formula in TeX, or the words"),
]
DRAWN = re.compile(r"(<tex-math\b[^>]*>)(.*?)(?=</tex-math>)", re.DOTALL)


def on_config(config):
    config.markdown_extensions.append(MATH)
    try:
        MATH.render.kept.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PageError(
            ".cache",
            1,
            f"formulas cannot be kept here: {error.strerror}",
            "make .cache a folder that can be written to",
        ) from None


def on_pre_build(config):
    docs = Path(config.docs_dir)
    for path in [*pages(docs), *docs.glob("labs/*.py")]:
        name = f"docs/{path.relative_to(docs).as_posix()}"
        text = source(path, name)
        check(prose(text) if path.suffix == ".py" else text, name)


def on_page_markdown(markdown, page, config, files):
    MATH.page = page


def on_page_content(html, page, config, files):
    """Leave a number for each drawn formula, which the search would read through only to leave it out.

    It saves 6 to 9 % of a build.
    """
    page.drawn = []

    def number(match):
        page.drawn.append(match[2])
        return f"{match[1]}{len(page.drawn) - 1}"

    return DRAWN.sub(number, html)


def on_post_page(output, page, config):
    return DRAWN.sub(lambda match: match[1] + page.drawn[int(match[2])], output)


def on_post_build(config):
    MATH.render.close()


def on_build_error(error):
    MATH.render.close()


def check(page: str, name: str) -> None:
    """Refuse a page with a formula that would not be drawn or that no test reads, or with a label that is there twice.

    `name` is what messages call the page.
    """
    shown = CODE.sub(_blank, FRONT_MATTER.sub(_blank, page, count=1))
    labels = set()
    for label in LABEL.finditer(shown):
        if label[1] in labels:
            line = shown.count("\n", 0, label.start()) + 1
            raise PageError(name, line, f"label {label[1]} is here twice", "give one of the formulas another label")
        labels.add(label[1])
    rest = FORMULA.sub(lambda match: re.sub(".", READ, match[0]), TAG.sub(_blank, shown))
    breaches = [
        (match.start(), problem, mend) for pattern, problem, mend in UNREAD for match in re.finditer(pattern, rest)
    ]
    for start, problem, mend in sorted(breaches)[:1]:
        line = rest.count("\n", 0, start) + 1
        raise PageError(name, line, f"{problem}: {page.splitlines()[line - 1].strip()}", mend)


def _blank(match: re.Match) -> str:
    return re.sub(r"[^\n]", " ", match[0])


def tool(name: str) -> str:
    """Return the path of Node or of what comes with it, that of this Python first; raise PageError if there is none."""
    folder = Path(sys.executable).parent
    found = shutil.which(name, path=folder) or shutil.which(name)
    if not found:
        raise PageError(
            "requirements.txt",
            1,
            f"{name} is missing, which renders the math",
            f"{sys.executable} -m pip install -r requirements.txt",
        )
    return found


class Renderer:
    """Renders TeX through one Node process, started at the first formula the cache lacks."""

    def __init__(self, cache: Path):
        self.cache, self.kept = cache, cache / "texmath"
        self.process = None

    @functools.cached_property
    def version(self) -> str:
        if not LOCK.exists():
            raise PageError(
                NAME + LOCK.name, 1, "the lock file of MathJax is missing", f"git checkout {NAME}{LOCK.name}"
            )
        return hashlib.sha256(LOCK.read_bytes() + (HERE / "texmath.mjs").read_bytes()).hexdigest()[:12]

    def __call__(self, tex: str, display: bool) -> dict:
        """Return `svg`, `glyphs` (id to path) and `mathml` of one formula.

        Raises ValueError with MathJax's message where the TeX does not parse, and
        PageError where Node or MathJax cannot be had.
        """
        key = hashlib.sha256(json.dumps([self.version, tex, display]).encode()).hexdigest()
        kept = self.kept / f"{key}.json"
        # What a crash or a full disk left of a file is drawn anew.
        with contextlib.suppress(FileNotFoundError, ValueError):
            answer = json.loads(kept.read_text("utf-8"))
            if isinstance(answer, dict) and answer.keys() == {"svg", "glyphs", "mathml"}:
                return answer
        answer = self._ask({"tex": tex, "display": display})
        if "error" in answer:
            raise ValueError(answer["error"])
        kept.parent.mkdir(parents=True, exist_ok=True)
        # Parallel builds share the cache: a rename is seen whole or not at all.
        partial = kept.with_suffix(f".{os.getpid()}")
        partial.write_text(json.dumps(answer), "utf-8")
        partial.replace(kept)
        return answer

    def close(self) -> None:
        if self.process:
            self.process.communicate()
            self.process = None

    def _ask(self, request: dict) -> dict:
        if not self.process:
            self.process = subprocess.Popen(
                [tool("node"), str(HERE / "texmath.mjs"), str(self._mathjax())],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                encoding="utf-8",
            )
        try:
            self.process.stdin.write(json.dumps(request) + "\n")
            self.process.stdin.flush()
            return json.loads(self.process.stdout.readline())
        except (BrokenPipeError, json.JSONDecodeError):
            raise PageError(
                NAME + "texmath.mjs", 1, "Node stopped before it answered", "read what it printed above"
            ) from None

    def _mathjax(self) -> Path:
        """Return a folder whose node_modules holds MathJax, installed from the lock file if need be."""
        folder = self.cache / f"mathjax-{self.version}"
        if folder.exists():
            return folder
        self.cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=self.cache, ignore_cleanup_errors=True) as fresh:
            for name in ("package.json", LOCK.name):
                shutil.copy(HERE / name, fresh)
            npm = [tool("npm"), "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
            run = subprocess.run(npm, cwd=fresh, capture_output=True, text=True)
            if run.returncode:
                raise PageError(
                    NAME + LOCK.name,
                    1,
                    f"npm could not install MathJax:\n{run.stderr.strip()}",
                    "connect to a network once; later builds need only .cache",
                )
            # Of two parallel builds the second finds the folder there and keeps it.
            with contextlib.suppress(OSError):
                Path(fresh).rename(folder)
        return folder


class TexMath(Extension):
    """Replaces each formula by `<tex-math>`, with SVG for the eye and MathML for the ear.

    `tex-math` is a tag of its own because Material's search leaves out an element only
    up to the first closing tag of the same name.
    """

    def __init__(self, render: Renderer):
        super().__init__()
        self.render = render
        self.page = None

    def extendMarkdown(self, md):
        # After "inline" (20), which finds the formulas; before "toc" (5).
        md.treeprocessors.register(_Replace(md, self), "texmath", 15)


class _Replace(Treeprocessor):
    def __init__(self, md, extension: TexMath):
        super().__init__(md)
        self.extension = extension

    def run(self, root):
        glyphs = {}
        for element in [e for e in root.iter() if e.get("class") == "arithmatex"]:
            display = element.tag == "div"
            # Arithmatex escapes blocks once more than it escapes inline formulas.
            source = html.unescape(element.text) if display else element.text
            tex = source[2:-2].strip()
            label = LABEL.search(tex)
            answer = self._render(LABEL.sub("", tex).strip(), tex, display)
            glyphs.update(answer["glyphs"])
            element.tag = "tex-math"
            element.attrib = {"data-search-exclude": "true"}
            if display:
                element.set("class", "display")
            if label:
                element.set("id", label[1])
            copy = COPY.format(html.escape(LABEL.sub("", tex).strip())) if display else ""
            element.text = self.md.htmlStash.store(answer["svg"] + answer["mathml"] + copy)
        if glyphs:
            paths = "".join(f'<path id="{name}" d="{path}"/>' for name, path in sorted(glyphs.items()))
            drawn = f'<svg class="tex-glyphs" width="0" height="0" aria-hidden="true"><defs>{paths}</defs></svg>'
            ElementTree.SubElement(root, "div").text = self.md.htmlStash.store(drawn)

    def _render(self, tex: str, source: str, display: bool) -> dict:
        try:
            return self.extension.render(tex, display)
        except ValueError as error:
            page = self.extension.page
            text = getattr(page, "prose", page.file.content_string)
            line = text[: text.find(source)].count("\n") + 1
            raise PageError(
                f"docs/{page.file.src_uri}", line, f"TeX error: {error} in {tex}", "correct the formula"
            ) from None


MATH = TexMath(Renderer(ROOT / ".cache"))
