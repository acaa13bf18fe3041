/** A basic socket (flags 0) takes no context and no dispatch table. */
import { nodePlace } from '../../../../cfront/parse/walk.ts';
import { isNull, mayBeNull, resolve, type State } from '../../flow/state/state.ts';
import { pathTo } from '../../flow/state/where.ts';
import type { Value } from '../../flow/values/values.ts';
import type { Rule } from '../../rule.ts';

export const basicSocketDispatch: Rule = {
  id: 'basic-socket-dispatch',
  severity: 'error',
  docRules: ['R30'],
  also: [],
  summary: 'A basic socket is created with SocketContext and Dispatch NULL.',
  events: ['send'],
  event: (event, { state, fn, report }) => {
    if (event.kind !== 'send' || event.api !== 'WskSocket') return;
    const at = (name: string): number => event.parameters.indexOf(name);
    const flags = resolve(state, event.arguments[at('Flags')] ?? event.irp);
    if (flags.kind !== 'integer' || flags.value !== 0n) return;
    const given = ['SocketContext', 'Dispatch'].flatMap((name) => {
      const value = event.arguments[at(name)];
      const certainty = value === undefined ? 'no' : isGiven(state, value);
      return certainty === 'no' ? [] : [{ name, index: at(name), certainty }];
    });
    if (given.length === 0) return;
    const [first] = given;
    const argument = first === undefined ? undefined : event.where.arguments[first.index];
    report({
      where: event.where,
      span: argument === undefined ? undefined : nodePlace(argument),
      message: `The socket is a basic one (flags 0), but ${given.map((g) => g.name).join(' and ')} ${given.length === 1 ? 'is' : 'are'} not NULL; WskSocket does not accept that.`,
      path: event.where.inside === undefined ? [] : pathTo(event.where, 'WskSocket is called here'),
      fixes: [
        {
          title: 'Pass NULL',
          edits: given.flatMap(({ index }) => {
            const node = event.where.arguments[index];
            return node === undefined ? [] : [{ span: nodePlace(node), newText: 'NULL' }];
          }),
        },
      ],
      // What came with a parameter is told by the callers, where there are any.
      when: () => fn.heardBy === 0 || given.some((g) => g.certainty === 'yes'),
    });
  },
};

function isGiven(state: State, value: Value): 'yes' | 'no' | 'unless a caller gives NULL' {
  if (isNull(state, value)) return 'no';
  if (!mayBeNull(state, value)) return 'yes';
  return value.kind === 'symbol' && value.source.kind === 'parameter' ? 'unless a caller gives NULL' : 'no';
}
