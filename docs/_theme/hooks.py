"""What MkDocs calls while it builds: checks the transcripts, then renders the math."""

import re
from pathlib import Path

from texmath import Renderer, TexMath
from tracebacks import Tracebacks
from transcripts import check

ROOT = Path(__file__).parents[2]


def on_config(config):
    config.extra["torch"] = re.search(r"^torch==(\S+)", (ROOT / "requirements.txt").read_text("utf-8"), re.MULTILINE)[1]
    config.extra["texmath"] = TexMath(Renderer(ROOT / ".cache"))
    config.markdown_extensions += [config.extra["texmath"], Tracebacks()]
    return config


def on_pre_build(config):
    check(Path(config.docs_dir), ROOT / "snippets")


def on_page_markdown(markdown, page, config, files):
    config.extra["texmath"].page = page.file


def on_post_build(config):
    config.extra["texmath"].render.close()
