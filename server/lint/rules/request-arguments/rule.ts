/** Requests to the Dot4 driver have a code that is one, buffers of the types in d4drvif.h, and lengths that are theirs. */
import { memo } from '../../../../base/memo.ts';
import type { AssignExpression, Expression, FunctionDefinition } from '../../../../cfront/parse/ast.ts';
import { constantValue, nodePlace, stripConversions } from '../../../../cfront/parse/walk.ts';
import { copiesRecords, holdersOf } from '../../body/given-values.ts';
import { nodesIn } from '../../body/nodes.ts';
import { isRecord, memberRecord, pointsTo } from '../../body/record-type.ts';
import { calledName } from '../../driver/callee.ts';
import { heldBehind } from '../../flow/calls/behind.ts';
import type { ApiCall } from '../../flow/facts/events.ts';
import { OFFSET } from '../../flow/facts/layout.ts';
import type { Session } from '../../flow/run/session.ts';
import { isNull, resolve, type State } from '../../flow/state/state.ts';
import { whereOf } from '../../flow/state/where.ts';
import { placeAt, type Value } from '../../flow/values/values.ts';
import type { Report, Rule } from '../../rule.ts';
import { tornSums } from './last-code.ts';
import { longNames, MAX_NAME_BYTES } from './service-name.ts';

const notRequests = /\bIOCTL_DOT4_(?:LAST|USER_BASE)\b/;

export const requestArguments: Rule = {
  id: 'request-arguments',
  severity: 'error',
  docRules: ['R106', 'R107', 'R108', 'R109', 'R111', 'R112', 'R113', 'R114', 'R116'],
  also: ['C6387'],
  summary: 'A device control request has a real code, buffers with their lengths, and the types of d4drvif.h.',
  seesThroughHelpers: true,
  calls: ['IoBuildDeviceIoControlRequest'],
  call: (call, { state, session, report }) => {
    const { arguments: values, where } = call;
    const tell = (at: number, message: string, docRule: string): void => {
      const argument = where.inside === undefined ? where.arguments[at] : undefined;
      report({
        where,
        span: argument === undefined ? undefined : nodePlace(argument),
        message,
        path: [],
        docRules: [docRule],
      });
    };
    const code = resolve(state, values[0] ?? NOTHING);
    const notRequest = code.kind === 'integer' ? numbers[String(code.value)] : undefined;
    if (notRequest !== undefined)
      tell(
        0,
        `${notRequest} is a number to count from, no request: the driver below answers STATUS_INVALID_DEVICE_REQUEST.`,
        'R106',
      );
    const request = code.kind === 'integer' ? requests[String(code.value)] : undefined;
    for (const [at, wanted] of [
      [2, request?.input],
      [4, request?.output],
    ] as const) {
      const length = resolve(state, values[at + 1] ?? NOTHING);
      if (request === undefined || wanted === undefined || length.kind !== 'integer' || length.value === wanted.bytes)
        continue;
      // An output that nobody wants has no buffer; a NULL buffer with a length is told below.
      if (isNull(state, values[at] ?? NOTHING)) continue;
      tell(
        at + 1,
        `${request.name} takes a ${wanted.type} of ${wanted.bytes} bytes here, and the length is ${length.value}: the driver below answers STATUS_INVALID_PARAMETER, or reads and writes beyond the buffer.`,
        length.value === POINTER_BYTES && !isOfOther(where.arguments[at], wanted.type) ? 'R108' : 'R109',
      );
    }
    const carried = code.kind === 'integer' ? numbersOf[String(code.value)] : undefined;
    if (carried !== undefined && isOwnRecord(state, values[2], carried.record))
      report({
        where,
        message: `${request?.name} gets a ${carried.member} that nobody ever sets: it comes from ${carried.from}, and without it the request fails, or reaches what is another's.`,
        path: [],
        docRules: ['R111'],
        once: `${carried.record}.${carried.member}`,
        when: () => !isEverSet(session, carried),
      });
    const type = code.kind === 'integer' && code.value === CREATE_SOCKET ? channelType(call, state) : undefined;
    if (type !== undefined && type !== 1n && type !== 2n)
      report({
        where,
        message: `bType is ${type} in what this request is given, which is no type of a channel: it is STREAM_TYPE_CHANNEL or PACKET_TYPE_CHANNEL, and with anything else the request fails.`,
        path: [],
        docRules: ['R112'],
        when: () => !session.functions.some(({ definition }) => badTypes(definition).length > 0),
      });
    for (const [at, name] of [
      [2, 'InputBuffer'],
      [4, 'OutputBuffer'],
    ] as const) {
      const buffer = values[at];
      const length = resolve(state, values[at + 1] ?? NOTHING);
      if (buffer === undefined || !isNull(state, buffer) || length.kind !== 'integer' || length.value === 0n) continue;
      tell(
        at + 1,
        `${name} is NULL, but its length is ${length.value}: the driver below reads or writes at address 0.`,
        'R116',
      );
    }
  },
  finish: ({ session, report }) => {
    for (const fn of session.functions) {
      if (!fn.isUsers) continue;
      for (const { node, ...told } of writtenWrong(fn.definition))
        report({ where: whereOf(node), span: nodePlace(node), path: [], ...told });
      for (const { call, bytes, isRoom } of longNames(session, fn.definition))
        report({
          where: whereOf(call),
          span: nodePlace(call),
          message: isRoom
            ? `${calledName(call)} is told that pServiceName has room for ${bytes} bytes, and it has room for ${MAX_NAME_BYTES}: a longer name overwrites what follows, bType first.`
            : `${bytes} bytes are copied to pServiceName, which has room for ${MAX_NAME_BYTES}: they overwrite what follows, bType first.`,
          path: [],
          docRules: ['R113'],
        });
    }
  },
};

interface WrittenWrong extends Pick<Report, 'message' | 'severity' | 'docRules'> {
  readonly node: Expression;
}

/** What the text of one function shows by itself. */
const writtenWrong = memo((definition: FunctionDefinition): readonly WrittenWrong[] => {
  const sums = tornSums(definition).map(
    (node): WrittenWrong => ({
      node,
      severity: 'warning',
      message:
        'IOCTL_DOT4_LAST is a sum without parentheses, and the operator beside it takes only a part of that: the number is another than what stands here.',
      docRules: ['R107'],
    }),
  );
  const types = badTypes(definition).map(({ node, value }) => ({
    node,
    message: `bType ${value} is no type of a channel: it is STREAM_TYPE_CHANNEL or PACKET_TYPE_CHANNEL, and with anything else the request fails.`,
    docRules: ['R112'],
  }));
  const codes = nodesIn(definition, 'assign').flatMap((node): readonly WrittenWrong[] => {
    const written = isMember(node.target, 'IoControlCode') ? notRequests.exec(textOf(node.value)) : null;
    if (written === null) return [];
    const message = `${written[0]} is a number to count from, no request: the driver below answers STATUS_INVALID_DEVICE_REQUEST.`;
    return [{ node, message, docRules: ['R106'] }];
  });
  return [...sums, ...types, ...codes, ...closedChannels(definition)];
});

/** The number of a channel as a handle. */
function closedChannels(definition: FunctionDefinition): readonly WrittenWrong[] {
  const closing = nodesIn(definition, 'call').filter((call) => /^(?:Zw|Nt)Close$/.test(calledName(call) ?? ''));
  if (closing.length === 0) return [];
  const isNumber = (e: Expression): boolean => {
    const inner = stripConversions(e, { casts: true });
    return isMember(inner, 'hChannelHandle') || inner.type.alias === 'CHANNEL_HANDLE';
  };
  const channels = holdersOf(definition, isNumber);
  return closing.flatMap((node): readonly WrittenWrong[] => {
    const [argument] = node.arguments;
    const given = argument === undefined ? undefined : stripConversions(argument, { casts: true });
    if (given === undefined || !(isNumber(given) || (given.kind === 'name' && channels.has(given.symbol)))) return [];
    const message = `${calledName(node)} gets the number of a Dot4 channel, which is no handle: it fails, or closes something else. IOCTL_DOT4_CLOSE_CHANNEL closes a channel.`;
    return [{ node, message, docRules: ['R114'] }];
  });
}

const NOTHING: Value = { kind: 'anything', key: '?' };

const numbers: Readonly<Record<string, string>> = { 2049: 'IOCTL_DOT4_USER_BASE', 2058: 'IOCTL_DOT4_LAST' };
const POINTER_BYTES = 8n;

/** It points to another structure than the request takes. */
function isOfOther(buffer: Expression | undefined, wanted: string): boolean {
  if (buffer === undefined) return false;
  const { type } = stripConversions(buffer, { casts: true });
  return type.kind === 'pointer' && type.target.kind === 'record' && !pointsTo(type, `_${wanted}`);
}
const CREATE_SOCKET = 0x3a2022n;
const TYPE_OFFSET = OFFSET['_DOT4_DC_CREATE_DATA.bType'];

interface Request {
  readonly name: string;
  readonly input?: { readonly type: string; readonly bytes: bigint };
  readonly output?: { readonly type: string; readonly bytes: bigint };
}

const CREATE_DATA = { type: 'DOT4_DC_CREATE_DATA', bytes: 56n };
const OPEN_DATA = { type: 'DOT4_DC_OPEN_DATA', bytes: 8n };
const COMMAND = { type: 'DOT4_DRIVER_CMD', bytes: 16n };
const CHANNEL = { type: 'CHANNEL_HANDLE', bytes: 4n };

/** What the requests take and give, by their codes. */
const requests: Readonly<Record<string, Request>> = {
  [0x3a2006]: { name: 'IOCTL_DOT4_OPEN_CHANNEL', input: OPEN_DATA, output: OPEN_DATA },
  [0x3a2008]: { name: 'IOCTL_DOT4_CLOSE_CHANNEL', input: CHANNEL },
  [0x3a200e]: { name: 'IOCTL_DOT4_READ', input: COMMAND },
  [0x3a2011]: { name: 'IOCTL_DOT4_WRITE', input: COMMAND },
  [0x3a2014]: { name: 'IOCTL_DOT4_ADD_ACTIVITY_BROADCAST', input: CHANNEL },
  [0x3a2018]: { name: 'IOCTL_DOT4_REMOVE_ACTIVITY_BROADCAST', input: CHANNEL },
  [0x3a201e]: { name: 'IOCTL_DOT4_WAIT_ACTIVITY_BROADCAST', output: { type: 'DOT4_ACTIVITY', bytes: 12n } },
  [0x3a2022]: { name: 'IOCTL_DOT4_CREATE_SOCKET', input: CREATE_DATA, output: CREATE_DATA },
  [0x3a202a]: { name: 'IOCTL_DOT4_DESTROY_SOCKET', input: { type: 'DOT4_DC_DESTROY_DATA', bytes: 1n } },
};

/** What a request gives is what the one before it has brought. */
interface Carried {
  readonly record: string;
  readonly member: string;
  readonly from: string;
}

const OF_CHANNEL: Carried = {
  record: '_DOT4_DRIVER_CMD',
  member: 'hChannelHandle',
  from: 'IOCTL_DOT4_OPEN_CHANNEL',
};
const numbersOf: Readonly<Record<string, Carried>> = {
  [0x3a2006]: { record: '_DOT4_DC_OPEN_DATA', member: 'bHsid', from: 'IOCTL_DOT4_CREATE_SOCKET' },
  [0x3a200e]: OF_CHANNEL,
  [0x3a2011]: OF_CHANNEL,
};

/** The input is a variable of the function's own, and nothing that came from a program. */
function isOwnRecord(state: State, input: Value | undefined, record: string): boolean {
  const place = input === undefined ? undefined : placeAt(resolve(state, input));
  return place?.root.kind === 'local' && isRecord(place.root.variable.type, record);
}

/** Some function assigns the member, or fills such records as a whole. */
function isEverSet({ functions }: Session, { record, member }: Carried): boolean {
  return functions.some(
    ({ isUsers, definition }) =>
      isUsers &&
      (copiesRecords(definition, record) ||
        // A name that is misspelt, or half typed.
        nodesIn(definition, 'member').some(
          (node) => node.field === undefined && isRecord(memberRecord(node), record),
        ) ||
        nodesIn(definition, 'assign').some(
          ({ target }) => target.kind === 'member' && target.name === member && isRecord(memberRecord(target), record),
        ) ||
        nodesIn(definition, 'variable-declaration').some(
          ({ symbol, initializer }) =>
            isRecord(symbol.type, record) && initializer?.kind === 'list' && initializer.entries.length > 1,
        ) ||
        nodesIn(definition, 'call').some(
          (call) =>
            /cpy|[Cc]opy|[Mm]ove/.test(calledName(call) ?? '') &&
            call.arguments.some((e) => pointsTo(stripConversions(e, { casts: true }).type, record)),
        )),
  );
}

/** The bType in the input of the request, where it is known. */
function channelType(call: ApiCall, state: State): bigint | undefined {
  const held = resolve(state, heldBehind(state, call, { index: 2, offset: TYPE_OFFSET, size: 1 }));
  return held.kind === 'integer' ? held.value : undefined;
}

interface BadType {
  readonly node: AssignExpression;
  readonly value: bigint;
}

function badTypes(definition: FunctionDefinition): readonly BadType[] {
  return nodesIn(definition, 'assign').flatMap((node) => {
    const value = isMember(node.target, 'bType') ? constantValue(node.value) : undefined;
    return value === undefined || value === 1n || value === 2n ? [] : [{ node, value }];
  });
}

function isMember(e: Expression, name: string): boolean {
  return e.kind === 'member' && e.name === name;
}

function textOf(e: Expression): string {
  const { file, start, end } = nodePlace(e);
  return file.text.slice(start, end);
}
