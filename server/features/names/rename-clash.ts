/**
 * Why a new name would change what a program means: something else has that name where one of the places stands, or the
 * new name would be seen where the other one is used. Rather too careful than wrong: a refusal costs another name.
 */
import { unreachable } from '../../../base/assert.ts';
import type { FunctionDefinition, FunctionSymbol, TypedefSymbol } from '../../../cfront/parse/ast.ts';
import { nodePlace, someNode } from '../../../cfront/parse/walk.ts';
import { tokenize } from '../../../cfront/tokenize/tokenize.ts';
import type { FunctionParameter } from '../../../cfront/types/types.ts';
import type { MacroDefinition, TranslationUnit } from '../../../cfront/unit.ts';
import { functionTypeOf } from '../places/api-at.ts';
import { isLinked } from './linkage.ts';
import { nameIndex } from './name-index.ts';
import type { Reference, Target } from './references.ts';

/** A sentence, or undefined where the name is free. */
export function clashWith(
  unit: TranslationUnit,
  target: Target,
  newName: string,
  references: readonly Reference[],
): string | undefined {
  if (unit.macros.has(newName)) return `'${newName}' is a macro.`;
  const { entity } = target;
  const taking = entity.kind === 'macro-parameter' ? undefined : macroTaking(unit, newName, references);
  if (taking !== undefined)
    return `'${newName}' is a parameter of the macro ${taking.name}, which uses '${target.name}'.`;
  switch (entity.kind) {
    case 'symbol':
    case 'parameter': {
      const symbol = unit.symbols.get(newName);
      if (symbol !== undefined) return `'${newName}' is ${kinds[symbol.kind]} already.`;
      const other =
        functionsAround(unit, references).find((definition) => declares(definition, newName))?.symbol ??
        (entity.kind === 'parameter' ? prototypeWith(unit, entity.parameter, newName) : undefined);
      return other === undefined ? undefined : `'${newName}' is declared already in ${other.name}.`;
    }
    case 'member': {
      const record = entity.record ?? recordWith(unit, target);
      const isTaken = record?.fields?.some((field) => field.name === newName) === true;
      return isTaken ? `The structure has a member '${newName}' already.` : undefined;
    }
    case 'macro': {
      // A macro takes every word of its name.
      const isUsed = nameIndex(unit).files.some((file) =>
        tokenize(file).tokens.some(({ kind, text }) => kind === 'identifier' && text === newName),
      );
      const isTaken = isUsed || unit.symbols.has(newName) || unit.records.has(newName);
      return isTaken ? `'${newName}' is used already, and a macro would take its place.` : undefined;
    }
    case 'macro-parameter': {
      const { macro } = entity;
      const isUsed = macro.parameters?.includes(newName) === true || macro.body.some(({ text }) => text === newName);
      return isUsed ? `'${newName}' is used already in the macro ${macro.name}.` : undefined;
    }
    case 'record':
    case 'enum':
      return unit.records.has(newName) || unit.enums.has(newName) ? `'${newName}' is a tag already.` : undefined;
    case 'label':
      return declaresLabel(entity.function, newName) ? `'${newName}' is a label already.` : undefined;
    default:
      return unreachable(entity);
  }
}

/** A file that does not name the target may have a function or variable of the new name all the same. */
export function clashOfLinker(unit: TranslationUnit, { entity }: Target, newName: string): string | undefined {
  if (entity.kind !== 'symbol' || !isLinked(entity.symbol)) return undefined;
  const other = unit.symbols.get(newName);
  return other !== undefined && isLinked(other)
    ? `'${newName}' is ${kinds[other.kind]} already, in ${unit.file.path.replace(/^.*[\\/]/, '')}.`
    : undefined;
}

const kinds = { variable: 'a variable', function: 'a function', typedef: 'a type', 'enum-constant': 'a constant' };

/** The macro that would take one of the places for its own parameter. */
function macroTaking(
  { macros }: TranslationUnit,
  newName: string,
  references: readonly Reference[],
): MacroDefinition | undefined {
  for (const macro of macros.values()) {
    if (macro.parameters?.includes(newName) !== true) continue;
    const isTaken = macro.body.some(({ file, start }) =>
      references.some(({ span }) => span.file === file && span.start === start),
    );
    if (isTaken) return macro;
  }
  return undefined;
}

/** The declaration without a body whose parameter this is, where another has the new name. */
function prototypeWith(
  { declarations }: TranslationUnit,
  { span }: FunctionParameter,
  newName: string,
): FunctionSymbol | TypedefSymbol | undefined {
  for (const node of declarations) {
    if (node.kind !== 'function-declaration' && node.kind !== 'typedef-declaration') continue;
    const around = nodePlace(node);
    if (around.file !== span.file || around.start > span.start || around.end < span.end) continue;
    const names = functionTypeOf(node.symbol.type)?.parameters.map(({ name }) => name);
    if (names?.includes(newName) === true) return node.symbol;
  }
  return undefined;
}

function functionsAround(unit: TranslationUnit, references: readonly Reference[]): readonly FunctionDefinition[] {
  return unit.functions.filter((definition) => {
    const around = nodePlace(definition);
    return references.some(({ span }) => {
      return span.file === around.file && span.start >= around.start && span.end <= around.end;
    });
  });
}

function declares(definition: FunctionDefinition, name: string): boolean {
  if (definition.parameters.some((symbol) => symbol.name === name)) return true;
  return someNode(definition.body, (node) => {
    return node.kind === 'declaration' && node.declarations.some((d) => 'symbol' in d && d.symbol.name === name);
  });
}

function declaresLabel(definition: FunctionDefinition, name: string): boolean {
  return someNode(definition.body, (node) => node.kind === 'label' && node.name === name);
}

/** The structure that declares a member, where only a designator was under the cursor. */
function recordWith(unit: TranslationUnit, { entity }: Target) {
  if (entity.kind !== 'member') return undefined;
  for (const node of unit.declarations) {
    if (node.kind !== 'tag-declaration' || node.definition.kind !== 'record') continue;
    const { record } = node.definition;
    if (record.fields?.includes(entity.field) === true) return record;
  }
  return undefined;
}
