/** R106, R108, R112, R114, R116: what goes into the requests of d4drvif.h. */
import { constantValue, nodePlace, stripConversions } from '../../../../cfront/parse/walk.ts';
import { isNull, resolve } from '../../flow/state/state.ts';
import { whereOf } from '../../flow/state/where.ts';
import type { Value } from '../../flow/values/values.ts';
import { nodesIn } from '../../nodes.ts';
import type { Rule } from '../../rule.ts';

const notRequests = /\bIOCTL_DOT4_(?:LAST|USER_BASE)\b/;

export const requestArguments: Rule = {
  id: 'request-arguments',
  severity: 'error',
  docRules: ['R106', 'R112', 'R114', 'R116'],
  also: ['C6387'],
  summary: 'A device control request has a real code, buffers with their lengths, and the types of d4drvif.h.',
  call: ({ api, arguments: values, where }, { state, report }) => {
    if (api !== 'IoBuildDeviceIoControlRequest') return;
    const tell = (at: number, message: string, docRule: string): void => {
      const argument = where.arguments[at];
      report({
        where,
        span: argument === undefined ? undefined : nodePlace(argument),
        message,
        path: [],
        docRules: [docRule],
      });
    };
    const [code] = where.arguments;
    const span = code === undefined ? undefined : nodePlace(code);
    const written = span === undefined ? undefined : notRequests.exec(span.file.text.slice(span.start, span.end));
    if (written != null)
      tell(
        0,
        `${written[0]} is a number to count from, no request: the driver below answers STATUS_INVALID_DEVICE_REQUEST.`,
        'R106',
      );
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
      for (const node of nodesIn(fn.definition, 'assign')) {
        if (node.target.kind === 'member' && node.target.name === 'bType') {
          const value = constantValue(node.value);
          if (value === undefined || value === 1n || value === 2n) continue;
          report({
            where: whereOf(node),
            span: nodePlace(node),
            message: `bType ${value} is no type of a channel: it is STREAM_TYPE_CHANNEL or PACKET_TYPE_CHANNEL, and with anything else the request fails.`,
            path: [],
            docRules: ['R112'],
          });
        }
      }
      for (const node of nodesIn(fn.definition, 'call')) {
        const callee = stripConversions(node.callee, { casts: true });
        const [argument] = node.arguments;
        const given = argument === undefined ? undefined : stripConversions(argument, { casts: true });
        if (callee.kind !== 'name' || !/^(?:Zw|Nt)Close$/.test(callee.symbol.name)) continue;
        if (given?.kind !== 'member' || given.name !== 'hChannelHandle') continue;
        report({
          where: whereOf(node),
          span: nodePlace(node),
          message: `${callee.symbol.name} gets the number of a Dot4 channel, which is no handle: it fails, or closes something else. IOCTL_DOT4_CLOSE_CHANNEL closes a channel.`,
          path: [],
          docRules: ['R114'],
        });
      }
    }
  },
};

const NOTHING: Value = { kind: 'anything', key: '?' };
