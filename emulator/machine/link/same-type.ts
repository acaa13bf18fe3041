/**
 * Whether two files mean the same type. Each file has record and enum definitions of its own, so they are compared by
 * what they say: tag, members, offsets.
 *
 * It answers for people, not for the standard: what cannot go wrong at run time on x64 counts as the same, that is
 * qualifiers and integers of one size and signedness (ULONG and UINT32). A pair of records under comparison counts as
 * the same meanwhile, so the comparison of types that contain pointers to themselves ends.
 */
import type { CType, FunctionType, RecordDefinition } from '../../../cfront/types/types.ts';

/** Pairs of records that are the same, or are being compared. One for the comparison of many names. */
export type KnownPairs = Map<RecordDefinition, Set<RecordDefinition>>;

export function isSameType(a: CType, b: CType, known: KnownPairs): boolean {
  if (a === b || a.kind === 'error' || b.kind === 'error') return true;
  if (a.kind === 'enum' && b.kind === 'enum') return (a.definition.tag ?? '') === (b.definition.tag ?? '');
  // Enumerations are 4 bytes, signed, whatever their constants are.
  if (a.kind === 'enum' || b.kind === 'enum') return isInt(a) || isInt(b);
  switch (a.kind) {
    case 'void':
      return b.kind === 'void';
    case 'integer':
      return b.kind === 'integer' && a.size === b.size && a.isSigned === b.isSigned;
    case 'float':
      return b.kind === 'float' && a.size === b.size;
    case 'pointer':
      return b.kind === 'pointer' && isSameType(a.target, b.target, known);
    case 'array': {
      if (b.kind !== 'array') return false;
      const isSameLength = a.length === undefined || b.length === undefined || a.length === b.length;
      return isSameLength && isSameType(a.element, b.element, known);
    }
    case 'record':
      return b.kind === 'record' && isSameRecord(a.definition, b.definition, known);
    case 'function':
      return b.kind === 'function' && isSameFunction(a, b, known);
    default:
      return true;
  }
}

function isInt(type: CType): boolean {
  return type.kind === 'integer' && type.size === 4;
}

function isSameFunction(a: FunctionType, b: FunctionType, known: KnownPairs): boolean {
  if (!isSameType(a.result, b.result, known)) return false;
  // A declaration without a prototype says nothing of the parameters.
  if (!a.hasPrototype || !b.hasPrototype) return true;
  if (a.isVariadic !== b.isVariadic || a.parameters.length !== b.parameters.length) return false;
  return a.parameters.every((parameter, i) => {
    const other = b.parameters[i];
    return other !== undefined && isSameType(parameter.type, other.type, known);
  });
}

function isSameRecord(a: RecordDefinition, b: RecordDefinition, known: KnownPairs): boolean {
  if (a === b) return true;
  const partners = known.get(a) ?? new Set();
  if (partners.has(b)) return true;
  if (a.isUnion !== b.isUnion || nameOf(a) !== nameOf(b)) return false;
  partners.add(b);
  known.set(a, partners);
  if (a.fields === undefined || b.fields === undefined) return true;
  const others = b.fields;
  const isSame =
    a.size === b.size &&
    a.fields.length === others.length &&
    a.fields.every((field, i) => {
      const other = others[i];
      return (
        other !== undefined &&
        field.name === other.name &&
        field.offset === other.offset &&
        field.bits?.offset === other.bits?.offset &&
        field.bits?.width === other.bits?.width &&
        isSameType(field.type, other.type, known)
      );
    });
  if (!isSame) partners.delete(b);
  return isSame;
}

function nameOf(record: RecordDefinition): string {
  return record.tag ?? record.typedefName ?? '';
}
