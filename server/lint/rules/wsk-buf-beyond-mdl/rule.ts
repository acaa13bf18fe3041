/** R36, R39, R45: a WSK_BUF with a length has an MDL, one to drain has no length, and WskConnectEx sends little. */
import { nodePlace } from '../../../../cfront/parse/walk.ts';
import { resolve, type State } from '../../flow/state/state.ts';
import { placeAt, shift, type Value } from '../../flow/values/values.ts';
import type { Rule } from '../../rule.ts';

const WSK_FLAG_DRAIN = 4n;
const MOST_WITH_CONNECT = 65_535n;

export const wskBufBeyondMdl: Rule = {
  id: 'wsk-buf-beyond-mdl',
  severity: 'error',
  docRules: ['R36', 'R39', 'R45'],
  also: [],
  summary: 'A WSK_BUF has an MDL where its length is not 0, and a length that the call takes.',
  call: ({ api, isWsk, arguments: values, parameters, where }, { state, fn, report }) => {
    const at = parameters.indexOf('Buffer');
    const buffer = values[at];
    if (!isWsk || buffer === undefined) return;
    const length = memberOf(state, buffer, 16);
    if (length === undefined || length === 0n) return;
    const flags = values[parameters.indexOf('Flags')];
    const known = flags === undefined ? undefined : resolve(state, flags);
    const isDrain = api === 'WskReceive' && known?.kind === 'integer' && (known.value & WSK_FLAG_DRAIN) !== 0n;
    const problem = isDrain
      ? { docRule: 'R36', words: `WSK_FLAG_DRAIN throws data away and needs Length 0, but it is ${length}` }
      : memberOf(state, buffer, 0) === 0n
        ? { docRule: 'R45', words: `Length is ${length}, but Mdl is NULL: there is no memory` }
        : api === 'WskConnectEx' && length > MOST_WITH_CONNECT
          ? { docRule: 'R39', words: `WskConnectEx sends at most 65535 bytes, and Length is ${length}` }
          : undefined;
    if (problem === undefined) return;
    const argument = where.arguments[at];
    report({
      where,
      span: argument === undefined ? undefined : nodePlace(argument),
      message: `${problem.words}: ${api} fails with STATUS_INVALID_PARAMETER.`,
      path: [],
      docRules: [problem.docRule],
      // A buffer that is given to several calls is wrong once.
      once: `${fn.key} ${resolve(state, buffer).key} ${problem.words}`,
    });
  },
};

function memberOf(state: State, record: Value, offset: number): bigint | undefined {
  const address = resolve(state, record);
  const place = placeAt(shift(address, offset));
  const cell = place === undefined ? undefined : state.cells.get(place.key);
  const value = cell === undefined ? undefined : resolve(state, cell.value);
  return value?.kind === 'integer' ? value.value : undefined;
}
