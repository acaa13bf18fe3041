/** Values of a driver that stands: scopes, variables, expressions, changes by hand. */
import type { Run } from '../../emulator/index.ts';
import { completionsAt } from '../inspect/completions.ts';
import { evaluateRequest, valueOrError } from '../inspect/evaluate.ts';
import { tellOfChangedMemory } from '../inspect/memory-windows.ts';
import { childNamed, scopesOf, showValue, variablesPage } from '../inspect/variables.ts';
import { type SessionState, standingProgram } from '../state.ts';
import { RequestError } from './request-error.ts';
import type { Handlers } from './requests.ts';

type ValueHandlers = Pick<
  Handlers,
  'scopes' | 'variables' | 'setVariable' | 'setExpression' | 'evaluate' | 'completions'
>;

export function valueHandlers(state: SessionState): ValueHandlers {
  const { variables: store } = state;
  /** Other variables may show the same memory. */
  const changed = (): void => {
    state.host.afterResponse(() => {
      if (state.client.understandsInvalidated) state.host.send('invalidated', { areas: ['variables'] });
      tellOfChangedMemory(state);
    });
  };
  const assign = (
    expression: string,
    value: string,
    frameId: number | undefined,
    isHex: boolean,
  ): ReturnType<Handlers['setVariable']> => {
    const { debuggee } = standingProgram(state);
    const assigned = valueOrError(debuggee.assign(expression, value, frameId));
    changed();
    const { text, ...rest } = showValue(assigned, frameId, store, { isHex });
    return { value: text, ...rest };
  };
  return {
    scopes({ frameId }) {
      return { scopes: scopesOf(standingProgram(state).debuggee.run, frameId, store) };
    },
    variables(args) {
      standingProgram(state);
      const container = store.get(args.variablesReference);
      // A number of before the last step: the client asks again with new ones.
      if (container === undefined) return { variables: [] };
      return { variables: variablesPage(container, args, store) };
    },
    setVariable({ variablesReference, name, value, format }) {
      standingProgram(state);
      const container = store.get(variablesReference);
      const expression = container === undefined ? undefined : childNamed(container, name)?.expression;
      if (expression === undefined) throw new RequestError(`${name} can't be changed.`);
      return assign(expression, value, container?.frameId, format?.hex === true);
    },
    setExpression: ({ expression, value, frameId, format }) => assign(expression, value, frameId, format?.hex === true),
    evaluate(args) {
      const { debuggee, stop } = standingProgram(state);
      const { run } = debuggee;
      const threadId = args.frameId === undefined ? stop.threadId : threadOfFrame(run, args.frameId, stop.threadId);
      return evaluateRequest(args, { run, store, threadId, assign: debuggee.assign, changed });
    },
    completions({ text, column, line, frameId }) {
      const { run } = standingProgram(state).debuggee;
      const { lineBase, columnBase } = state.client;
      const current = text.split('\n')[(line ?? lineBase) - lineBase] ?? '';
      const items = completionsAt(run, current, column - columnBase, frameId);
      return { targets: items.map((item) => ({ ...item, start: (item.start ?? 0) + columnBase })) };
    },
  };
}

function threadOfFrame(run: Run, frameId: number, otherwise: number): number {
  return run.threads().find(({ id }) => run.frames(id).some((frame) => frame.id === frameId))?.id ?? otherwise;
}
