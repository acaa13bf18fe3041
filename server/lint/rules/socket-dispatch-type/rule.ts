/** The client's dispatch table is that of the socket's category. */
import type { Expression } from '../../../../cfront/parse/ast.ts';
import { nodePlace, stripConversions } from '../../../../cfront/parse/walk.ts';
import type { CType, Field } from '../../../../cfront/types/types.ts';
import { tagOf } from '../../body/record-type.ts';
import { resolve } from '../../flow/state/state.ts';
import { ANYTHING, type Value } from '../../flow/values/values.ts';
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
  calls: ['WskSocket', 'WskSocketConnect'],
  call: ({ api, arguments: values, parameters, where }, { state, report }) => {
    const flags = resolve(state, values[parameters.indexOf('Flags')] ?? ANYTHING);
    // What WskSocketConnect makes is connected, whatever its Flags say.
    const category = api === 'WskSocketConnect' ? '2' : flags.kind === 'integer' ? String(flags.value) : '';
    const wanted = tables[category];
    const at = parameters.indexOf('Dispatch');
    // In a helper the argument is not written here, but the table that it is given may be known.
    const argument = where.inside === undefined ? where.arguments[at] : undefined;
    if (wanted === undefined) return;
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

function isTable(tag: string | undefined): boolean {
  return tag !== undefined && Object.values(tables).includes(tag);
}

/** The tag of the variable that a pointer leads to, or of what lies there in it. */
function tableAt(pointer: Value): string | undefined {
  if (pointer.kind !== 'address') return undefined;
  const { root, steps } = pointer.place;
  const [step, more] = steps;
  if ((root.kind !== 'global' && root.kind !== 'local') || more !== undefined || step?.kind === 'index')
    return undefined;
  let type: CType | undefined = root.variable.type;
  for (let offset = step?.bytes ?? 0; type?.kind === 'record' && !isTable(tagOf(type)); ) {
    const field: Field | undefined = type.definition.fields?.findLast((one) => one.offset <= offset);
    offset -= field?.offset ?? 0;
    type = field?.type;
  }
  return type === undefined ? undefined : tagOf(type);
}

/** The tag that the argument's own type speaks of. */
function tableOf(argument: Expression | undefined): string | undefined {
  const type = argument === undefined ? undefined : stripConversions(argument, { casts: true }).type;
  return type?.kind === 'pointer' ? tagOf(type.target) : undefined;
}
