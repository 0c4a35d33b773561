"""Marks a traceback in a transcript as one piece, so that style sheet and copy button can tell it from code.

Pygments leaves parts of a traceback, the colon behind the exception's name among them,
outside of any span; a copied block would carry them into the reader's editor.
"""

import re

from markdown import Extension
from markdown.postprocessors import Postprocessor

TRACEBACK = re.compile(r'(<span class="gt">)(Traceback .*?)(?=<span class="gp">|</code>)', re.DOTALL)


class Tracebacks(Extension):
    def extendMarkdown(self, md):
        # After "raw_html" (30), which puts the highlighted blocks in place.
        md.postprocessors.register(_Merge(md), "tracebacks", 15)


class _Merge(Postprocessor):
    def run(self, text):
        return TRACEBACK.sub(lambda match: match[1] + re.sub(r"</?span[^>]*>", "", match[2]) + "</span>", text)
