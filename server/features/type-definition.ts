/**
 * Go to type definition: where the type of the name under the cursor is made. Pointers and arrays lead to what they
 * point to or consist of, a function to its result, a pointer to a function to its typedef.
 */
import { unreachable } from '../../base/assert.ts';
import type { Span } from '../../base/source.ts';
import { spellingPlace } from '../../cfront/tokenize/token.ts';
import type { CType } from '../../cfront/types/types.ts';
import type { TranslationUnit } from '../../cfront/unit.ts';
import type { Analysis } from './analysis.ts';
import { enumerationOf } from './markdown/enumeration.ts';
import type { Entity } from './names/entity.ts';
import { targetAt } from './names/references.ts';

/** A place in any file of the unit, bundled headers included; undefined where the type has no declaration. */
export function typeDefinition({ unit }: Analysis, offset: number): Span | undefined {
  const target = targetAt(unit, offset);
  return target === undefined ? undefined : entityType(unit, target.entity);
}

function entityType(unit: TranslationUnit, entity: Entity): Span | undefined {
  switch (entity.kind) {
    case 'symbol': {
      const { symbol } = entity;
      if (symbol.kind === 'enum-constant') return enumerationOf(symbol)?.span;
      return typePlace(unit, symbol.kind === 'function' ? symbol.type.result : symbol.type, symbol.name);
    }
    case 'member':
      return typePlace(unit, entity.field.type);
    case 'parameter':
      return typePlace(unit, entity.parameter.type);
    case 'record':
      return entity.record.span;
    case 'enum':
      return entity.enumeration.span;
    case 'macro':
    case 'macro-parameter':
    case 'label':
      return undefined;
    default:
      return unreachable(entity);
  }
}

/** Ends because types are finite: a record ends the way. */
function typePlace(unit: TranslationUnit, type: CType, own?: string): Span | undefined {
  switch (type.kind) {
    case 'record':
      return type.definition.fields === undefined ? aliasPlace(unit, type, own) : type.definition.span;
    case 'enum':
      return type.definition.span;
    case 'pointer':
      // What a function pointer's typedef says, the function's type alone does not.
      if (type.target.kind === 'function') return aliasPlace(unit, type, own) ?? typePlace(unit, type.target.result);
      return typePlace(unit, type.target) ?? aliasPlace(unit, type, own);
    case 'array':
      return typePlace(unit, type.element);
    case 'function':
    case 'void':
    case 'integer':
    case 'float':
    case 'error':
      return aliasPlace(unit, type, own);
    default:
      return unreachable(type);
  }
}

/** Where the typedef stands by which the source names a type; a typedef itself is no answer to what it is. */
function aliasPlace(unit: TranslationUnit, { alias }: CType, own?: string): Span | undefined {
  if (alias === undefined || alias === own) return undefined;
  const symbol = unit.symbols.get(alias);
  const node = symbol?.kind === 'typedef' ? symbol.declarations[0] : undefined;
  return node?.kind === 'typedef-declaration' ? spellingPlace(node.nameToken) : undefined;
}
