/** A WSK_EVENT_CALLBACK_CONTROL names events that its socket has, one at a time where it disables them. */
import { nodePlace } from '../../../../cfront/parse/walk.ts';
import { copiesRecords } from '../../body/given-values.ts';
import { nodesIn } from '../../body/nodes.ts';
import { calledName } from '../../driver/callee.ts';
import { touchesMemory } from '../../flow/calls/apis.ts';
import { categoryOf, type SocketCategory } from '../../flow/facts/sockets.ts';
import type { FunctionInfo, Session } from '../../flow/run/session.ts';
import { resolve } from '../../flow/state/state.ts';
import type { Value } from '../../flow/values/values.ts';
import type { Rule } from '../../rule.ts';
import { eventMaskAt, numberOf } from '../../ways/socket-controls.ts';
import { categoryName, isThroughDatagramTable } from '../../ways/sockets.ts';
import { bitsText } from '../../ways/wording.ts';

const WSK_EVENT_DISABLE = 0x80000000n;
const ACCEPT = 0x200n;
const OF_CONNECTION = 0xd0n;
const RECEIVE_FROM = 0x100n;

/** What a listening socket has for connections is for the sockets that it accepts. */
const allowed: Readonly<Record<SocketCategory, bigint>> = {
  basic: 0n,
  listen: ACCEPT | OF_CONNECTION,
  datagram: RECEIVE_FROM,
  connection: OF_CONNECTION,
  stream: ACCEPT | OF_CONNECTION,
};

export const eventMask: Rule = {
  id: 'event-mask',
  severity: 'error',
  docRules: ['R53', 'R54', 'R55'],
  also: [],
  summary: 'WSK_EVENT_CALLBACK_CONTROL names events that the socket has, one at a time where they are disabled.',
  seesThroughHelpers: true,
  calls: 'wsk',
  call: (call, { state, session, report }) => {
    const control = eventMaskAt(call, state);
    if (control === undefined) return;
    const { mask, npi, input, isStatic } = control;
    const { where } = call;
    const [socket] = call.arguments;
    const fact = socket === undefined || isStatic ? undefined : state.wsk.sockets.get(socket.key);
    const made = fact === undefined ? undefined : categoryOf(resolve(state, fact.flags));
    const isForDatagrams = fact === undefined && !isStatic && isThroughDatagramTable(call.expression);
    const category = isForDatagrams ? 'datagram' : made;
    const problem = wrong(mask, numberOf(state, npi), isStatic ? 'any' : category) ?? otherNpi(npi);
    const isUnset = problem === undefined && isEmptyVariable(npi);
    if (problem === undefined && !isUnset) return;
    const { words, docRule } = problem ?? NO_NPI;
    const argument = where.inside === undefined ? where.arguments[input] : undefined;
    report({
      where,
      span: argument === undefined ? undefined : nodePlace(argument),
      message: `${words}: the call fails with STATUS_INVALID_PARAMETER and changes nothing.`,
      path: [],
      docRules: [docRule],
      when: () => !isUnset || nobodySets(session, 'NpiId'),
    });
  },
};

interface Problem {
  readonly words: string;
  readonly docRule: string;
}

const NO_NPI: Problem = {
  words: 'NpiId is NULL, and events are those of NPI_WSK_INTERFACE_ID alone',
  docRule: 'R55',
};

/** The identifier of something else. */
function otherNpi(npi: Value): Problem | undefined {
  const root = npi.kind === 'address' && npi.place.steps.length === 0 ? npi.place.root : undefined;
  // A driver may have a copy of its own, under a name like it.
  if (root?.kind !== 'global' || /WSK/i.test(root.variable.name)) return undefined;
  return {
    words: `NpiId is that of ${root.variable.name}, and events are those of NPI_WSK_INTERFACE_ID alone`,
    docRule: 'R55',
  };
}

/** What a variable of this file's own held when the driver was loaded: nothing. */
function isEmptyVariable(value: Value): boolean {
  if (value.kind !== 'symbol' || value.source.kind !== 'initial') return false;
  const { root } = value.source.place;
  if (root.kind !== 'global') return false;
  const { linkage, definition } = root.variable;
  return linkage !== 'external' && definition?.initializer === undefined;
}

/** No function assigns the member, and none copies such records as a whole. */
function nobodySets(session: Session, member: string): boolean {
  return session.functions.every(
    (fn) =>
      !fn.isUsers ||
      (!copiesControls(fn) &&
        nodesIn(fn.definition, 'assign').every(({ target }) => target.kind !== 'member' || target.name !== member)),
  );
}

/** It copies or fills such records as a whole, or may. */
function copiesControls({ definition }: FunctionInfo): boolean {
  return (
    copiesRecords(definition, '_WSK_EVENT_CALLBACK_CONTROL') ||
    nodesIn(definition, 'call').some((call) => touchesMemory(calledName(call) ?? ''))
  );
}

function wrong(
  mask: bigint | undefined,
  npi: bigint | undefined,
  category: SocketCategory | 'any' | undefined,
): Problem | undefined {
  if (npi === 0n) return NO_NPI;
  if (mask === undefined) return undefined;
  const events = mask & ~WSK_EVENT_DISABLE;
  if (category === undefined && Object.values(allowed).every((one) => (events & ~one) !== 0n))
    return { words: `EventMask ${bitsText(mask)} has events that no one kind of socket has together`, docRule: 'R54' };
  if (category !== undefined && category !== 'any' && (events & ~allowed[category]) !== 0n)
    return {
      words: `EventMask ${bitsText(mask)} has events that ${categoryName(category)} does not have`,
      docRule: 'R54',
    };
  const isDisable = events !== mask;
  return isDisable && (events === 0n || (events & (events - 1n)) !== 0n)
    ? { words: 'WSK_EVENT_DISABLE goes with exactly one event', docRule: 'R53' }
    : undefined;
}
