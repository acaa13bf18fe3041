/** A WSK_BUF lies within its MDL, one to drain has no length, and WskConnectEx sends little. */
import { nodePlace } from '../../../../cfront/parse/walk.ts';
import { nodesIn } from '../../body/nodes.ts';
import { isRecord, memberRecord } from '../../body/record-type.ts';
import { heldBehind } from '../../flow/calls/behind.ts';
import type { Session } from '../../flow/run/session.ts';
import { resolve, type State } from '../../flow/state/state.ts';
import { leastBeyond } from '../../flow/state/sums.ts';
import { ANYTHING, operationValue, type Value } from '../../flow/values/values.ts';
import type { Rule } from '../../rule.ts';
import { numberOf } from '../../ways/socket-controls.ts';

const WSK_FLAG_DRAIN = 4n;
const MOST_WITH_CONNECT = 65_535n;

export const wskBufBeyondMdl: Rule = {
  id: 'wsk-buf-beyond-mdl',
  severity: 'error',
  docRules: ['R36', 'R39', 'R45'],
  also: [],
  summary: 'A WSK_BUF lies within its MDL, and has a length that the call takes.',
  seesThroughHelpers: true,
  calls: 'wsk',
  call: (call, { state, session, fn, report }) => {
    const { api, arguments: values, parameters, where } = call;
    const at = parameters.indexOf('Buffer');
    if (at < 0) return;
    const held = (offset: number, size: number): Value => heldBehind(state, call, { index: at, offset, size });
    const [mdl, offset, length] = [held(0, 8), held(8, 4), held(16, 8)].map((value) => resolve(state, value));
    const part: Part = { mdl: mdl ?? ANYTHING, offset: offset ?? ANYTHING, length: length ?? ANYTHING };
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
  readonly offset: Value;
  readonly length: Value;
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
  part: Part,
  { api, isDrain }: { readonly api: string; readonly isDrain: boolean },
): Problem | undefined {
  const length = numberOf(state, part.length);
  if (length === 0n) return undefined;
  if (length !== undefined) {
    if (isDrain)
      return { docRule: 'R36', words: `WSK_FLAG_DRAIN throws data away and needs Length 0, but it is ${length}` };
    if (part.mdl.kind === 'integer' && part.mdl.value === 0n)
      return { docRule: 'R45', words: `Length is ${length}, but Mdl is NULL: there is no memory` };
    if (api === 'WskConnectEx' && length > MOST_WITH_CONNECT)
      return { docRule: 'R39', words: `WskConnectEx sends at most 65535 bytes, and Length is ${length}` };
  }
  const bytes = state.kernel.blocks.get(part.mdl.key)?.bytes;
  const words = bytes === undefined ? undefined : beyond(state, part, resolve(state, bytes));
  if (words === undefined) return undefined;
  return {
    docRule: 'R45',
    words,
    effect: 'fails, or goes on in memory that the MDL does not describe',
    isOfOneMdl: true,
  };
}

/** How the part leads beyond the bytes of its MDL, where all or at least the difference is known. */
function beyond(state: State, { offset, length }: Part, bytes: Value): string | undefined {
  const [from, most, all] = [offset, length, bytes].map((value) => numberOf(state, value));
  if (from !== undefined && most !== undefined && all !== undefined)
    return from + most > all ? `Offset ${from} and Length ${most} lead beyond the ${all} bytes of the MDL` : undefined;
  const least = leastBeyond(state, [offset, length], bytes) ?? (isMore(state, length, bytes) ? 1n : 0n);
  if (least <= 0n) return undefined;
  return from === 0n
    ? `Length is more than the MDL was made for, by ${least} at least`
    : `Offset and Length together are more than the MDL was made for, by ${least} at least`;
}

/** Something on this way has found that one number is larger than the other. */
function isMore(state: State, one: Value, other: Value): boolean {
  return (
    numberOf(state, operationValue('>', one, other)) === 1n || numberOf(state, operationValue('<', other, one)) === 1n
  );
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
