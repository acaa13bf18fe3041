/**
 * Bug 13: a thread that waits for its own end. In: where the objects and handles of threads are kept, and what each
 * thread's routine calls. Sure where the routine comes to a wait without limit for what is kept of it alone, by the very
 * memory that it was started with, and no function on the way asks which thread it runs in, or anything but whether the
 * object is there.
 */
import type { CallExpression, Expression, VariableSymbol } from '../../../../cfront/parse/ast.ts';
import { constantValue, nodePlace, stripConversions } from '../../../../cfront/parse/walk.ts';
import { throughLocal } from '../../body/given-values.ts';
import { nodesIn } from '../../body/nodes.ts';
import { calledFunction, calledName } from '../../driver/callee.ts';
import { keeperOf } from '../../driver/pool-keepers.ts';
import { callsOf } from '../../driver/roles.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';
import { pathTo, whereOf } from '../../flow/state/where.ts';
import type { Rule } from '../../rule.ts';
import { isDoneAnyway } from '../../ways/done-anyway.ts';
import { threadsKept } from './kept-threads.ts';

export const selfWait: Rule = {
  id: 'self-wait',
  severity: 'error',
  docRules: [],
  also: ['CWE-833'],
  summary: 'A thread does not wait for its own end.',
  finish: ({ session, report }) => {
    // Most drivers make no threads.
    if (callsOf(session, 'PsCreateSystemThread').length === 0) return;
    for (const [keeper, { routine, made }] of threadsKept(session)) {
      const found = waitIn(
        session,
        { fn: routine, context: routine.definition.parameters[0], thread: undefined },
        keeper,
        new Set(),
      );
      if (found === undefined) continue;
      const { name } = routine.definition.symbol;
      report({
        where: whereOf(found.wait, found.wait.arguments),
        message: `${name}, the routine of a thread, comes to this wait for the end of its own thread: that never comes, and everybody who waits for the thread waits for ever too.`,
        path: [
          ...pathTo(whereOf(made), 'The thread is made here'),
          ...found.calls.flatMap((call) => pathTo(whereOf(call), `Its routine leads here to ${calledName(call)}`)),
          ...pathTo(whereOf(found.wait), 'The thread waits for itself here'),
        ],
        once: `${nodePlace(found.wait).start} ${nodePlace(found.wait).file.path}`,
      });
    }
  },
};

/** A function that runs in the thread, which of its parameters is what the thread was started with, and which the thread. */
interface Level {
  readonly fn: FunctionInfo;
  readonly context: VariableSymbol | undefined;
  readonly thread: VariableSymbol | undefined;
}

interface Found {
  readonly wait: CallExpression;
  /** The calls that lead there, the first one first. */
  readonly calls: readonly CallExpression[];
}

function waitIn(session: Session, level: Level, keeper: string, seen: Set<string>): Found | undefined {
  const { fn, context, thread } = level;
  const { definition } = fn;
  const isThread = (e: Expression | undefined): boolean =>
    e !== undefined && ((keeperOf(session, e) === keeper && isOfThread(level, e)) || names(fn, e, thread));
  const key = `${fn.key} ${context?.name} ${thread?.name}`;
  if (seen.has(key)) return undefined;
  seen.add(key);
  if (nodesIn(definition, 'name').some(({ symbol }) => currentThread.test(symbol.name))) return undefined;
  const isFirst = seen.size === 1;
  // Asked of the few calls that lead to a wait: each looks through the whole function.
  const isReached = (call: CallExpression): boolean => !isPutBefore(session, fn, call, keeper);
  const isReachedAnyway = (call: CallExpression): boolean =>
    isReached(call) && isDoneAnyway(session, definition, call, keeper);
  for (const call of nodesIn(definition, 'call')) {
    const [given] = call.arguments;
    if (isEndless(call) && isThread(given)) return isReachedAnyway(call) ? { wait: call, calls: [] } : undefined;
    const helper = calledFunction(session, call);
    if (helper?.isUsers !== true) continue;
    const { parameters } = helper.definition;
    const behind = parameters[call.arguments.findIndex((one) => names(fn, one, context))];
    const itself = parameters[call.arguments.findIndex(isThread)];
    const inner = waitIn(session, { fn: helper, context: behind, thread: itself }, keeper, seen);
    if (inner !== undefined && (isFirst ? isReached(call) : isReachedAnyway(call)))
      return { wait: inner.wait, calls: [call, ...inner.calls] };
  }
  return undefined;
}

const currentThread = /^(?:Ps|Ke)GetCurrentThread(?:Id)?$/;

/** Position of the time-out of each. */
const waits: Readonly<Record<string, number>> = {
  KeWaitForSingleObject: 4,
  ZwWaitForSingleObject: 2,
  NtWaitForSingleObject: 2,
};

function isEndless(call: CallExpression): boolean {
  const name = calledName(call) ?? '';
  const limit = Object.hasOwn(waits, name) ? call.arguments[waits[name] ?? 0] : undefined;
  return limit !== undefined && constantValue(limit) === 0n;
}

/**
 * A variable that lasts, or a member of one, or of the very object that the thread was started with: what a pointer in that
 * object leads to may be another thread's.
 */
function isOfThread({ fn, context }: Pick<Level, 'fn' | 'context'>, given: Expression): boolean {
  let e = stripConversions(given, { casts: true });
  while (e.kind === 'member') {
    if (e.isArrow) return names(fn, e.object, context);
    e = stripConversions(e.object, { casts: true });
  }
  return e.kind === 'name' && e.symbol.kind === 'variable' && e.symbol.duration === 'static';
}

function names({ definition }: FunctionInfo, e: Expression, context: VariableSymbol | undefined): boolean {
  const given = throughLocal(definition, e);
  return context !== undefined && given.kind === 'name' && given.symbol === context;
}

/** What is kept there is something else by then, or nothing. */
function isPutBefore(session: Session, { definition }: FunctionInfo, call: CallExpression, keeper: string): boolean {
  return nodesIn(definition, 'assign').some(
    (one) => nodePlace(one).start < nodePlace(call).start && keeperOf(session, one.target) === keeper,
  );
}
