/**
 * Why a new name would change what a program means: something else has that name where one of the places stands, or the
 * new name would be seen where the other one is used. Rather too careful than wrong: a refusal costs another name.
 */
import { unreachable } from '../../base/assert.ts';
import type { FunctionDefinition } from '../../cfront/parse/ast.ts';
import { nodePlace, someNode } from '../../cfront/parse/walk.ts';
import { tokenize } from '../../cfront/tokenize/tokenize.ts';
import type { TranslationUnit } from '../../cfront/unit.ts';
import { nameIndex } from './names/name-index.ts';
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
  switch (entity.kind) {
    case 'symbol':
    case 'parameter': {
      const symbol = unit.symbols.get(newName);
      if (symbol !== undefined) return `'${newName}' is ${kinds[symbol.kind]} already.`;
      const other = functionsAround(unit, references).find((definition) => declares(definition, newName));
      return other === undefined ? undefined : `'${newName}' is declared already in ${other.symbol.name}.`;
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
    case 'record':
    case 'enum':
      return unit.records.has(newName) || unit.enums.has(newName) ? `'${newName}' is a tag already.` : undefined;
    case 'label':
      return declaresLabel(entity.function, newName) ? `'${newName}' is a label already.` : undefined;
    default:
      return unreachable(entity);
  }
}

const kinds = { variable: 'a variable', function: 'a function', typedef: 'a type', 'enum-constant': 'a constant' };

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
