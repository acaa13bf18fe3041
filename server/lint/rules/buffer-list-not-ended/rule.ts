/**
 * The last WSK_BUF_LIST of a list that WskSendMessages is given has NULL as its Next. Sure where the list lies in memory
 * of the function's own, and nothing on this way has written the Next of one that its chain leads to.
 */
import type { FunctionDefinition } from '../../../../cfront/parse/ast.ts';
import { nodePlace, someNode, stripConversions } from '../../../../cfront/parse/walk.ts';
import { nodesIn } from '../../body/nodes.ts';
import { calledName } from '../../driver/callee.ts';
import { touchesMemory } from '../../flow/calls/apis.ts';
import { OFFSET } from '../../flow/facts/layout.ts';
import type { FunctionInfo } from '../../flow/run/session.ts';
import { isUnwritten } from '../../flow/state/memory.ts';
import { resolve, type State } from '../../flow/state/state.ts';
import { ANYTHING, type Place, placeAt, shift, type Value } from '../../flow/values/values.ts';
import type { Rule } from '../../rule.ts';

/** Links that are followed: a list that comes round ends here. */
const MOST_LINKS = 32;
/** A WSK_BUF_LIST begins with its Next, which ends there. */
const BUFFER = OFFSET['_WSK_BUF_LIST.Buffer'];

export const bufferListNotEnded: Rule = {
  id: 'buffer-list-not-ended',
  severity: 'error',
  docRules: [],
  also: ['C6001', 'CWE-457'],
  summary: 'The last WSK_BUF_LIST of a list has NULL as its Next.',
  calls: 'wsk',
  call: ({ api, where, arguments: values, parameters }, { state, fn, report }) => {
    const at = parameters.indexOf('BufferList');
    const argument = where.arguments[at];
    if (argument === undefined || !isOpen(state, fn, resolve(state, values[at] ?? ANYTHING))) return;
    report({
      where,
      span: nodePlace(argument),
      message: `Nothing has set the Next of the last WSK_BUF_LIST: ${api} follows whatever lies there, and sends it or stops the machine.`,
      path: [],
    });
  },
};

/** Its chain leads to one of this function's own that was given a buffer, and no Next. */
function isOpen(state: State, { definition }: FunctionInfo, list: Value): boolean {
  let at = list;
  for (let links = 0; links < MOST_LINKS; links++) {
    const place = placeAt(at);
    const buffer = placeAt(shift(at, BUFFER));
    if (place === undefined || buffer === undefined || !isOwn(state, place)) return false;
    // Where nobody has written a Buffer either, somebody else has filled it.
    if (isUnwritten(state, place, BUFFER)) return state.cells.has(buffer.key) && !isFilled(definition, place);
    const next = state.cells.get(place.key);
    if (next === undefined) return false;
    at = resolve(state, next.value);
  }
  return false;
}

/** A local that nobody else has, or a block that was allocated here and that only this function has. */
function isOwn({ shared, kernel }: State, { root }: Place): boolean {
  if (root.kind === 'local') return !root.variable.isParameter && !shared.has(root.key);
  const block = root.kind === 'pointee' ? kernel.blocks.get(root.pointer.key) : undefined;
  return block?.kind === 'pool' && block.keptBy === 'nobody' && block.made?.where.inside === undefined;
}

/** It is filled as a whole, perhaps by a number of bytes that is not known, so that no cell says so. */
function isFilled(definition: FunctionDefinition, { root }: Place): boolean {
  return nodesIn(definition, 'call').some((call) => {
    const [to] = call.arguments;
    if (to === undefined || !touchesMemory(calledName(call) ?? '')) return false;
    if (root.kind === 'local') return someNode(to, (node) => node.kind === 'name' && node.symbol === root.variable);
    const { type } = stripConversions(to, { casts: true });
    return type.kind !== 'pointer' || type.target.kind !== 'integer';
  });
}
