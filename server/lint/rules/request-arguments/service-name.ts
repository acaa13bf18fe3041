/**
 * What is copied to the pServiceName of a DOT4_DC_CREATE_DATA has room there. In: a function. Out: the calls that copy
 * more, or say that there is more room, with the number of bytes.
 *
 * Only what the text says counts: sizes that are constants, literals and arrays; those that a helper's callers give too.
 */
import { memo } from '../../../../base/memo.ts';
import type { CallExpression, Expression, FunctionDefinition } from '../../../../cfront/parse/ast.ts';
import { constantValue, stripConversions } from '../../../../cfront/parse/walk.ts';
import { throughLocal, valuesGiven } from '../../body/given-values.ts';
import { nodesIn } from '../../body/nodes.ts';
import { calledFunction, calledName } from '../../driver/callee.ts';
import { ofRun, type Session } from '../../flow/run/session.ts';

/** MAX_SERVICE_LENGTH and the zero at its end. */
export const MAX_NAME_BYTES = 41n;

export interface LongName {
  readonly call: CallExpression;
  readonly bytes: bigint;
  /** The bytes are those that the call may write at most, not those that it does write. */
  readonly isRoom: boolean;
}

export function longNames(session: Session, definition: FunctionDefinition): readonly LongName[] {
  if (!fillNames(session)) return [];
  return nodesIn(definition, 'call').flatMap((call) => {
    const copy = copies[calledName(call) ?? ''];
    const bytes =
      copy !== undefined && isServiceName(definition, call.arguments[0])
        ? bytesOf(definition, copy, call)
        : givenToHelper(session, definition, call);
    return bytes === undefined || bytes <= MAX_NAME_BYTES
      ? []
      : [{ call, bytes, isRoom: copy?.size === 1 && copy.source === undefined }];
  });
}

/** Most drivers never copy anything there. */
const fillNames = ofRun(({ functions }: Session): boolean => functions.some((fn) => fillsName(fn.definition)));

const fillsName = memo((definition: FunctionDefinition): boolean =>
  nodesIn(definition, 'call').some(
    (call) => copies[calledName(call) ?? ''] !== undefined && isServiceName(definition, call.arguments[0]),
  ),
);

/** How a function that copies to its first argument says how many bytes: by an argument, or by the text that it copies. */
interface Copy {
  readonly size?: number;
  readonly source?: number;
}

const bySize: Copy = { size: 2 };
const byRoom: Copy = { size: 1 };
const bySource: Copy = { source: 1 };
const copies: Readonly<Record<string, Copy>> = {
  memcpy: bySize,
  memmove: bySize,
  memset: bySize,
  RtlCopyMemory: bySize,
  RtlMoveMemory: bySize,
  strncpy: bySize,
  strcpy: bySource,
  RtlStringCbCopyA: byRoom,
  RtlStringCchCopyA: byRoom,
  RtlStringCbCopyNA: byRoom,
  RtlStringCchCopyNA: byRoom,
  RtlStringCbPrintfA: byRoom,
  RtlStringCchPrintfA: byRoom,
  strcpy_s: byRoom,
};

function bytesOf(definition: FunctionDefinition, { size, source }: Copy, call: CallExpression): bigint | undefined {
  if (source !== undefined) return textBytes(definition, call.arguments[source]);
  const given = size === undefined ? undefined : call.arguments[size];
  if (given === undefined) return undefined;
  const length = lengthIn(definition, given);
  const bytes = length === undefined ? undefined : textBytes(definition, length.text);
  if (length !== undefined && bytes !== undefined) return bytes - 1n + length.more;
  return constantValue(throughLocal(definition, given));
}

/** A number of bytes that is `strlen(text) + more`. */
interface Length {
  readonly text: Expression;
  readonly more: bigint;
}

function lengthIn(definition: FunctionDefinition, size: Expression): Length | undefined {
  const e = throughLocal(definition, size);
  if (e.kind === 'binary' && e.operator === '+') {
    const length = lengthIn(definition, e.left);
    const more = constantValue(e.right);
    return length === undefined || more === undefined ? undefined : { text: length.text, more: length.more + more };
  }
  const [text] = e.kind === 'call' && calledName(e) === 'strlen' ? e.arguments : [];
  return text === undefined ? undefined : { text, more: 0n };
}

/** A helper that copies what it is given with its zero, and surely to such a name. */
function givenToHelper(session: Session, definition: FunctionDefinition, call: CallExpression): bigint | undefined {
  const helper = calledFunction(session, call)?.definition;
  if (helper === undefined) return undefined;
  for (const inner of nodesIn(helper, 'call')) {
    const length = copiedText(helper, inner);
    const from = length === undefined ? undefined : throughLocal(helper, length.text);
    if (length === undefined || from?.kind !== 'name' || from.symbol.kind !== 'variable') continue;
    if (!isServiceName(helper, inner.arguments[0])) continue;
    const at = helper.parameters.indexOf(from.symbol);
    const bytes =
      at >= 0 && valuesGiven(helper, from.symbol).length === 0 ? textBytes(definition, call.arguments[at]) : undefined;
    if (bytes !== undefined) return bytes - 1n + length.more;
  }
  return undefined;
}

/** The text that a call copies, with its zero or without. */
function copiedText(definition: FunctionDefinition, call: CallExpression): Length | undefined {
  const copy = copies[calledName(call) ?? ''];
  const text = copy?.source === undefined ? undefined : call.arguments[copy.source];
  if (text !== undefined) return { text, more: 1n };
  const size = copy?.size === undefined || copy === byRoom ? undefined : call.arguments[copy.size];
  return size === undefined ? undefined : lengthIn(definition, size);
}

/** Of a literal, or of an array of the driver's own that is one: with its zero. */
function textBytes(definition: FunctionDefinition, argument: Expression | undefined): bigint | undefined {
  const e = argument === undefined ? undefined : throughLocal(definition, argument);
  if (e?.kind === 'string') return BigInt(e.units.length);
  const initializer = e?.kind === 'name' && e.symbol.kind === 'variable' ? e.symbol.definition?.initializer : undefined;
  const text = initializer?.kind === 'expression' ? stripConversions(initializer.value) : undefined;
  return e?.type.kind === 'array' && text?.kind === 'string' ? BigInt(text.units.length) : undefined;
}

/** The member, its first element, or a local that leads there. */
function isServiceName(definition: FunctionDefinition, argument: Expression | undefined): boolean {
  const e = argument === undefined ? undefined : throughLocal(definition, argument);
  if (e?.kind === 'member') return e.name === 'pServiceName';
  const element = e?.kind === 'address-of' ? stripConversions(e.operand) : undefined;
  if (element?.kind !== 'index') return element?.kind === 'member' && element.name === 'pServiceName';
  return constantValue(element.index) === 0n && isServiceName(definition, element.base);
}
