/**
 * Sizes, offsets and constants of guest structures, from translation units: the bundled headers, or a driver's files.
 *
 * Paths go through nested members (`Tail.Overlay.Thread`); unnamed structs and unions count as part of what holds
 * them. A name that no header has is our own bug. Answers are kept, because natives ask for the same few all the time.
 */
import { assert, Bug, defined } from '../../base/assert.ts';
import { type FieldPath, fieldNamed } from '../../cfront/types/fields.ts';
import type { CType, RecordDefinition } from '../../cfront/types/types.ts';
import type { TranslationUnit } from '../../cfront/unit.ts';
import { constantValue } from './constant-value.ts';
import { codesByValue } from './driver-macros.ts';
import type { GuestTypes } from './kernel-types.ts';

/** What a guest type's member is: where it lies, and its type. */
export interface MemberPlace {
  readonly offset: number;
  readonly type: CType;
}

/** What `headers` does not have is looked up in `all`, which is asked for only then; `units` are the driver's. */
export function createGuestTypes(
  headers: () => TranslationUnit,
  all: () => TranslationUnit,
  units: readonly TranslationUnit[],
): GuestTypes {
  const members = new Map<string, MemberPlace>();
  const constants = new Map<string, number>();
  const sizes = new Map<string, number>();
  let codes: ReadonlyMap<number, string> | undefined;

  const recordNamed = (name: string): RecordDefinition => {
    const found = systemRecord(headers(), name) ?? systemRecord(all(), name);
    if (found === undefined) throw new Bug(`no header declares the structure ${name}`);
    return found;
  };

  const memberOf = (type: string, path: string): MemberPlace => {
    const key = `${type}.${path}`;
    const known = members.get(key);
    if (known !== undefined) return known;
    let record: RecordDefinition | undefined = recordNamed(type);
    let offset = 0;
    let member: CType | undefined;
    for (const name of path.split('.')) {
      assert(record !== undefined, `${key}: the part before ${name} is no structure`);
      const field: FieldPath = defined(fieldNamed(record, name), key);
      offset += field.offset;
      member = field.type;
      record = member.kind === 'record' ? member.definition : undefined;
    }
    const place = { offset, type: defined(member, key) };
    members.set(key, place);
    return place;
  };

  const constantNamed = (name: string): number => {
    const known = constants.get(name);
    if (known !== undefined) return known;
    const value = defined(constantValue([headers()], name) ?? constantValue([all()], name), `constant ${name}`);
    // NTSTATUS and most flags are 32 bits wide and read as signed, as NT_SUCCESS reads them.
    const number = value >= 0x80000000n && value <= 0xffffffffn ? Number(BigInt.asIntN(32, value)) : Number(value);
    constants.set(name, number);
    return number;
  };

  const sizeNamed = (name: string): number => {
    const known = sizes.get(name);
    if (known !== undefined) return known;
    const { size } = recordNamed(name);
    sizes.set(name, size);
    return size;
  };

  return {
    sizeOf: sizeNamed,
    offsetOf: (type, path) => memberOf(type, path).offset,
    typeOf: (type, path) => memberOf(type, path).type,
    constant: constantNamed,
    controlCode: (code) => (codes ??= codesByValue(units)).get(code),
  };
}

/** A structure of a bundled header by typedef name or tag; a driver's own of the same name does not count. */
function systemRecord(unit: TranslationUnit, name: string): RecordDefinition | undefined {
  const symbol = unit.symbols.get(name);
  const record =
    symbol?.kind === 'typedef' && symbol.type.kind === 'record'
      ? symbol.type.definition
      : (unit.records.get(name) ?? unit.records.get(`_${name}`));
  return record?.fields !== undefined && unit.isSystemFile(record.span.file) ? record : undefined;
}
