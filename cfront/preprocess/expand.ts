/**
 * Macro expansion: reads tokens, replaces macros, reads the result again together with what follows (C11 6.10.3.4).
 *
 * Each replacement stands on a stack of contexts before the rest of the file. While a context is on the stack its macro
 * is disabled; a name met in that time is painted and stays plain for good. That is exactly the standard's rule, and
 * tokens need no sets of names. It ends because a macro is disabled inside itself and because all tokens are counted
 * (see limits.ts); the only recursion, into arguments, is limited too.
 */
import type { Span } from '../../base/source.ts';
import { type Expansion, place, spellingPlace, type Token } from '../tokenize/token.ts';
import { collectArguments, leaveContext } from './arguments.ts';
import { expandBuiltin } from './builtin.ts';
import { limits } from './limits.ts';
import type { Macro } from './macro.ts';
import { withOrigin } from './paste.ts';
import { isTraditional } from './predefined.ts';
import { noteUse, report, type State } from './state.ts';
import { type Argument, type Call, substitute } from './substitute.ts';

/**
 * Expands a macro whose name has just been read from the file, and everything that follows from it, onto the output.
 * False where the name is no call and stands for itself.
 */
export function expandInFile(state: State, name: Token, macro: Macro): boolean {
  const from = state.output.length;
  state.spent = 0;
  if (!invoke(state, name, macro)) return false;
  drain(state, state.output);
  charge(state);
  if (state.isAborting) {
    state.isAborting = false;
    state.output.length = from;
  }
  return true;
}

/** Expands tokens on their own: a directive's line, an argument. */
function expandAlone(state: State, tokens: readonly Token[]): readonly Token[] {
  if (!tokens.some((token) => token.kind === 'identifier' && state.macros.has(token.text))) return tokens;
  if (state.argumentDepth >= limits.argumentDepth) {
    reportDepth(state, tokens);
    return [];
  }
  const { pendingLine, pendingSpace } = state;
  state.argumentDepth++;
  state.pendingLine = false;
  state.pendingSpace = false;
  const barrier = { tokens, next: 0, macro: undefined, isBarrier: true };
  state.contexts.push(barrier);
  const out: Token[] = [];
  drain(state, out);
  leaveContext(state, barrier);
  state.argumentDepth--;
  state.pendingLine = pendingLine;
  state.pendingSpace = pendingSpace;
  return out;
}

/** As `expandAlone` for a directive's line, which is counted like a use in the file. */
export function expandLine(state: State, tokens: readonly Token[]): readonly Token[] {
  const { spent } = state;
  state.spent = 0;
  const out = expandAlone(state, tokens);
  charge(state);
  state.spent = spent;
  if (!state.isAborting) return out;
  state.isAborting = false;
  return [];
}

/** Adds what the use that has just ended made to what the whole unit may make. */
function charge(state: State): void {
  state.spentInUnit += state.isAborting ? state.spent * limits.weightOfLeftOut : state.spent;
}

/** Reads the contexts down to the next barrier, or all of them, and appends what remains of their tokens. */
function drain(state: State, out: Token[]): void {
  const { contexts, macros } = state;
  for (;;) {
    const context = contexts[contexts.length - 1];
    if (context === undefined) return;
    let token = context.tokens[context.next];
    if (token === undefined || state.isAborting) {
      if (context.isBarrier) return;
      leaveContext(state, context);
      continue;
    }
    context.next++;
    if (!spend(state, 1)) continue;
    if (token.kind === 'identifier') {
      const macro = macros.get(token.text);
      if (macro !== undefined && !state.painted.has(token)) {
        if (macro.isDisabled) {
          token = withOrigin(token, token.expansion, token.startsLine, token.afterSpace);
          state.painted.add(token);
        } else if (invoke(state, token, macro)) continue;
      }
    }
    if (state.pendingSpace || state.pendingLine) token = takePending(state, token);
    out.push(token);
  }
}

/** Gives a token the white space of names before it that expanded to nothing. */
export function takePending(state: State, token: Token): Token {
  const startsLine = token.startsLine || state.pendingLine;
  const afterSpace = token.afterSpace || state.pendingSpace;
  state.pendingLine = false;
  state.pendingSpace = false;
  if (startsLine === token.startsLine && afterSpace === token.afterSpace) return token;
  const copy = withOrigin(token, token.expansion, startsLine, afterSpace);
  if (state.painted.has(token)) state.painted.add(copy);
  return copy;
}

/** Puts a macro's result before what follows. False where the name stands for itself. */
function invoke(state: State, name: Token, macro: Macro): boolean {
  if (macro.builtin !== undefined) {
    const made = expandBuiltin(state, name, macro, (tokens) => expandAlone(state, tokens));
    if (made === undefined) return false;
    noteUse(state, name, macro);
    pushResult(state, name, made, undefined);
    return true;
  }
  if (state.spentInUnit > limits.tokensPerUnit) {
    reportLimit(state, place(name));
    return false;
  }
  let args: readonly Argument[] = [];
  let close = name;
  if (macro.parameters !== undefined) {
    const collected = collectArguments(state, name, macro);
    if (collected === undefined) return false;
    args = collected.arguments;
    close = collected.close;
  }
  noteUse(state, name, macro);
  const call: Call = {
    macro,
    name,
    expansion: { macro: name.text, invocation: invocationSpan(name, close), outer: outerOf(name) },
    arguments: args,
    isTraditional: isTraditional(state.options.standard),
    expand: (argument) => expandArgument(state, argument),
    spend: (count) => spend(state, count),
    report: (problem) => {
      const isNews = problem.severity === 'error' || !state.systemFiles.has(problem.span.file);
      if (isNews) report(state, problem);
    },
    isPainted: (token) => state.painted.has(token),
    paint: (token) => state.painted.add(token),
  };
  pushResult(state, name, substitute(call), macro);
  return true;
}

function pushResult(state: State, name: Token, tokens: readonly Token[], macro: Macro | undefined): void {
  if (tokens.length === 0) {
    state.pendingSpace ||= name.afterSpace;
    state.pendingLine ||= name.startsLine;
    return;
  }
  if (macro !== undefined) macro.isDisabled = true;
  state.contexts.push({ tokens, next: 0, macro, isBarrier: false });
}

/** From the name to the `)` where both are written in one text, else the name. */
function invocationSpan(name: Token, close: Token): Span {
  const isOneText = close.file === name.file && close.expansion === name.expansion && close.end >= name.end;
  return isOneText ? { file: name.file, start: name.start, end: close.end } : spellingPlace(name);
}

/** The chain that a name came by. Its length is limited, so that walking up costs little whatever the text does. */
function outerOf(name: Token): Expansion | undefined {
  let outermost = name.expansion;
  let length = 1;
  while (outermost?.outer !== undefined) {
    outermost = outermost.outer;
    length++;
  }
  return length < limits.expansionChain ? name.expansion : outermost;
}

function expandArgument(state: State, argument: Argument): readonly Token[] {
  argument.expanded ??= expandAlone(state, argument.raw);
  return argument.expanded;
}

/** Counts tokens; false when the current use of a macro has to be given up. */
function spend(state: State, count: number): boolean {
  state.spent += count;
  if (state.spent <= limits.tokensPerInvocation) return !state.isAborting;
  if (!state.isAborting) {
    const bottom = state.contexts.find((context) => context.tokens.length > 0);
    const token = bottom?.tokens[0];
    if (token !== undefined) reportLimit(state, place(token));
  }
  state.isAborting = true;
  return false;
}

function reportDepth(state: State, [token]: readonly Token[]): void {
  if (token !== undefined && !state.isAborting) {
    report(state, {
      code: 'macro-too-deep',
      severity: 'error',
      message: `Macros are used more than ${limits.argumentDepth} levels deep in arguments of macros; this use is left out.`,
      span: place(token),
    });
  }
  state.isAborting = true;
}

function reportLimit(state: State, span: Span): void {
  report(state, {
    code: 'macro-too-long',
    severity: 'error',
    message: `Macros make more than ${limits.tokensPerInvocation} tokens here; this use is left out.`,
    span,
  });
}
