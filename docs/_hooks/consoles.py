"""Makes a transcript's block on a page what a reader would type: tracebacks in one piece, no word to doctest.

A message may be wider than a page, and is marked, so that it wraps there.

Pygments leaves parts of a traceback, the colon behind the exception's name among them,
outside of any span; a copied block would carry them into the reader's editor.
"""

import re
from html import escape

from markdown import Extension
from markdown.postprocessors import Postprocessor
from transcripts import EMPTY_LINE, MESSAGE

TRACEBACK = re.compile(r'(<span class="gt">)(Traceback .*?)(?=<span class="gp">|</code>)', re.DOTALL)
DIRECTIVE = re.compile(r'\s*<span class="c1"># doctest: [^<]*</span>')
SAID = re.compile(rf'<span class="go">(?={MESSAGE.pattern})')
EMPTY = re.compile(rf"^((?:<[^>]*>)*){escape(EMPTY_LINE)}(?=(?:</span>)*$)", re.MULTILINE)


def on_config(config):
    config.markdown_extensions.append(Consoles())


class Consoles(Extension):
    def extendMarkdown(self, md):
        # After "raw_html" (30), which puts the highlighted blocks in place.
        md.postprocessors.register(_Tidy(md), "consoles", 15)


class _Tidy(Postprocessor):
    def run(self, text):
        text = EMPTY.sub(r"\1", DIRECTIVE.sub("", text))
        text = SAID.sub('<span class="go message">', text)
        return TRACEBACK.sub(_in_one_piece, text)


def _in_one_piece(match: re.Match) -> str:
    """Return a traceback in one span, which ends before the line does, so that code below has a line of its own."""
    return match[1] + re.sub(r"</?span[^>]*>", "", match[2]).rstrip("\n") + "</span>\n"
