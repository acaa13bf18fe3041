/** R36, R39, R45: a WSK_BUF lies within its MDL, one to drain has no length, and WskConnectEx sends little. */
import { nodePlace } from '../../../../cfront/parse/walk.ts';
import { heldBehind } from '../../flow/calls/behind.ts';
import type { Session } from '../../flow/run/session.ts';
import { resolve, type State } from '../../flow/state/state.ts';
import { ANYTHING, type Value } from '../../flow/values/values.ts';
import { nodesIn } from '../../nodes.ts';
import { isRecord, memberRecord } from '../../record-type.ts';
import type { Rule } from '../../rule.ts';
import { numberOf } from '../../socket-controls.ts';

const WSK_FLAG_DRAIN = 4n;
const MOST_WITH_CONNECT = 65_535n;

export const wskBufBeyondMdl: Rule = {
  id: 'wsk-buf-beyond-mdl',
  severity: 'error',
  docRules: ['R36', 'R39', 'R45'],
  also: [],
  summary: 'A WSK_BUF lies within its MDL, and has a length that the call takes.',
  seesThroughHelpers: true,
  call: (call, { state, session, fn, report }) => {
    const { api, isWsk, arguments: values, parameters, where } = call;
    const at = parameters.indexOf('Buffer');
    if (!isWsk || at < 0) return;
    const held = (offset: number, size: number): Value => heldBehind(state, call, { index: at, offset, size });
    const part: Part = {
      mdl: resolve(state, held(0, 8)),
      offset: numberOf(state, held(8, 4)),
      length: numberOf(state, held(16, 8)),
    };
    const flags = numberOf(state, values[parameters.indexOf('Flags')] ?? ANYTHING) ?? 0n;
    const problem = wrong(state, part, { api, isDrain: api === 'WskReceive' && (flags & WSK_FLAG_DRAIN) !== 0n });
    if (problem === undefined) return;
    const argument = where.inside === undefined ? where.arguments[at] : undefined;
    report({
      where,
      span: argument === undefined ? undefined : nodePlace(argument),
      message: `${problem.words}: ${api} ${problem.effect ?? 'fails with STATUS_INVALID_PARAMETER'}.`,
      path: [],
      docRules: [problem.docRule],
      // A buffer that is given to several calls is wrong once.
      once: `${fn.key} ${resolve(state, values[at] ?? ANYTHING).key} ${problem.words}`,
      when: () => problem.isOfOneMdl !== true || !makesChains(session),
    });
  },
};

/** What a WSK_BUF says, as far as it is known. */
interface Part {
  readonly mdl: Value;
  readonly offset: bigint | undefined;
  readonly length: bigint | undefined;
}

interface Problem {
  readonly docRule: string;
  readonly words: string;
  readonly effect?: string;
  /** Further MDLs that hang on the first would make it right. */
  readonly isOfOneMdl?: true;
}

function wrong(
  state: State,
  { mdl, offset, length }: Part,
  { api, isDrain }: { readonly api: string; readonly isDrain: boolean },
): Problem | undefined {
  if (length === undefined || length === 0n) return undefined;
  if (isDrain)
    return { docRule: 'R36', words: `WSK_FLAG_DRAIN throws data away and needs Length 0, but it is ${length}` };
  if (mdl.kind === 'integer' && mdl.value === 0n)
    return { docRule: 'R45', words: `Length is ${length}, but Mdl is NULL: there is no memory` };
  if (api === 'WskConnectEx' && length > MOST_WITH_CONNECT)
    return { docRule: 'R39', words: `WskConnectEx sends at most 65535 bytes, and Length is ${length}` };
  const block = state.kernel.blocks.get(mdl.key);
  const bytes = block?.bytes === undefined ? undefined : numberOf(state, block.bytes);
  if (bytes === undefined || offset === undefined || offset + length <= bytes) return undefined;
  return {
    docRule: 'R45',
    words: `Offset ${offset} and Length ${length} lead beyond the ${bytes} bytes of the MDL`,
    effect: 'fails, or goes on in memory that the MDL does not describe',
    isOfOneMdl: true,
  };
}

/** Somebody here hangs MDLs on each other. */
function makesChains(session: Session): boolean {
  return session.functions.some(
    ({ isUsers, definition }) =>
      isUsers &&
      nodesIn(definition, 'assign').some(
        ({ target }) => target.kind === 'member' && target.name === 'Next' && isRecord(memberRecord(target), '_MDL'),
      ),
  );
}
