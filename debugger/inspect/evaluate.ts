/**
 * The evaluate request: watches, hovers, and the debug console, which also takes commands and assignments.
 * An expression has no side effects, so a hover changes nothing.
 */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Run, Value } from '../../emulator/index.ts';
import { RequestError } from '../requests/request-error.ts';
import { runConsoleCommand } from './console-commands.ts';
import { showValue, type VariableStore } from './variables.ts';

export interface EvaluateState {
  readonly run: Run;
  readonly store: VariableStore;
  readonly threadId: number;
  readonly assign: Run['assign'];
  /** The memory of the run was changed by hand. */
  readonly changed: () => void;
}

export function evaluateRequest(
  args: DebugProtocol.EvaluateArguments,
  state: EvaluateState,
): DebugProtocol.EvaluateResponse['body'] {
  const { run, store, threadId } = state;
  const { expression, frameId, context } = args;
  if (context === 'repl') {
    const text = runConsoleCommand(expression, { run, threadId, frameId });
    if (text !== undefined) return { result: text, variablesReference: 0 };
    const [target, value] = splitAssignment(expression);
    if (value !== undefined) {
      const assigned = valueOrError(state.assign(target, value, frameId));
      state.changed();
      return shown(assigned);
    }
  }
  const result = run.evaluate(expression, frameId);
  if ('error' in result && context === 'repl' && /^\s*!\w/.test(expression)) {
    throw new RequestError(`${result.error}; !help lists the commands`);
  }
  return shown(valueOrError(result));

  function shown(value: Value): DebugProtocol.EvaluateResponse['body'] {
    const { text, ...rest } = showValue(value, frameId, store, { isHex: args.format?.hex === true });
    return { result: text, ...rest };
  }
}

export function valueOrError(result: { readonly value: Value } | { readonly error: string }): Value {
  if ('error' in result) throw new RequestError(result.error);
  return result.value;
}

/** "a = b" in its two sides, at the first `=` that is no comparison; the second is undefined where there is none. */
export function splitAssignment(text: string): readonly [string, string | undefined] {
  const at = /^[^='"]*?[^=!<>+\-*/%&|^'"](=)(?!=)/.exec(text);
  if (at === null) return [text, undefined];
  const length = at[0].length;
  return [text.slice(0, length - 1).trim(), text.slice(length).trim()];
}
