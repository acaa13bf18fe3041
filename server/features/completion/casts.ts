/**
 * What people cast: pointers to anything, which say nothing themselves. The driver's own come first (a context that a
 * routine was given), then the members of the system's structures that drivers keep their things in.
 */
import type { VariableSymbol } from '../../../cfront/parse/ast.ts';
import { fieldNamed } from '../../../cfront/types/fields.ts';
import { declarationText } from '../../../cfront/types/text.ts';
import type { CType, RecordDefinition } from '../../../cfront/types/types.ts';
import type { Analysis } from '../analysis.ts';
import { lastCodeBefore, wordBefore } from '../places/brackets.ts';
import { recordOf } from '../places/initializer-at.ts';
import { visible } from '../places/scope.ts';
import { type CompletionItem, ranks } from './item.ts';
import { isAddress, variableItems } from './variables.ts';

/** Members that are cast to the driver's types, by the structure that they are in. */
const keptIn: Readonly<Record<string, readonly string[]>> = {
  _IRP: ['AssociatedIrp.SystemBuffer', 'UserBuffer'],
  _DEVICE_OBJECT: ['DeviceExtension'],
  _KDPC: ['DeferredContext'],
};

/** The type that the parentheses which end at `close` cast to; undefined where they are no cast. */
export function castType({ unit }: Analysis, close: number): CType | undefined {
  const { text } = unit.file;
  const open = text.lastIndexOf('(', close);
  const written = /^\s*(?:(?:const|volatile|struct|union)\s+)*([A-Za-z_]\w*)\s*(?:const\s*)?(\**)\s*$/.exec(
    text.slice(open + 1, close),
  );
  if (open < 0 || written === null) return undefined;
  const [, name = '', stars = ''] = written;
  const before = lastCodeBefore(text, open);
  // `sizeof(T)`, `f(T)`.
  if (wordBefore(text, before + 1) !== '' && wordBefore(text, before + 1) !== 'return') return undefined;
  const symbol = unit.symbols.get(name);
  const record = symbol === undefined ? unit.records.get(name) : undefined;
  let type: CType | undefined = symbol?.kind === 'typedef' ? symbol.type : undefined;
  if (record !== undefined) type = { kind: 'record', definition: record, isConst: false, isVolatile: false };
  for (let i = 0; type !== undefined && i < stars.length; i++) {
    type = { kind: 'pointer', target: type, isConst: false, isVolatile: false };
  }
  return type;
}

export function castItems(analysis: Analysis, type: CType, offset: number): readonly CompletionItem[] {
  if (type.kind !== 'pointer') return [];
  if (isAddress(type)) return addressItems(analysis, type, offset);
  const found = visible(analysis, offset).flatMap((symbol) => candidates(analysis, symbol, targetTag(type)));
  return found
    .toSorted((a, b) => a.distance - b.distance)
    .map(({ label, type: own }, i) => ({
      label,
      kind: 'variable',
      detail: declarationText(own, /\w+$/.exec(label)?.[0] ?? ''),
      rank: ranks.fitting + i,
    }));
}

function addressItems(analysis: Analysis, type: CType, offset: number): readonly CompletionItem[] {
  return variableItems(analysis, type, offset, 'address').map((item) => ({
    ...item,
    label: item.label.replace(/^\(\w+\)/, ''),
  }));
}

interface Candidate {
  /** Variables come before members of the driver's structures, and those before members of the system's. */
  readonly distance: 0 | 1 | 2;
  readonly label: string;
  readonly type: CType;
}

/** The variable, or what lies in the structure that it is or points to. */
function candidates({ unit }: Analysis, { name, type }: VariableSymbol, wanted: string): readonly Candidate[] {
  const isPointer = type.kind === 'pointer';
  const record = recordOf(isPointer ? type.target : type);
  const isTable = /^_WSK_PROVIDER_[A-Z]+_DISPATCH$/.test(wanted);
  const fits = (own: CType): boolean => (isTable ? targetTag(own) === '_WSK_SOCKET' : isAnything(own));
  const found: Candidate[] = fits(type) ? [{ label: name, type, distance: 0 }] : [];
  const isSystem = record !== undefined && unit.isSystemFile(record.span.file);
  const paths = isSystem ? keptFor(record, wanted) : (record?.fields ?? []).map((field) => field.name ?? '');
  for (const path of paths) {
    const own = path === '' || record === undefined ? undefined : typeAt(record, path);
    if (own === undefined || !(isSystem || fits(own))) continue;
    const distance = !isSystem ? 1 : wanted === '_WSK_SOCKET' ? 0 : 2;
    found.push({ label: `${name}${isPointer ? '->' : '.'}${path}`, type: own, distance });
  }
  return isTable ? found.map(ownTable) : found;
}

/** A socket's table is what is cast to the table of its category. */
function ownTable({ label, type, distance }: Candidate): Candidate {
  const socket = recordOf(type.kind === 'pointer' ? type.target : type);
  const table = socket === undefined ? undefined : typeAt(socket, 'Dispatch');
  return { label: `${label}->Dispatch`, type: table ?? type, distance };
}

/** A new socket comes as the Information of its IRP. */
function keptFor({ tag }: RecordDefinition, wanted: string): readonly string[] {
  if (wanted === '_WSK_SOCKET') return tag === '_IRP' ? ['IoStatus.Information'] : [];
  return wanted.startsWith('_WSK_PROVIDER_') ? [] : (keptIn[tag ?? ''] ?? []);
}

function typeAt(record: RecordDefinition, path: string): CType | undefined {
  let type: CType | undefined;
  let inside: RecordDefinition | undefined = record;
  for (const name of path.split('.')) {
    type = inside === undefined ? undefined : fieldNamed(inside, name)?.field.type;
    inside = type === undefined ? undefined : recordOf(type);
  }
  return type;
}

function isAnything(type: CType): boolean {
  return type.kind === 'pointer' && type.target.kind === 'void';
}

function targetTag(type: CType): string {
  return type.kind === 'pointer' && type.target.kind === 'record' ? (type.target.definition.tag ?? '') : '';
}
