"""Translations: `docs/ko/losses/nll.md` is the Korean page of `docs/losses/nll.md`, and shows the same transcript."""

import re

FOLDER = re.compile(r"([a-z]{2})/")


def on_post_page(output, page, config):
    own, all_others = language(page.file.src_uri), config.theme["language"]
    return output.replace(f'<html lang="{all_others}"', f'<html lang="{own or all_others}"', 1)


def language(page: str) -> str:
    """Return the language of a page as its folder names it, empty for the language of the originals."""
    match = FOLDER.match(page)
    return match[1] if match else ""


def original(page: str) -> str:
    """Return the path of the page that a page translates: its own, where it is an original."""
    return FOLDER.sub("", page, count=1) if language(page) else page
