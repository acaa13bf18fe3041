/** R31: the client's dispatch table is that of the socket's category. */
import { nodePlace, stripConversions } from '../../../../cfront/parse/walk.ts';
import { resolve } from '../../flow/state/state.ts';
import type { Rule } from '../../rule.ts';

const tables: Readonly<Record<string, string>> = {
  1: '_WSK_CLIENT_LISTEN_DISPATCH',
  2: '_WSK_CLIENT_CONNECTION_DISPATCH',
  4: '_WSK_CLIENT_DATAGRAM_DISPATCH',
  8: '_WSK_CLIENT_STREAM_DISPATCH',
};

export const socketDispatchType: Rule = {
  id: 'socket-dispatch-type',
  severity: 'error',
  docRules: ['R31'],
  also: [],
  summary: 'A socket is created with the dispatch table of its category.',
  call: ({ api, isWsk, arguments: values, parameters, where }, { state, report }) => {
    if (!isWsk || api !== 'WskSocket') return;
    const value = values[parameters.indexOf('Flags')];
    const flags = value === undefined ? undefined : resolve(state, value);
    const wanted = flags?.kind === 'integer' ? tables[String(flags.value)] : undefined;
    const argument = where.arguments[parameters.indexOf('Dispatch')];
    if (wanted === undefined || argument === undefined) return;
    const { type } = stripConversions(argument, { casts: true });
    const tag = type.kind === 'pointer' && type.target.kind === 'record' ? type.target.definition.tag : undefined;
    if (tag === undefined || tag === wanted || !Object.values(tables).includes(tag)) return;
    report({
      where,
      span: nodePlace(argument),
      message: `The socket's category has ${wanted.slice(1)}, but it is given ${tag.slice(1)}: WSK calls its members as other functions, with other arguments.`,
      path: [],
    });
  },
};
