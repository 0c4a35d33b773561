"""The promise: an upgrade that closes a door we use, which nobody promised to keep open, is red here, by name.

A door is a part of another package that its documentation does not offer. Each test says who goes through it.
"""

import json
from html import unescape
from pathlib import Path

import material
import pytest
from labs import TEMPLATES
from mkdocs.config import load_config
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs_jupyter import convert
from mkdocs_jupyter.config import settings
from proof.places import LABS, ROOT

THEME = Path(material.__file__).parent / "templates"


def closed(door, who):
    return f"this door is closed: {door}\n  mend: find another way in {who}, and list it in tests/test_doors.py"


def test_mkdocs_jupyter_hands_over_a_lab_through_its_templates(tmp_path, monkeypatch):
    lab = tmp_path / "lab.py"
    lab.write_text("# %%\nprint('a < b & \"c\"')\n", "utf-8")
    monkeypatch.setattr(settings, "templates_dir", str(TEMPLATES))
    (cell,) = json.loads(unescape(convert.nb2html(str(lab))))["cells"]
    assert cell["source"] == "print('a < b & \"c\"')", closed("settings.templates_dir", "docs/_hooks/labs.py")


def test_mkdocs_jupyter_renders_by_a_method_of_the_page_itself():
    config = load_config(str(ROOT / "mkdocs.yml"))
    plugin = config.plugins["mkdocs-jupyter"]
    plugin.on_pre_build(config)
    lab = File(f"labs/{LABS[0].name}", config.docs_dir, config.site_dir, use_directory_urls=False)
    page = Page(None, lab, config)
    plugin.on_pre_page(page, config, Files([lab]))
    assert "render" in vars(page), closed("page.render of a lab", "docs/_hooks/labs.py")


def test_the_theme_has_one_search_worker_with_lunr_in_it():
    (worker,) = (THEME / "assets/javascripts/workers").glob("search.*.min.js")
    script = worker.read_text("utf-8")
    for name in (
        "TokenSet.prototype.toString",
        "QueryLexer=function",
        "Index.prototype.search",
        "stopWordFilter",
        "postMessage(",
        "items:[",
    ):
        assert name in script, closed(f"the search worker's {name}", "docs/_hooks/search-worker.js")


@pytest.mark.parametrize(
    ("file", "names", "who"),
    [
        ("base.html", ["{% block htmltitle %}", "{% block extrahead %}", "{% block scripts %}"], "main.html"),
        ("base.html", ["{% block content %}", 'id="__search"', 'id="__drawer"', 'class="md-overlay"'], "404.html"),
        ("partials/actions.html", [], "partials/actions.html"),
        ("partials/copyright.html", ['class="md-copyright"'], "partials/copyright.html"),
    ],
)
def test_the_theme_has_the_templates_that_ours_extend(file, names, who):
    template = THEME / file
    for name in names if template.exists() else [file]:
        assert name in template.read_text("utf-8"), closed(f"{name} of {file}", f"docs/_overrides/{who}")


@pytest.mark.parametrize(
    ("name", "who"),
    [
        ("data-md-copying", "site.css"),
        ("location$", "before-theme.js"),
        ("search/search_index.json", "before-theme.js"),
        ("md-code__nav", "site.js"),
        ("md-typeset__scrollwrap", "site.js"),
    ],
)
def test_the_theme_has_the_names_that_our_scripts_look_for(name, who):
    (script,) = (THEME / "assets/javascripts").glob("bundle.*.min.js")
    assert name in script.read_text("utf-8"), closed(name, f"docs/assets/{who}")
