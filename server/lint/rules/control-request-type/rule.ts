/** R51, R52: an option goes with its level and with WskSetOption or WskGetOption, an IOCTL with WskIoctl and level 0. */
import type { Span } from '../../../../base/source.ts';
import { nodePlace } from '../../../../cfront/parse/walk.ts';
import { resolve } from '../../flow/state/state.ts';
import type { Rule } from '../../rule.ts';
import { writtenFor } from '../../written.ts';

/** What is written tells what was meant: the numbers of different levels are equal. */
const optionNames = /^SO_[A-Z_]+$/;
const ioctlNames = /^SIO_[A-Z_]+$/;
const WSK_IOCTL = 2n;
const SOL_SOCKET = 0xffffn;
const WSK_GET_OPTION = 1n;

export const controlRequestType: Rule = {
  id: 'control-request-type',
  severity: 'error',
  docRules: ['R51', 'R52'],
  also: [],
  summary: 'A SIO_ code goes with WskIoctl and level 0, a SO_ code with WskSetOption or WskGetOption and SOL_SOCKET.',
  seesThroughHelpers: true,
  call: ({ api, isWsk, arguments: values, parameters, where }, { state, fn, session, report }) => {
    if (!isWsk || api !== 'WskControlSocket') return;
    const at = (name: string): number => parameters.indexOf(name);
    const number = (name: string): bigint | undefined => {
      const value = values[at(name)];
      const known = value === undefined ? undefined : resolve(state, value);
      return known?.kind === 'integer' ? known.value : undefined;
    };
    const written = writtenFor(session, fn, where, { index: at('ControlCode'), pattern: /\bS(?:IO|O)_[A-Z_]+\b/g });
    const [code = ''] = written?.names ?? [];
    // Of several codes nobody knows here which one it is.
    if (written === undefined || new Set(written.names).size !== 1) return;
    const request = number('RequestType');
    const level = number('Level');
    // Another request takes another level with it.
    const levelFor = (request: string): readonly { readonly span: Span; readonly newText: string }[] => {
      const argument = where.inside === undefined ? where.arguments[at('Level')] : undefined;
      if (argument === undefined || (request !== 'WskIoctl' && request !== 'WskSetOption')) return [];
      return [{ span: nodePlace(argument), newText: request === 'WskIoctl' ? '0' : 'SOL_SOCKET' }];
    };
    const tell = (parameter: string, newText: string, message: string, docRule: string): void => {
      // In a helper the argument is not written here.
      const argument = where.inside === undefined ? where.arguments[at(parameter)] : undefined;
      const span = argument === undefined ? undefined : nodePlace(argument);
      report({
        where,
        ...(span === undefined
          ? {}
          : { span, fixes: [{ title: `Pass ${newText}`, edits: [{ span, newText }, ...levelFor(newText)] }] }),
        message,
        path: [],
        docRules: [docRule],
      });
    };
    if (ioctlNames.test(code)) {
      if (request !== undefined && request !== WSK_IOCTL)
        tell(
          'RequestType',
          'WskIoctl',
          `${code} is an IOCTL, but it is asked for as an option: the call fails.`,
          'R52',
        );
      else if (level !== undefined && level !== 0n)
        tell('Level', '0', `${code} is an IOCTL, which has no level: with anything but 0 the call fails.`, 'R51');
      return;
    }
    if (!optionNames.test(code)) return;
    if (request === WSK_IOCTL)
      tell(
        'RequestType',
        'WskSetOption',
        `${code} is an option, but it is asked for as an IOCTL: the call fails.`,
        'R52',
      );
    else if (request === WSK_GET_OPTION && code === 'SO_WSK_EVENT_CALLBACK')
      tell('RequestType', 'WskSetOption', `${code} can be set, but not read: the call fails.`, 'R52');
    else if (level !== undefined && level !== SOL_SOCKET)
      tell(
        'Level',
        'SOL_SOCKET',
        `${code} belongs to SOL_SOCKET: at level ${level} its number means another option, or none.`,
        'R51',
      );
  },
};
