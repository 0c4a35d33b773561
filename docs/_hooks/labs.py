"""Labs: programs in percent format, which mkdocs-jupyter runs, and which become pages like any other.

mkdocs-jupyter has no option for what a page is made of, so its templates hand over the executed lab itself;
tests/test_doors.py lists what this rests on.
"""

import hashlib
import json
import os
import re
from html import escape, unescape
from pathlib import Path
from urllib.parse import quote

from mkdocs.utils.meta import get_data
from mkdocs_jupyter.config import settings
from notebooks import DRAWN, settled, text_of

ROOT = Path(__file__).parents[2]
FOLDER = "labs/"
TEMPLATES = Path(__file__).with_name("lab_templates")
ALT = re.compile(r'alt="([^"]*)"')


def on_config(config):
    # A lab runs again when it changes, and when anything it runs with does.
    settings.templates_dir = str(TEMPLATES)
    # Tensors this small leave threads nothing to share but waiting for each other.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    made_with = [ROOT / "requirements.txt", *sorted(TEMPLATES.rglob("*.j2"))]
    kernel = os.environ.get("ATEN_CPU_CAPABILITY", "").encode()
    key = hashlib.sha256(b"".join([kernel, *(path.read_bytes() for path in made_with)])).hexdigest()[:12]
    config.plugins["mkdocs-jupyter"].config["cache_dir"] = str(ROOT / ".cache" / f"labs-{key}")


def on_page_markdown(markdown, page, config, files):
    if not page.file.src_uri.startswith(FOLDER):
        return None
    page.prose = prose(markdown)
    _, page.meta = get_data(page.prose)
    # mkdocs-jupyter runs the lab where MkDocs would render the page; what it leaves is rendered by MkDocs after all.
    page.render(config, files)
    del page.render
    page.lab = shown(json.loads(unescape(page.content)))
    return written(page.lab)


def prose(source: str) -> str:
    """Return a lab's front matter and Markdown cells as a page, each line where it stands in the lab."""
    is_prose, page = True, []
    for line in source.splitlines():
        if line.startswith("# %%"):
            is_prose = "[markdown]" in line
            alt = ALT.search(line)
            page.append(alt[1] if alt else "")
        else:
            page.append(line.removeprefix("#").removeprefix(" ") if is_prose else "")
    return "\n".join(page)


def shown(lab: dict) -> dict:
    """Return a lab without the cells that only attack what its prose claims."""
    return lab | {"cells": [cell for cell in lab["cells"] if "unshown" not in cell["metadata"].get("tags", [])]}


def written(executed: dict) -> str:
    """Return an executed lab as the Markdown of its page."""
    blocks = []
    for cell in executed["cells"]:
        if cell["cell_type"] == "markdown":
            blocks.append(cell["source"])
        elif cell["cell_type"] == "code":
            code = f"````` python\n{cell['source']}\n`````"
            if "fold" in cell["metadata"].get("tags", []):
                summary = escape(cell["metadata"].get("summary", "How the figures are drawn"))
                code = f"<details markdown><summary>{summary}</summary>\n\n{code}\n\n</details>"
            blocks.append(code)
            for output in settled(cell["outputs"]):
                drawn = output.get("data", {}).get(DRAWN)
                if drawn:
                    alt = escape(cell["metadata"]["alt"])
                    blocks.append(f'<img class="figure" alt="{alt}" src="data:image/svg+xml,{quote(drawn)}">')
                else:
                    blocks.append(f"````` {{ .text .output }}\n{text_of(output).rstrip()}\n`````")
    return "\n\n".join(blocks)
