"""Lets a page load only the site itself, and run only the scripts that stand in it when it is built.

`mkdocs serve` adds a script of its own to each page, which reloads it; what it serves is not guarded.
"""

import base64
import hashlib
import re

INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
# Styles may stand inline: every formula has its own depth below the line.
POLICY = (
    "default-src 'self'; script-src 'self' {hashes}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'"
)
served = False


def on_startup(command, dirty):
    global served
    served = command == "serve"


def on_post_page(output, page, config):
    return guarded(output)


def on_post_template(output_content, template_name, config):
    return guarded(output_content) if template_name.endswith(".html") else output_content


def guarded(html):
    if served:
        return html
    digests = (hashlib.sha256(script.encode()).digest() for script in INLINE_SCRIPT.findall(html))
    hashes = " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
    charset = '<meta charset="utf-8">'
    policy = f'<meta http-equiv="Content-Security-Policy" content="{POLICY.format(hashes=hashes)}">'
    return html.replace(charset, charset + policy, 1)
