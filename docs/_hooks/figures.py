"""Puts each drawn figure of the class `live` into the element that makes it interactive, and loads its script."""

import re
from pathlib import Path

LIVE = re.compile(r'<p>(<img(?=[^>]*class="figure live")[^>]*src="([./]*assets/)figures/(\w+)\.svg"[^>]*>)</p>')


def on_page_content(html, page, config, files):
    scripts, assets = {}, Path(config.docs_dir, "assets")

    def place(match):
        image, up, name = match[1], match[2], match[3].replace("_", "-")
        for script in ("core", f"{name}-data", name):
            if (assets / f"live/{script}.js").exists():
                scripts[f"{up}live/{script}"] = True
        return f"<{name}>{image}</{name}>"

    html = LIVE.sub(place, html)
    return html + "".join(f'<script src="{path}.js"></script>' for path in scripts)
