/** R31: the client's dispatch table is that of the socket's category. */
import type { Expression } from '../../../../cfront/parse/ast.ts';
import { nodePlace, stripConversions } from '../../../../cfront/parse/walk.ts';
import { resolve } from '../../flow/state/state.ts';
import { ANYTHING, type Value } from '../../flow/values/values.ts';
import { tagOf } from '../../record-type.ts';
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
  seesThroughHelpers: true,
  call: ({ api, isWsk, arguments: values, parameters, where }, { state, report }) => {
    if (!isWsk || api !== 'WskSocket') return;
    const value = values[parameters.indexOf('Flags')];
    const flags = value === undefined ? undefined : resolve(state, value);
    const wanted = flags?.kind === 'integer' ? tables[String(flags.value)] : undefined;
    const at = parameters.indexOf('Dispatch');
    // In a helper the argument is not written here, but the table that it is given may be known.
    const argument = where.inside === undefined ? where.arguments[at] : undefined;
    if (wanted === undefined) return;
    const isTable = (tag: string | undefined): boolean => tag !== undefined && Object.values(tables).includes(tag);
    const tag = [tableAt(resolve(state, values[at] ?? ANYTHING)), tableOf(argument)].find(isTable);
    if (tag === undefined || tag === wanted) return;
    report({
      where,
      span: argument === undefined ? undefined : nodePlace(argument),
      message: `The socket's category has ${wanted.slice(1)}, but it is given ${tag.slice(1)}: WSK calls its members as other functions, with other arguments.`,
      path: [],
    });
  },
};

/** The tag of the variable that a pointer leads to. */
function tableAt(pointer: Value): string | undefined {
  if (pointer.kind !== 'address' || pointer.place.steps.length > 0) return undefined;
  const { root } = pointer.place;
  return root.kind === 'global' || root.kind === 'local' ? tagOf(root.variable.type) : undefined;
}

/** The tag that the argument's own type speaks of. */
function tableOf(argument: Expression | undefined): string | undefined {
  const type = argument === undefined ? undefined : stripConversions(argument, { casts: true }).type;
  return type?.kind === 'pointer' ? tagOf(type.target) : undefined;
}
