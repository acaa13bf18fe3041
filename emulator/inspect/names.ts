/** What a name means in a debugger's expression: a local, a global, a function, an enumeration constant, a macro. */
import type { CSymbol, VariableSymbol } from '../../cfront/parse/ast.ts';
import { INT, withAlias } from '../../cfront/types/make.ts';
import type { TranslationUnit } from '../../cfront/unit.ts';
import { constantValue } from '../kernel/constant-value.ts';
import { computed, constantOperand, type ExpressionReader, fail } from './expression-reader.ts';
import { at, type Operand, variableOperand } from './operand.ts';

export function nameOperand(reader: ExpressionReader, name: string): Operand | undefined {
  const { context, found } = reader;
  const { machine } = context.kernel;
  if (found !== undefined) {
    const local = machine.locals(found.thread, found.frame.index).find((symbol) => symbol.name === name);
    if (local !== undefined) return variableOperand(context, found, local);
  }
  for (const unit of unitsFor(reader)) {
    const symbol = unit.symbols.get(name);
    const operand = symbol === undefined ? undefined : symbolOperand(reader, symbol);
    if (operand !== undefined) return operand;
  }
  const address = machine.lookUpFunction(name);
  const code = address === undefined ? undefined : machine.codeAt(address);
  if (address !== undefined && code?.symbol !== undefined) return at(address, code.symbol.type);
  const headers = context.kernel.parts.tables.headers();
  const declared = headers.symbols.get(name);
  if (address !== undefined && declared?.kind === 'function') return at(address, declared.type);
  const units = [...unitsFor(reader), headers];
  const value = constantValue(units, name);
  if (value !== undefined) {
    return name.startsWith('STATUS_') ? computed(value, withAlias(INT, 'NTSTATUS')) : constantOperand(value);
  }
  return fail(reader, `there is no "${name}" here`);
}

/** The unit of the frame's file first. */
export function unitsFor(reader: ExpressionReader): readonly TranslationUnit[] {
  const file = reader.found?.frame.span?.file;
  const { units } = reader.context;
  return [...units.filter((unit) => unit.file === file), ...units.filter((unit) => unit.file !== file)];
}

function symbolOperand(reader: ExpressionReader, symbol: CSymbol): Operand | undefined {
  switch (symbol.kind) {
    case 'variable':
      return globalOperand(reader, symbol);
    case 'enum-constant':
      return computed(symbol.value, symbol.type);
    case 'function': {
      const address = reader.context.kernel.machine.lookUpFunction(symbol.name);
      return address === undefined ? undefined : at(address, symbol.type);
    }
    case 'typedef':
      return undefined;
  }
}

function globalOperand(reader: ExpressionReader, symbol: VariableSymbol): Operand | undefined {
  const operand = variableOperand(reader.context, reader.found, symbol);
  if (operand.home.kind !== 'unavailable') return operand;
  const outside = variableOperand(reader.context, undefined, symbol);
  return outside.home.kind === 'unavailable' ? undefined : outside;
}
