/** What a call writes through the pointers that it is given, as far as its parameters' types say. */
import type { Expression } from '../../../../cfront/parse/ast.ts';
import { stripConversions } from '../../../../cfront/parse/walk.ts';
import { sizeOf } from '../../../../cfront/types/layout.ts';
import { isIrpPointer } from '../../body/irp-type.ts';
import { pointsTo } from '../../body/record-type.ts';
import { calledName } from '../../driver/callee.ts';
import type { FunctionInfo } from '../run/session.ts';
import { changeRange, shareAddress } from '../state/memory.ts';
import { resolve, type State } from '../state/state.ts';
import { isSameRoot, type Place, placeAt, type Root } from '../values/values.ts';
import { fillsString, touchesMemory } from './apis.ts';
import type { Call } from './call.ts';
import { calledType } from './recognise.ts';

/** What lies behind pointers to things that are not const may have changed. */
export function changeOutputs({ run, expression, values, site }: Call, state: State): void {
  const parameters = calledType(expression)?.parameters ?? [];
  // What only reads or fills memory has nothing to keep an address for.
  const name = calledName(expression) ?? '';
  const isPlain = touchesMemory(name);
  for (const [index, value] of values.entries()) {
    const parameter = parameters[index];
    const type = parameter?.type;
    if (type?.kind !== 'pointer' || type.target.isConst || type.target.kind === 'function' || isIrpPointer(type))
      continue;
    // Read only, says its page: a WSK_BUF is as it was. All that a driver sees of a socket is its table, which stays.
    const isInput = parameter?.annotations.some(({ name }) => /^_In_(?:opt_|reads_|z_|$)/.test(name)) === true;
    if (type.target.kind !== 'void' && (isInput || pointsTo(type, '_WSK_SOCKET'))) continue;
    if (type.target.kind === 'void' && !isPlain) shareAddress(state, value);
    // A context is handed on, to callbacks that run when they run: the call itself writes nothing there.
    if (type.target.kind === 'void' && parameter?.name?.endsWith('Context') === true) continue;
    const place = placeAt(resolve(state, value));
    if (place === undefined) continue;
    const isFilled = fillsString(name) && (pointsTo(type, '_UNICODE_STRING') || pointsTo(type, '_STRING'));
    const size = isFilled ? LENGTH_BYTES : pointedSize(expression.arguments[index]);
    noteWritten(run.fn, place, size);
    changeRange(state, place, size, site);
  }
}

/** Of a UNICODE_STRING or a STRING, which begin with their Length. */
const LENGTH_BYTES = 2;

/** Callers are told of memory that is theirs: a cell alone would tell them only of what this function knows. */
export function noteWritten({ told }: FunctionInfo, place: Place, size: number): void {
  const { root, key } = place;
  if (root.kind !== 'pointee' || told.written.size >= MAX_WRITTEN) return;
  const { kind } = root.pointer.source;
  if (kind === 'parameter' || kind === 'initial') told.written.set(`${key},${size}`, { place, size });
}

/** Places of one function that its callers hear of. */
const MAX_WRITTEN = 16;

/**
 * A local, a global or a block of the function's own that a call has filled with zeros, as a whole: what is not written
 * later is 0. Of a block, what the pointer's type says is the whole.
 */
export function zeroMemory({ expression, values }: Call, state: State): void {
  const [to, , count] = values.map((value) => resolve(state, value));
  const place = to === undefined ? undefined : placeAt(to);
  if (place === undefined || place.steps.length > 0 || count?.kind !== 'integer') return;
  const { root } = place;
  const size = sizeOfWhole(root, expression.arguments[0]);
  if (size === 0 || count.value < BigInt(size)) return;
  for (const { place } of state.cells.values()) if (isSameRoot(place.root, root)) state.cells.delete(place.key);
  state.zeroed.add(root.key);
}

/** 0 where nobody knows it, or where others may reach the memory by another name. */
function sizeOfWhole(root: Root, pointer: Expression | undefined): number {
  if (root.kind === 'local' || root.kind === 'global') return sizeOf(root.variable.type);
  return root.kind === 'pointee' && root.pointer.source.kind === 'new' ? pointedSize(pointer) : 0;
}

/** Bytes of what an argument points to, seen through casts; 0 where unknown. */
function pointedSize(argument: Expression | undefined): number {
  if (argument === undefined) return 0;
  const inner = stripConversions(argument, { casts: true });
  if (inner.type.kind === 'pointer') return sizeOf(inner.type.target);
  return inner.type.kind === 'array' ? sizeOf(inner.type) : 0;
}
