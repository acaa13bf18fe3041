/**
 * Which functions of the driver signal which event: every call of KeSetEvent and its like in the source, with what its
 * first argument names. An object is known by the variable or the member that holds it (`Done`, `CONTEXT.Done`), which is
 * enough to tell one event from another in the source; what a call gets through a parameter alone has no name.
 *
 * Read from the tree when a run can't go on, once for each program.
 */
import { memo } from '../../../base/memo.ts';
import type { Span } from '../../../base/source.ts';
import type { CallExpression, Expression } from '../../../cfront/parse/ast.ts';
import { nodePlace } from '../../../cfront/parse/node-place.ts';
import { stripConversions, walk } from '../../../cfront/parse/walk.ts';
import type { Program } from '../../machine/machine-types.ts';

/** One call that signals. */
export interface SignalSite {
  readonly call: string;
  readonly functionName: string;
  readonly span: Span;
  /** `Done`, `CONTEXT.Done`; undefined where the argument is a parameter or is worked out. */
  readonly object: string | undefined;
  /** The outermost loop around it: what stands behind the call may come to it again. */
  readonly loop?: Span | undefined;
}

export interface SignalSites {
  readonly sites: readonly SignalSite[];
  /** What each wait and each initialisation names: by the place of the call. */
  readonly named: readonly SignalSite[];
  /** Functions that a function names: those it calls, and those whose address it takes. */
  readonly callees: ReadonlyMap<string, ReadonlySet<string>>;
}

const signalCalls = new Set([
  'KeSetEvent',
  'KePulseEvent',
  'KeReleaseSemaphore',
  'KeSetTimer',
  'KeSetTimerEx',
  'KeSetCoalescableTimer',
]);
const namingCalls = new Set([
  'KeWaitForSingleObject',
  'KeInitializeEvent',
  'KeInitializeSemaphore',
  'KeInitializeTimer',
  'KeInitializeTimerEx',
]);

export const signalSites = memo((program: Program): SignalSites => {
  const sites: SignalSite[] = [];
  const named: SignalSite[] = [];
  const callees = new Map<string, Set<string>>();
  for (const { definition, name } of program.functions) {
    if (definition === undefined) continue;
    const called = new Set<string>();
    const loops: Span[] = [];
    walk(definition.body, (node) => {
      if (node.kind === 'while' || node.kind === 'do' || node.kind === 'for') loops.push(nodePlace(node));
      if (node.kind === 'name' && node.symbol.kind === 'function') called.add(node.symbol.name);
      if (node.kind !== 'call') return;
      const call = calledName(node);
      if (call === undefined) return;
      const list = signalCalls.has(call) ? sites : namingCalls.has(call) ? named : undefined;
      if (list === undefined) return;
      const span = nodePlace(node);
      // Parents come first, so the first loop that is around the call is the outermost.
      const loop = loops.find((one) => one.file === span.file && one.start <= span.start && span.end <= one.end);
      list.push({ call, functionName: name, span, object: objectName(node.arguments[0], name), loop });
    });
    callees.set(name, called);
  }
  return { sites, named, callees };
});

/** Whether running the function may come to the other one, by whatever calls. */
export function reaches({ callees }: SignalSites, from: string, to: string): boolean {
  const seen = new Set([from]);
  // The set grows while it is walked, and each function is added once.
  for (const name of seen) {
    if (name === to) return true;
    for (const callee of callees.get(name) ?? []) seen.add(callee);
  }
  return false;
}

function calledName({ callee }: CallExpression): string | undefined {
  const function_ = stripConversions(callee, { casts: true });
  return function_.kind === 'name' ? function_.symbol.name : undefined;
}

/** What an argument names, by the member or variable whose address it is. */
function objectName(given: Expression | undefined, functionName: string): string | undefined {
  if (given === undefined) return undefined;
  const argument = stripConversions(given, { casts: true });
  const object = argument.kind === 'address-of' ? stripConversions(argument.operand) : argument;
  switch (object.kind) {
    case 'member': {
      const owner = object.object.type.kind === 'pointer' ? object.object.type.target : object.object.type;
      return `${owner.kind === 'record' ? (owner.definition.tag ?? '') : ''}.${object.name}`;
    }
    case 'index':
      return objectName(object.base, functionName);
    case 'name':
      if (object.symbol.kind !== 'variable' || object.symbol.isParameter) return undefined;
      // A pointer that a local holds may be to anything.
      if (object.symbol.duration === 'static') return object.symbol.name;
      return argument.kind === 'address-of' ? `${functionName}:${object.symbol.name}` : undefined;
    default:
      return undefined;
  }
}
