"""A kind of import contract that import-linter lacks: a closed list of what may be imported."""

import sys
from typing import Any, ClassVar

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output
from importlinter.domain.helpers import module_expressions_to_modules


class OnlyContract(Contract):
    """The modules import the standard library, what is allowed, and nothing else directly.

    Options: ``modules``, expressions for the modules it is about, with what lies under them;
    ``allowed``, the packages that may be imported beside the standard library;
    ``standard_except``, the parts of the standard library that may not.
    """

    type_name = "only"

    # Declared as fields, read as the values that the contract's options give them.
    modules: ClassVar[Any] = fields.ListField(subfield=fields.ModuleExpressionField())
    allowed: ClassVar[Any] = fields.SetField(subfield=fields.StringField(), required=False)
    standard_except: ClassVar[Any] = fields.SetField(subfield=fields.StringField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002, import-linter calls it so
        """Look at every direct import of the modules. Raises ValueError where there are none."""
        found = module_expressions_to_modules(graph, self.modules, as_packages=True)
        importers = sorted(module.name for module in found)
        if not importers:
            raise ValueError(f"{self.name}: no module matches")
        strays = [
            (importer, imported, _lines(graph, importer, imported))
            for importer in importers
            for imported in sorted(graph.find_modules_directly_imported_by(importer))
            if not self._may_import(imported)
        ]
        return ContractCheck(kept=not strays, metadata={"strays": strays})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print each import that is not on the list, with its lines."""
        for importer, imported, lines in check.metadata["strays"]:
            output.print_error(f"{importer} -> {imported} (l. {lines})", bold=False)

    def _may_import(self, imported: str) -> bool:
        root = imported.partition(".")[0]
        if root in sys.stdlib_module_names:
            return root not in (self.standard_except or ())
        return any(f"{imported}.".startswith(f"{package}.") for package in self.allowed or ())


def _lines(graph: ImportGraph, importer: str, imported: str) -> str:
    details = graph.get_import_details(importer=importer, imported=imported)
    return ", ".join(str(detail["line_number"]) for detail in details)
