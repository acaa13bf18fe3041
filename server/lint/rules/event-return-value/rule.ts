/** What an event callback may return is laid down for each, and with which status its output counts. */
import { nodePlace } from '../../../../cfront/parse/walk.ts';
import { roleOf } from '../../driver/roles.ts';
import { STATUS_PENDING } from '../../flow/facts/statuses.ts';
import { isInitial, rangeOf, type State } from '../../flow/state/state.ts';
import { siteKey } from '../../flow/state/where.ts';
import { valuesOf } from '../../flow/values/ranges.ts';
import { parameterValue, placeAt } from '../../flow/values/values.ts';
import type { Rule } from '../../rule.ts';
import { statusText } from '../../ways/wording.ts';

const SUCCESS = 0n;
const REQUEST_NOT_ACCEPTED = 0xc00000d0n;
const DATA_NOT_ACCEPTED = 0xc000021bn;
/** WskInspectReject, WskInspectAccept and WskInspectPend. */
const INSPECT_ACTIONS = [0n, 1n, 2n];
const NOT_IMPLEMENTED = 0xc0000002n;

interface Allowed {
  readonly name: string;
  readonly codes: readonly bigint[];
  readonly text: string;
  /** WSK does nothing with the value yet. */
  readonly isUnused?: true;
}

const received = 'STATUS_SUCCESS, STATUS_PENDING or STATUS_DATA_NOT_ACCEPTED';
const allowed: Readonly<Record<string, Allowed>> = {
  WSK_ACCEPT_EVENT: {
    name: 'WskAcceptEvent',
    codes: [SUCCESS, REQUEST_NOT_ACCEPTED],
    text: 'STATUS_SUCCESS or STATUS_REQUEST_NOT_ACCEPTED',
  },
  WSK_RECEIVE_EVENT: { name: 'WskReceiveEvent', codes: [SUCCESS, STATUS_PENDING, DATA_NOT_ACCEPTED], text: received },
  WSK_RECEIVE_FROM_EVENT: {
    name: 'WskReceiveFromEvent',
    codes: [SUCCESS, STATUS_PENDING, DATA_NOT_ACCEPTED],
    text: received,
  },
  WSK_DISCONNECT_EVENT: { name: 'WskDisconnectEvent', codes: [SUCCESS], text: 'STATUS_SUCCESS' },
  WSK_SEND_BACKLOG_EVENT: { name: 'WskSendBacklogEvent', codes: [SUCCESS], text: 'STATUS_SUCCESS' },
  WSK_INSPECT_EVENT: {
    name: 'WskInspectEvent',
    codes: INSPECT_ACTIONS,
    text: 'WskInspectReject, WskInspectAccept or WskInspectPend',
  },
  WSK_CLIENT_EVENT: {
    name: 'WskClientEvent',
    codes: [NOT_IMPLEMENTED],
    text: 'STATUS_NOT_IMPLEMENTED',
    isUnused: true,
  },
  WSK_ABORT_EVENT: { name: 'WskAbortEvent', codes: [SUCCESS], text: 'STATUS_SUCCESS' },
};

export const eventReturnValue: Rule = {
  id: 'event-return-value',
  severity: 'error',
  docRules: ['R11', 'R85', 'R89'],
  also: [],
  summary: 'An event callback returns one of the statuses that WSK knows from it.',
  exit: (exit, { state, fn, session, report }) => {
    const role = allowed[roleOf(session, fn) ?? ''];
    if (role === undefined || exit.value === undefined) return;
    const statuses = valuesOf(rangeOf(state, exit.value))?.map((value) => BigInt.asUintN(32, value));
    const [status] = statuses ?? [];
    if (statuses === undefined || status === undefined) return;
    if (role.name === 'WskReceiveEvent' && !statuses.includes(SUCCESS) && setsBytesAccepted(state))
      report({
        where: exit.where,
        message: `${fn.definition.symbol.name} returns ${statusText(status)} after it has set *BytesAccepted, at which WSK looks only with STATUS_SUCCESS: it takes nothing of the data for accepted.`,
        path: [],
        docRules: ['R89'],
        severity: 'info',
        once: `accepted ${siteKey(exit.where)}`,
      });
    if (statuses.some((one) => role.codes.includes(one))) return;
    const { node } = exit.where;
    const value = 'value' in node ? (node.value as Parameters<typeof nodePlace>[0] | undefined) : undefined;
    report({
      where: exit.where,
      span: value === undefined ? undefined : nodePlace(value),
      message: `${fn.definition.symbol.name} is a ${role.name} callback and returns ${statusText(status)}; WSK knows only ${role.text} from it, and ${role.isUnused === true ? 'a later one may take another for an answer' : 'what it does with data or a socket after another one is undefined'}.`,
      path: [],
      docRules: [role.isUnused === true ? 'R11' : 'R85'],
      ...(role.isUnused === true ? { severity: 'info' } : {}),
      once: siteKey(exit.where),
    });
  },
};

/** To something else than 0, which is what it means anyway. */
function setsBytesAccepted(state: State): boolean {
  const cell = state.cells.get(placeAt(parameterValue(BYTES_ACCEPTED))?.key ?? '');
  return cell !== undefined && !isInitial(cell) && rangeOf(state, cell.value).max !== 0n;
}

const BYTES_ACCEPTED = 4;
