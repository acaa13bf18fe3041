/**
 * The driver's variables that fit a place, by type: one of just that type, the address of one that a pointer is wanted
 * to, a socket address behind the cast that every driver writes, something to wait for; and the same for members of the
 * driver's own structures that variables point to, as in `&context->Event`. Of the system's structures those members
 * count that drivers hand on, as in `Npi.Client`.
 */
import type { VariableSymbol } from '../../../cfront/parse/ast.ts';
import { compatibleUnqualified } from '../../../cfront/types/compatible.ts';
import { declarationText } from '../../../cfront/types/text.ts';
import type { CType } from '../../../cfront/types/types.ts';
import type { Analysis } from '../analysis.ts';
import { recordOf } from '../places/initializer-at.ts';
import { visible } from '../places/scope.ts';
import { type CompletionItem, ranks } from './item.ts';

/** How a thing of some type is written where it is wanted: `text` stands for it. Undefined where it does not fit. */
type Fit = (type: CType, text: string) => string | undefined;

/** More of one structure would be a list of its members. */
const membersMax = 8;

/** Members of the system's structures that are an argument of other functions, by the structure's tag. */
const handedOn: Readonly<Record<string, readonly string[]>> = {
  _WSK_PROVIDER_NPI: ['Client'],
  _WSK_BUF: ['Mdl'],
  _WSK_DATA_INDICATION: ['Next'],
  addrinfoexW: ['ai_addr', 'ai_next'],
  _IRP: ['MdlAddress'],
  _IO_STACK_LOCATION: ['DeviceObject', 'FileObject'],
  _DRIVER_OBJECT: ['DeviceObject'],
};

export function variableItems(
  analysis: Analysis,
  type: CType,
  offset: number,
  use: 'value' | 'address' | 'wait' = isSocketAddress(type) ? 'address' : 'value',
): readonly CompletionItem[] {
  const fit = use === 'wait' ? awaited : use === 'address' ? socketAddress(type) : sameType(type);
  const variables = visible(analysis, offset);
  const plain = variables.flatMap((symbol, i) => {
    const label = fit(symbol.type, symbol.name);
    return label === undefined ? [] : [item(symbol, label, declarationText(symbol.type, symbol.name), i)];
  });
  // A number or a pointer to anything is in every structure.
  const isTelling =
    use === 'wait' ||
    (type.kind === 'pointer' &&
      (type.target.kind === 'record' || isHandle(type) || /^P\w*SPIN_LOCK$/.test(type.alias ?? '')));
  const members = isTelling ? variables.flatMap((symbol) => memberItems(analysis, symbol, fit)) : [];
  return [...plain, ...members];
}

function memberItems({ unit }: Analysis, symbol: VariableSymbol, fit: Fit): readonly CompletionItem[] {
  const isPointer = symbol.type.kind === 'pointer';
  const record = recordOf(symbol.type.kind === 'pointer' ? symbol.type.target : symbol.type);
  if (record === undefined) return [];
  const isOwn = !unit.isSystemFile(record.span.file);
  const found: CompletionItem[] = [];
  for (const field of record.fields ?? []) {
    if (field.name === undefined || field.name === '' || found.length === membersMax) continue;
    const text = `${symbol.name}${isPointer ? '->' : '.'}${field.name}`;
    const label = fit(field.type, text);
    const detail = declarationText(field.type, field.name);
    const isMeant = isOwn || (handedOn[record.tag ?? '']?.includes(field.name) === true && label === text);
    if (label !== undefined && isMeant) found.push(item(symbol, label, detail, 50 + found.length));
  }
  return found;
}

function item(symbol: VariableSymbol, label: string, detail: string, place: number): CompletionItem {
  const rank = ranks.sameType + place;
  return { label, kind: 'variable', detail, rank, ...(label === symbol.name ? {} : { filterText: filterOf(label) }) };
}

/** What people type to find it: without the operator and the cast in front. */
function filterOf(label: string): string {
  return label.replace(/^(?:\(\w+\))?&?/, '');
}

/** Numbers count as the same type only under the same name: a ULONG fits in far too many places. */
function sameType(type: CType): Fit {
  return (own, text) => {
    if (type.kind === 'integer' || type.kind === 'float')
      return type.alias !== undefined && own.alias === type.alias ? text : undefined;
    if (type.kind === 'pointer' && type.target.kind === 'void')
      return isHandle(type) && own.alias === type.alias ? text : undefined;
    if (type.kind !== 'pointer' && type.kind !== 'record' && type.kind !== 'enum') return undefined;
    if (type.kind === 'pointer' && type.target.kind === 'integer') return sameNumber(own, type, text);
    if (compatibleUnqualified(own, type)) return text;
    const isTarget =
      type.kind === 'pointer' && type.target.kind === 'record' && compatibleUnqualified(own, type.target);
    return isTarget ? `&${text}` : undefined;
  };
}

/** A pointer to anything that has a name of its own: PWSK_CLIENT, HANDLE. */
function isHandle(type: CType): boolean {
  return type.kind === 'pointer' && type.target.kind === 'void' && !/^(?:LP|P)?C?VOID$/.test(type.alias ?? 'PVOID');
}

/** A pointer of the same name, or the number that it points to: `PKSPIN_LOCK` is a `ULONG_PTR *`, as C sees it. */
function sameNumber(own: CType, type: CType & { readonly kind: 'pointer' }, text: string): string | undefined {
  const wanted = /^P(?=[A-Z])/.test(type.alias ?? '') ? type.alias?.slice(1) : type.target.alias;
  if (wanted === undefined) return undefined;
  if (own.kind !== 'pointer') return own.alias === wanted ? `&${text}` : undefined;
  return own.alias === `P${wanted}` || own.target.alias === wanted ? text : undefined;
}

const addressTypes = /^P?(?:SOCKADDR_(?:IN|IN6|INET|STORAGE|STORAGE_LH)|SOCKADDR)$/;

function isSocketAddress(type: CType): boolean {
  return type.kind === 'pointer' && (type.alias === 'PSOCKADDR' || type.target.alias === 'SOCKADDR');
}

/** Addresses of the families and of any family are cast to each other. */
export function isAddress(type: CType): boolean {
  return type.kind === 'pointer' && addressTypes.test(type.target.alias ?? type.alias ?? '');
}

function socketAddress(type: CType): Fit {
  const exact = sameType(type);
  return (own, text) => {
    const same = exact(own, text);
    if (same !== undefined) return same;
    if (own.kind === 'record') return addressTypes.test(own.alias ?? '') ? `(PSOCKADDR)&${text}` : undefined;
    const isPointer = own.kind === 'pointer' && addressTypes.test(own.target.alias ?? own.alias ?? '');
    return isPointer ? `(PSOCKADDR)${text}` : undefined;
  };
}

/** What a thread can wait for. */
const dispatcherTypes = /^P?(?:KEVENT|KTIMER|KMUTEX|KMUTANT|KSEMAPHORE|KTHREAD|ETHREAD|KPROCESS|EPROCESS)$/;

const awaited: Fit = (own, text) => {
  if (own.kind === 'record') return dispatcherTypes.test(own.alias ?? '') ? `&${text}` : undefined;
  const names = own.kind === 'pointer' ? [own.alias, own.target.alias] : [];
  return names.some((name) => name !== undefined && dispatcherTypes.test(name)) ? text : undefined;
};
