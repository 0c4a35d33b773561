"""The one way in which a page, a transcript or a formula is refused."""

from mkdocs.exceptions import PluginError


class PageError(PluginError):
    """Stops the build with `file:line: problem` and the mend; MkDocs prints it without a traceback."""

    def __init__(self, file: str, line: int, problem: str, mend: str):
        super().__init__(f"{file}:{line}: {problem}\n  mend: {mend}")
