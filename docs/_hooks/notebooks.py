"""Pages to take along: a page's prose, formulas, code and outputs as a notebook, and its code as a program.

Both hold what the page shows and nothing else, so the hidden lines of a transcript are not in them.
"""

import ast
import doctest
import re
from collections.abc import Iterator
from urllib.parse import urljoin

import nbformat
from drawings import steady
from nbformat.v4 import new_notebook
from transcripts import DIRECTIVE, EMPTY_LINE, FENCE, INCLUDE, Section

DRAWN = "image/svg+xml"
BOX = re.compile(r'(?:!!!|\?\?\?\+?) [\w-]+ "(?P<title>.*)"')
PRINTER = re.compile(r"^(?:>>>|\.\.\.) def (\w+).*\n(?:\.\.\. .*\n)*?\.\.\. .*\bprint\(", re.MULTILINE)
WARNING = re.compile(r"^\w+Warning: .*\n", re.MULTILINE)
# What MkDocs understands and a notebook would show as it stands.
ONLY_HERE = re.compile(
    r"""<!--.*?-->
    |\s*\\label\{[^}]*\}
    |^</?div\b[^>]*>$
    |<button\b.*?</button>
    |\s*\{\ ?(?:[.#][\w-]+\ ?)+\}""",
    re.VERBOSE | re.MULTILINE | re.DOTALL,
)
LINK = re.compile(
    r"\]\((?!\w+:)(?P<path>[^)#\s]*?)(?P<source>\.md|\.py)?(?P<anchor>#[^)\s]*)?\)(?P<download>\{ download \})?"
)


def from_page(markdown: str, found: dict[str, Section], address: str, note: str) -> nbformat.NotebookNode:
    """Return a page as a notebook.

    `found` holds the sections of its transcript, `address` is where the page stands, to which its
    links are made absolute, and `note` is the last cell.
    """
    cells, prose = [], []
    # The functions that print what they have to say: print itself, and those of the page that call it.
    printers = {"print", *PRINTER.findall("\n".join(section.text for section in found.values()))}
    lines = unboxed(markdown)
    for line, in_box in lines:
        if FENCE.fullmatch(line):
            include, _ = next(lines)
            cells += [_prose(prose, address), *_code(found[INCLUDE.fullmatch(include)[2]].text, printers)]
            prose = []
            next(lines)
        else:
            prose.append(f"> {line}".rstrip() if in_box else line)
    return _notebook([*cells, _prose(prose, address)], note)


def unboxed(markdown: str) -> Iterator[tuple[str, bool]]:
    """Yield each line of a page and whether it stands in a box: there the title is bold, and no line is indented."""
    in_box = False
    for line in markdown.splitlines():
        box = BOX.fullmatch(line)
        if box:
            # Two boxes in a row are two.
            yield "", False
        in_box = bool(box) or (in_box and (not line.strip() or line.startswith("    ")))
        yield f"**{box['title']}**" if box else line.removeprefix("    ") if in_box else line, in_box


def from_lab(executed: dict, address: str, note: str) -> nbformat.NotebookNode:
    """Return an executed lab as a notebook that is the same after each run, with absolute links."""
    cells = []
    for cell in executed["cells"]:
        if cell["cell_type"] == "markdown":
            cells.append(_prose([cell["source"]], address))
        elif cell["cell_type"] == "code":
            metadata = {name: value for name, value in cell["metadata"].items() if name != "execution"}
            cells.append(_run(cell["source"], metadata, settled(cell["outputs"]), cell["execution_count"]))
    return _notebook(cells, note)


def from_parts(parts: list[tuple[str, str]], address: str, note: str) -> nbformat.NotebookNode:
    """Return a notebook that nobody has run, of parts that are `markdown`, `code`, or code that is `folded` away."""
    away = {"jupyter": {"source_hidden": True}, "cellView": "form"}
    return _notebook(
        [
            _prose([text], address) if kind == "markdown" else _run(text, away if kind == "folded" else {})
            for kind, text in parts
        ],
        note,
    )


def absolute(markdown: str, address: str) -> str:
    """Return Markdown without what only MkDocs understands, and with links that start from nowhere."""
    return _prose([markdown], address).source


def link(match: re.Match, address: str, suffix: str) -> str:
    """Return where a `LINK` of a page leads, seen from `address`; a page or a lab ends in `suffix` there."""
    end = suffix if match["source"] and not match["download"] else match["source"] or ""
    return f"]({urljoin(address, match['path'] + end)}{match['anchor'] or ''})"


def settled(outputs: list[dict]) -> list[dict]:
    """Return the outputs of a cell: what was printed joined again, which arrives in chance pieces, drawings steady."""
    joined = []
    for output in outputs:
        if joined and output["output_type"] == "stream" and output["name"] == joined[-1].get("name"):
            joined[-1] = joined[-1] | {"text": joined[-1]["text"] + output["text"]}
        elif DRAWN in output.get("data", {}):
            joined.append(output | {"data": output["data"] | {DRAWN: steady(output["data"][DRAWN])}})
        else:
            joined.append(output)
    return joined


def program(notebook: nbformat.NotebookNode) -> str:
    """Return the code of a notebook as a program that runs to its end, with each output as a comment."""
    text, heading = [], ""
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            heading = [heading, *re.findall(r"^#+ (.*)$", cell["source"], re.MULTILINE)][-1]
            continue
        source = cell["source"]
        for output in cell["outputs"]:
            if output["output_type"] == "error":
                indented = source.replace("\n", "\n    ")
                source = f"try:\n    {indented}\nexcept Exception as error:\n    print(repr(error))"
            source += "".join(f"\n# {line}".rstrip() for line in text_of(output).splitlines())
        text.append(f"# %% {heading}\n{source}\n")
    return "\n".join(text)


def text_of(output: dict) -> str:
    """Return the text of a cell's output, of an error its name and message."""
    if output["output_type"] == "error":
        return f"{output['ename']}: {output['evalue']}"
    return output["text"] if output["output_type"] == "stream" else output["data"]["text/plain"]


def write(notebook: nbformat.NotebookNode) -> str:
    return nbformat.writes(notebook) + "\n"


def _prose(lines: list[str], address: str) -> nbformat.NotebookNode:
    source = LINK.sub(lambda match: link(match, address, ".html"), ONLY_HERE.sub("", "\n".join(lines)))
    return _cell("markdown", re.sub(r"\n{3,}", "\n\n", source).strip(), {})


def _cell(kind: str, source: str, metadata: dict, **more) -> nbformat.NotebookNode:
    # nbformat's own new_code_cell checks each cell against the whole schema, a sixth of a build; `write` checks all.
    return nbformat.from_dict({"cell_type": kind, "metadata": metadata, "source": source, **more})


def _run(source: str, metadata: dict, outputs: list[dict] = (), count: int | None = None) -> nbformat.NotebookNode:
    return _cell("code", source, metadata, execution_count=count, outputs=list(outputs))


def _code(section: str, printers: set[str]) -> list[nbformat.NotebookNode]:
    """Return the cells of a section: one ends where an output stands."""
    cells, source = [], ""
    examples = doctest.DocTestParser().get_examples(section)
    for example in examples:
        source += DIRECTIVE.sub("", example.source)
        if example.want or example is examples[-1]:
            metadata = {"tags": ["raises-exception"]} if example.exc_msg else {}
            cells.append(_run(source.rstrip("\n"), metadata, _outputs(example, printers)))
            source = ""
    return cells


def _outputs(example: doctest.Example, printers: set[str]) -> list[dict]:
    """Return what a notebook keeps of an example's output: an error, warnings, what was printed, or a value."""
    want, raised = ((text or "").replace(EMPTY_LINE, "") for text in (example.want, example.exc_msg))
    if raised:
        name, _, message = raised.strip().partition(": ")
        name = name.rpartition(".")[2]
        return [{"output_type": "error", "ename": name, "evalue": message, "traceback": [f"{name}: {message}"]}]
    warned, text = "".join(WARNING.findall(want)), WARNING.sub("", want)
    outputs = [{"output_type": "stream", "name": "stderr", "text": warned}] if warned else []
    last = ast.parse(example.source).body[-1]
    is_value = isinstance(last, ast.Expr) and example.source.partition("(")[0] not in printers
    if text and not is_value:
        outputs.append({"output_type": "stream", "name": "stdout", "text": text})
    elif text:
        data = {"text/plain": text.rstrip("\n")}
        outputs.append({"output_type": "execute_result", "metadata": {}, "data": data, "execution_count": None})
    return outputs


def _notebook(cells: list[nbformat.NotebookNode], note: str) -> nbformat.NotebookNode:
    cells = [cell for cell in [*cells, _prose([note], "")] if cell.source]
    for number, cell in enumerate(cells, 1):
        cell.id = f"cell-{number}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    return new_notebook(cells=cells, metadata={"kernelspec": kernel, "language_info": {"name": "python"}})
