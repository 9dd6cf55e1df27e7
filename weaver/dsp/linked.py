"""Compile kernels once: an inner kernel is lowered to LLVM's language and left there for its callers to link.

Numba makes machine code of every function, also of those that only other compiled functions call; with some two
hundred small kernels most of a cold start would go into code that nobody runs. Here an inner kernel is only
simplified, as Numba simplifies every function: without that, loops inlined into their callers no longer vectorise.
The entry that calls it links the whole tree, optimises it at once and makes machine code of that.
"""

from __future__ import annotations

from typing import Any

from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import CompilerBase, DefaultPassBuilder
from numba.core.compiler_machinery import register_pass
from numba.core.typed_passes import NativeLowering


class LinkedLibrary(JITCodeLibrary):
    """A library of one kernel, which is only ever linked into others."""

    def finalize(self) -> None:
        """Close the library as it is: what it calls is linked beside it, by the entry."""
        self._finalize_dynamic_globals()
        self._finalized = True


@register_pass(mutates_CFG=True, analysis_only=False)
class LinkedLowering(NativeLowering):
    """Lower without compiling; register the library for callers to link."""

    _name = "linked_lowering"

    def run_pass(self, state: Any) -> bool:
        state.library = LinkedLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        state.flags.no_compile = True
        super().run_pass(state)
        # Numba knows a compiled function by a built-in callable of its own. This one is never called from native
        # code; from Python it refuses with a TypeError that names the kernel.
        handle = f"{state.func_id.func_qualname} is an inner kernel {id(state.library):x}".join
        needed = list(dict.fromkeys([state.library, *state.library._linking_libraries]))
        state.targetctx.insert_user_function(handle, state.cr.fndesc, needed)
        state.cr = state.cr._replace(cfunc=handle)
        return True


class LinkedCompiler(CompilerBase):
    """Numba's own pipeline, but for its last step."""

    def define_pipelines(self) -> list[Any]:
        pipeline = DefaultPassBuilder.define_nopython_pipeline(self.state)
        pipeline.passes = [(LinkedLowering if step is NativeLowering else step, why) for step, why in pipeline.passes]
        pipeline._finalized = False
        pipeline.finalize()
        return [pipeline]
