/** What the linker has gathered becomes the program. */
import { assert, defined } from '../../../base/assert.ts';
import type { NodeBase, VariableSymbol } from '../../../cfront/parse/ast.ts';
import type { TranslationUnit } from '../../../cfront/unit.ts';
import { type CodeSymbol, type GlobalObject, type LinkedProgram, ROUTINE_WORDS } from '../program.ts';
import { imageShadow } from './image.ts';
import type { Linker } from './link.ts';

export function finishProgram(units: readonly TranslationUnit[], state: Linker): LinkedProgram {
  const globalsByName = new Map<string, GlobalObject>();
  const globalOf = new Map<VariableSymbol, GlobalObject>();
  for (const object of state.image.objects) {
    if (object.symbol === undefined) continue;
    globalOf.set(object.symbol, object);
    const known = globalsByName.get(object.name);
    if (known === undefined || known.symbol?.linkage !== 'external') globalsByName.set(object.name, object);
  }
  const { buffer } = state;
  return {
    units,
    statements: state.statements,
    functions: state.codeSymbols.flatMap((entry) => (entry.routine === undefined ? [] : [entry.symbol])),
    undefinedFunctions: state.codeSymbols.flatMap((entry, index) =>
      entry.routine !== undefined
        ? []
        : [{ symbol: entry.symbol, span: defined(state.firstUses.get(index), 'a first use') }],
    ),
    code: Int32Array.from(buffer.words),
    statementOf: Int32Array.from(buffer.statements),
    nodeOf: buffer.nodes satisfies readonly (NodeBase | undefined)[],
    jumpTables: buffer.jumpTables,
    codeSymbols: state.codeSymbols,
    routineTable: routineTable(state.codeSymbols),
    calls: state.calls,
    checkedNames: state.checkedNames,
    traps: state.traps,
    globals: state.image.objects,
    globalsByName,
    globalOf,
    image: state.image.bytes.slice(0, state.image.top),
    imageShadow: imageShadow(state.image),
  };
}

/** What the VM needs of a routine for a call, in words: see the CALL instruction. */
function routineTable(codeSymbols: readonly CodeSymbol[]): Int32Array {
  const table = new Int32Array(codeSymbols.length * ROUTINE_WORDS);
  for (const [index, { routine }] of codeSymbols.entries()) {
    const row = [-1, 0, 0, 0, -1, 16];
    if (routine !== undefined) {
      assert(routine.registers < 1 << 16, 'a function has a sane number of registers');
      const variadic = routine.signature.isVariadic ? routine.fixedParameters : -1;
      row.splice(
        0,
        6,
        routine.entry,
        routine.registers,
        Math.min(routine.charge, 0x7000_0000),
        routine.frameSize,
        variadic,
        routine.frameAlignment,
      );
    }
    table.set(row, index * ROUTINE_WORDS);
  }
  return table;
}
