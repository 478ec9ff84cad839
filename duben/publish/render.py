"""Views → bytes, by Jinja."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import jinja2
from jinja2.runtime import Macro
from markupsafe import Markup

from duben.diagnostics import Report, did_you_mean
from duben.model import Location
from duben.publish.catalogue import read_catalogue
from duben.publish.interface import Catalogue, labelled, said
from duben.publish.views import Frame

INTERFACE = "interface.json"
ASSETS = "assets"


def theme_folder() -> Path:
    """Where duben's own templates are: inside the package when installed, beside it in a checkout."""
    package = Path(__file__).resolve().parent.parent
    inside = package / "templates"
    return inside if inside.is_dir() else package.parent / "templates"


class _Loader(jinja2.FileSystemLoader):
    """Reads templates; one that cannot be read is told as one with a wrong line."""

    def get_source(
        self, environment: jinja2.Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        try:
            return super().get_source(environment, template)
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            raise jinja2.TemplateSyntaxError("this file is not UTF-8", line, template) from error
        except jinja2.TemplateNotFound:
            raise
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise jinja2.TemplateSyntaxError(f"cannot read this file: {reason}", 1, template) from error


def read_templates(own: Path | None) -> tuple[tuple[str, bytes], ...]:
    """All templates that a theme may use, as they are on the disk: (file, content), sorted."""
    found = []
    for folder in filter(None, (own, theme_folder())):
        for path in sorted(folder.rglob("*")):
            if path.relative_to(folder).parts[0] != ASSETS and path.is_file():
                try:
                    found.append((path.as_posix(), path.read_bytes()))
                except OSError as error:
                    found.append((path.as_posix(), str(error).encode()))
    return tuple(found)


class Theme:
    """Templates, interface strings and assets: the edition's own first, then duben's."""

    def __init__(self, own: Path | None = None) -> None:
        """own: a folder whose templates and assets stand in for duben's of the same name."""
        builtin = theme_folder()
        self.own = own if own and own.is_dir() else None
        self.folders = [folder for folder in (self.own, builtin) if folder and folder.is_dir()]
        self.environment = jinja2.Environment(
            # An own template extends the one that it stands in for under `duben/`.
            loader=jinja2.ChoiceLoader(
                [_Loader(self.folders), jinja2.PrefixLoader({"duben": _Loader([builtin])})]
            ),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self.environment.filters["said"] = said
        self.environment.filters["labelled"] = labelled
        self.environment.globals["once"] = self._once
        self.made: dict[tuple[str, Any], Markup] = {}

    def _once(self, macro: Macro, value: Any) -> Markup:
        """What a macro makes of a value that many pages show: made for the first of them."""
        key = (macro.name, value)
        if key not in self.made:
            self.made[key] = Markup(macro(value))
        return self.made[key]

    def interface(self, report: Report) -> Catalogue:
        """Interface strings: key → language → string. Those that are wrong are reported and left out."""
        files = [folder / INTERFACE for folder in reversed(self.folders)]
        return read_catalogue([path for path in files if path.is_file()], report)

    def own_styles(self) -> tuple[str, ...]:
        """The edition's own style sheets, by their path in the output; not one that replaces duben's."""
        builtin = {path.name for path in (self.folders[-1] / ASSETS).iterdir()}
        root = self.own / ASSETS if self.own else None
        found = sorted(root.glob("*.css")) if root and root.is_dir() else []
        return tuple(f"{ASSETS}/{path.name}" for path in found if path.name not in builtin)

    def assets(self) -> tuple[tuple[str, Path], ...]:
        """(path in the output, path on disk) of each asset, sorted."""
        found: dict[str, Path] = {}
        for folder in reversed(self.folders):
            root = folder / ASSETS
            for path in sorted(root.rglob("*")) if root.is_dir() else ():
                if path.is_file() and not path.name.startswith("."):
                    found[f"{ASSETS}/{path.relative_to(root).as_posix()}"] = path
        return tuple(sorted(found.items()))

    def worker(self) -> bytes:
        """The script that serves pages without a network. It is duben's own, whatever the theme."""
        return (self.folders[-1] / "sw.js").read_bytes()

    def is_builtin(self, file: Path) -> bool:
        """True for an asset of duben's own, false for one of the edition's."""
        return file.is_relative_to(self.folders[-1])

    def render(
        self, template: str, page: Frame, view: Any, ui: Mapping[str, str], report: Report
    ) -> bytes | None:
        """The page as UTF-8, or None where the template is wrong, which is reported.

        Raises what is raised where no template of the edition's own had a hand in it: that is a bug.
        """
        try:
            return self.environment.get_template(template).render(page=page, view=view, ui=ui).encode("utf-8")
        except jinja2.TemplateSyntaxError as error:
            place = Location(self._shown(error.filename or error.name or template), error.lineno, 1)
            report.error(place, "template-error", error.message or "this template is not Jinja")
        except Exception as error:
            # A template can raise whatever Python can.
            place = self._place_of(error, template)
            if self.own is None or not (isinstance(error, jinja2.TemplateError) or self._is_own(place.file)):
                raise
            report.error(place, "template-error", _message(error), self._hint(error))
        return None

    def _hint(self, error: Exception) -> str:
        if isinstance(error, jinja2.TemplateNotFound) and isinstance(error.name, str):
            return did_you_mean(error.name, self.environment.list_templates(["html"]))
        return ""

    def _place_of(self, error: Exception, template: str) -> Location:
        """The line of a template at which it was raised: of the edition's own, if any was at work."""
        place = Location(self._shown(template))
        step = error.__traceback__
        while step is not None:
            file = step.tb_frame.f_code.co_filename
            if self._is_own(file) or (not self._is_own(place.file) and _lies_in(theme_folder(), file)):
                place = Location(Path(file).as_posix(), step.tb_lineno, 1)
            step = step.tb_next
        return place

    def _is_own(self, file: str) -> bool:
        return self.own is not None and _lies_in(self.own, file)

    def _shown(self, name: str) -> str:
        for folder in self.folders:
            if (folder / name).is_file():
                return (folder / name).as_posix()
        return name


def _lies_in(folder: Path, file: str) -> bool:
    # Jinja names its files in the normal form of their paths.
    return Path(file).is_relative_to(os.path.normpath(folder))


def _message(error: Exception) -> str:
    if isinstance(error, jinja2.TemplateNotFound):
        return f"there is no template {error.name}"
    if isinstance(error, jinja2.TemplateError):
        return error.message or type(error).__name__
    return f"{type(error).__name__}: {error}"
