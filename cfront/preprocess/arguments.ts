/**
 * Reading the arguments of a macro call, over the ends of contexts and lines, with directives among them.
 *
 * In: the state right behind the macro's name. Out: the arguments, or why there are none; then everything that was read
 * is put back, so a call without `)` costs its own name and not the file. It ends at the first `)`, at the end of the
 * current file, or at a limit.
 */
import { place, type Token } from '../tokenize/token.ts';
import { limits } from './limits.ts';
import type { Macro } from './macro.ts';
import { type Context, type Mark, mark, report, restore, type State, settle, topFrame } from './state.ts';
import type { Argument } from './substitute.ts';

export interface Collected {
  readonly arguments: readonly Argument[];
  readonly close: Token;
}

/** The next raw token of a directive's line, or of whatever is expanded on its own; undefined at its end. */
export function readRaw(state: State): Token | undefined {
  return readContexts(state, undefined);
}

/** Leaves the topmost context: its macro can be expanded again. */
export function leaveContext(state: State, context: Context): void {
  state.contexts.pop();
  if (context.macro !== undefined) context.macro.isDisabled = false;
}

/** Whether the next token is `(`, which makes the name of a function-like macro a call. Reads nothing but ends. */
function isParenthesisNext(state: State): boolean {
  for (;;) {
    const context = state.contexts[state.contexts.length - 1];
    if (context === undefined) return isParenthesisNextInFile(state);
    const token = context.tokens[context.next];
    if (token !== undefined) return token.text === '(';
    if (context.isBarrier) return false;
    leaveContext(state, context);
  }
}

/** Directives may stand between a name and its `(`; they are only stepped over here. */
function isParenthesisNextInFile(state: State): boolean {
  const frame = topFrame(state);
  if (frame === undefined) return false;
  let i = frame.next;
  while (frame.tokens[i]?.startsLine && frame.tokens[i]?.text === '#') {
    i++;
    while (frame.tokens[i]?.startsLine === false) i++;
  }
  return frame.tokens[i]?.text === '(';
}

/** Reads `( … )` behind the name of a function-like macro; undefined where no call stands there or none ends. */
export function collectArguments(state: State, name: Token, macro: Macro): Collected | undefined {
  if (!isParenthesisNext(state)) return undefined;
  const trail: Trail = { read: [], left: [] };
  let before: Mark | undefined;
  let inFile = 0;
  const read = (): Token | undefined => {
    if (state.contexts.length > 0) {
      const token = readContexts(state, trail);
      if (token !== undefined || state.contexts.length > 0) return token;
    }
    const frame = topFrame(state);
    if (frame === undefined) return undefined;
    before ??= mark(state, frame);
    if (++inFile > limits.unclosedSearch && frame.unclosedCalls > limits.unclosedCalls) return undefined;
    const token = state.readFileToken();
    return token.kind === 'end' ? undefined : token;
  };
  const isCall = read()?.text === '(';
  const collected = isCall ? readArguments(read, macro) : undefined;
  if (collected !== undefined) {
    settle(state);
    return checkCount(state, name, macro, collected);
  }
  if (before !== undefined) {
    if (isCall) before.frame.unclosedCalls++;
    restore(state, before);
  }
  goBack(state, trail);
  if (isCall) {
    report(state, {
      code: 'macro-call-unclosed',
      severity: 'error',
      message: `This use of the macro '${name.text}' has no ')' to end its arguments.`,
      span: place(name),
    });
  }
  return undefined;
}

/** The way through the contexts: those that were read from, with where each stood, and those that were left. */
interface Trail {
  readonly read: { readonly context: Context; readonly next: number }[];
  readonly left: Context[];
}

/** The next token of the contexts; undefined at a barrier, or with no context left. Used-up contexts are left. */
function readContexts(state: State, trail: Trail | undefined): Token | undefined {
  for (;;) {
    const context = state.contexts[state.contexts.length - 1];
    if (context === undefined) return undefined;
    if (trail !== undefined && trail.read[trail.read.length - 1]?.context !== context) {
      trail.read.push({ context, next: context.next });
    }
    const token = context.tokens[context.next];
    if (token !== undefined) {
      context.next++;
      state.spent++;
      return token;
    }
    if (context.isBarrier) return undefined;
    trail?.left.push(context);
    leaveContext(state, context);
  }
}

/** Puts the contexts back as they were; their macros are disabled again, or a call without end could nest for ever. */
function goBack(state: State, trail: Trail): void {
  for (const context of trail.left.reverse()) {
    state.contexts.push(context);
    if (context.macro !== undefined) context.macro.isDisabled = true;
  }
  for (const { context, next } of trail.read) context.next = next;
}

/** Reads up to the `)` that closes the call. Commas of the variable part stay in it. */
function readArguments(
  read: () => Token | undefined,
  macro: Macro,
): { arguments: Argument[]; close: Token } | undefined {
  const names = macro.parameters ?? [];
  const restIndex = macro.definition.isVariadic ? names.length - 1 : -1;
  const made: Argument[] = [];
  let raw: Token[] = [];
  let depth = 0;
  for (;;) {
    const token = read();
    if (token === undefined) return undefined;
    if (token.kind === 'punctuator') {
      if (token.text === '(') depth++;
      else if (token.text === ')' && depth-- === 0) {
        made.push({ raw, expanded: undefined, isMissing: false });
        return { arguments: made, close: token };
      } else if (token.text === ',' && depth === 0 && made.length !== restIndex) {
        made.push({ raw, expanded: undefined, isMissing: false });
        raw = [];
        continue;
      }
    }
    raw.push(token);
  }
}

/** Brings the number of arguments to that of the parameters, as Microsoft's compiler does: it warns and goes on. */
function checkCount(
  state: State,
  name: Token,
  macro: Macro,
  { arguments: made, close }: { arguments: Argument[]; close: Token },
): Collected {
  const names = macro.parameters ?? [];
  /* `F()` gives no argument at all to a macro that needs none. */
  const needsNone = names.length === 0 || (names.length === 1 && macro.definition.isVariadic);
  if (needsNone && made.length === 1 && made[0]?.raw.length === 0) made.pop();
  const given = made.length;
  /* Leaving the variable part out altogether is an extension that everybody has. */
  const least = macro.definition.isVariadic ? names.length - 1 : names.length;
  if (given < least || given > names.length) {
    const wanted = `${names.length} ${names.length === 1 ? 'argument' : 'arguments'}`;
    report(state, {
      code: given < least ? 'macro-too-few-arguments' : 'macro-too-many-arguments',
      severity: 'warning',
      message:
        given < least
          ? `The macro '${name.text}' takes ${wanted}, but gets ${given}; what is missing counts as empty.`
          : `The macro '${name.text}' takes ${wanted}, but gets ${given}; the rest is left out.`,
      span: place(name),
    });
  }
  while (made.length < names.length) made.push({ raw: [], expanded: undefined, isMissing: true });
  made.length = names.length;
  return { arguments: made, close };
}
