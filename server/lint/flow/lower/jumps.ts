/**
 * Ways out: break, continue, goto, return, `__leave`, and exceptions. Each runs the `__finally` handlers between
 * where it is and where it goes, innermost first; while a handler is lowered, only what lies around it is in scope,
 * so a jump inside it cannot run it again and lowering ends.
 */
import type { CompoundStatement, NodeBase } from '../../../../cfront/parse/ast.ts';
import { someNode } from '../../../../cfront/parse/walk.ts';
import { ABNORMAL_TERMINATION, type Builder, type Context, jumpTo, MAX_INSTRUCTIONS, newBlock } from './builder.ts';
import type { Block, Temporary } from './ir.ts';

/** Leaves the contexts above `depth` and goes to `target`. What follows cannot be reached from here. */
function leaveTo(b: Builder, depth: number, target: Block): void {
  const saved = b.contexts;
  unwind(b, depth);
  b.contexts = saved;
  jumpTo(b, target, newBlock(b));
}

export function returnFrom(b: Builder, value: Temporary | undefined, node: NodeBase): void {
  const saved = b.contexts;
  unwind(b, 0);
  b.contexts = saved;
  b.open.end = { kind: 'return', value, node };
  b.open = newBlock(b);
}

/** `break` and `continue`: the innermost context that has the target. */
export function jumpOut(b: Builder, kind: 'break' | 'continue' | 'leave'): void {
  for (let depth = b.contexts.length; depth > 0; depth--) {
    const context = b.contexts[depth - 1] as Context;
    const target = targetOf(context, kind);
    // `__leave` goes to the end of its own __try: the handler there is not "on the way".
    if (target !== undefined) {
      leaveTo(b, depth, target);
      return;
    }
  }
  b.open.end = { kind: 'stop' };
  b.open = newBlock(b);
}

export function goTo(b: Builder, label: string): void {
  const tries = b.labelTries.get(label);
  if (tries === undefined) {
    b.open.end = { kind: 'stop' };
    b.open = newBlock(b);
    return;
  }
  let depth = 0;
  for (const [index, context] of b.contexts.entries()) {
    if ((context.kind === 'except' || context.kind === 'finally') && !tries.includes(context.node)) break;
    depth = index + 1;
  }
  leaveTo(b, depth, labelBlock(b, label));
}

export function labelBlock(b: Builder, label: string): Block {
  const known = b.labels.get(label);
  if (known !== undefined) return known;
  const block = newBlock(b);
  b.labels.set(label, block);
  return block;
}

/**
 * An exception may be raised here: an edge to the innermost `__except`, through the handlers before it. Where there is
 * none the exception goes to the caller; that way is followed only for handlers that ask whether they run on it.
 */
export function raise(b: Builder): void {
  const index = b.contexts.findLastIndex((context) => context.kind === 'except');
  const handler = b.contexts[index];
  if (handler?.kind !== 'except' && (b.instructions > MAX_INSTRUCTIONS / 4 || !b.contexts.some(asksHowItRuns))) return;
  const [next, raised] = [newBlock(b), newBlock(b)];
  b.open.end = { kind: 'either', to: [next, raised] };
  b.open = raised;
  if (handler?.kind === 'except') leaveTo(b, index, handler.filter);
  else leaveTo(b, 0, newBlock(b));
  b.open = next;
}

/** The handler of a `__finally`, on a way out that is abnormal (a jump, an exception) or not. */
export function lowerFinally(
  b: Builder,
  handler: CompoundStatement,
  { isAbnormal }: { readonly isAbnormal: boolean },
): void {
  const outside = b.isAbnormal;
  b.isAbnormal = isAbnormal;
  b.lower.statement(b, handler);
  b.isAbnormal = outside;
}

function asksHowItRuns(context: Context): boolean {
  if (context.kind !== 'finally') return false;
  return someNode(context.handler, (node) => node.kind === 'builtin' && node.name === ABNORMAL_TERMINATION);
}

function unwind(b: Builder, depth: number): void {
  for (let at = b.contexts.length; at > depth; at--) {
    const context = b.contexts[at - 1] as Context;
    if (context.kind !== 'finally') continue;
    b.contexts = b.contexts.slice(0, at - 1);
    lowerFinally(b, context.handler, { isAbnormal: true });
  }
}

function targetOf(context: Context, kind: 'break' | 'continue' | 'leave'): Block | undefined {
  switch (context.kind) {
    case 'loop':
      return kind === 'break' ? context.breakTo : kind === 'continue' ? context.continueTo : undefined;
    case 'switch':
      return kind === 'break' ? context.breakTo : undefined;
    case 'except':
    case 'finally':
      return kind === 'leave' ? context.leaveTo : undefined;
  }
}
