/**
 * What is wrong with the request type or the level that a code goes with. In: the code as it is written, since numbers
 * of different levels are equal. Out: the message, and the arguments that would make it right, the wrong one first.
 */
import type { TranslationUnit } from '../../../../cfront/unit.ts';
import type { ControlRequest } from '../../ways/socket-controls.ts';

export interface Mistake {
  readonly message: string;
  readonly docRule: string;
  /** Where it changes nothing at run time. */
  readonly severity?: 'hint';
  readonly changes: readonly { readonly parameter: string; readonly newText: string }[];
}

/** Every name of an option or an IOCTL that somebody may write. */
export const controlNames = /\b(?:SI?O|IP|IPV6|TCP|UDP)_[A-Z0-9_]+\b/g;

const SO_LEVEL = { name: 'SOL_SOCKET', number: 0xffffn };
/** By what their names begin with: options of the protocols. */
const levels: Readonly<Record<string, typeof SO_LEVEL>> = {
  SO: SO_LEVEL,
  IP: { name: 'IPPROTO_IP', number: 0n },
  IPV6: { name: 'IPPROTO_IPV6', number: 41n },
  TCP: { name: 'IPPROTO_TCP', number: 6n },
  UDP: { name: 'IPPROTO_UDP', number: 17n },
};

export function mistakeOf(
  unit: TranslationUnit,
  code: string,
  request: ControlRequest | undefined,
  level: bigint | undefined,
): Mistake | undefined {
  const [kind = ''] = code.split('_');
  if (kind === 'SIO') return mistakeOfIoctl(code, request, level);
  const own = levels[kind];
  if (own === undefined || (kind !== 'SO' && !isOption(unit, code))) return undefined;
  const right = { parameter: 'Level', newText: own.name };
  if (request === 'ioctl')
    return {
      message: `${code} is an option, but it is asked for as an IOCTL: the call fails.`,
      docRule: 'R52',
      changes: [{ parameter: 'RequestType', newText: 'WskSetOption' }, right],
    };
  if (request === 'get' && code === 'SO_WSK_EVENT_CALLBACK')
    return {
      message: `${code} can be set, but not read: the call fails.`,
      docRule: 'R52',
      changes: [{ parameter: 'RequestType', newText: 'WskSetOption' }, right],
    };
  if (level === undefined || BigInt.asUintN(32, level) === own.number) return undefined;
  return {
    message: `${code} belongs to ${own.name}: at level ${level} its number means another option, or none.`,
    docRule: 'R51',
    changes: [right],
  };
}

function mistakeOfIoctl(
  code: string,
  request: ControlRequest | undefined,
  level: bigint | undefined,
): Mistake | undefined {
  const right = { parameter: 'Level', newText: '0' };
  if (request !== undefined && request !== 'ioctl')
    return {
      message: `${code} is an IOCTL, but it is asked for as an option: the call fails.`,
      docRule: 'R52',
      changes: [{ parameter: 'RequestType', newText: 'WskIoctl' }, right],
    };
  if (level === undefined || level === 0n) return undefined;
  return {
    message: `${code} is an IOCTL: WSK does not look at the Level of one, and Microsoft's pages give 0.`,
    docRule: 'R51',
    severity: 'hint',
    changes: [right],
  };
}

/** A header of Windows has it: TCP_PORT is nobody's option. */
function isOption(unit: TranslationUnit, name: string): boolean {
  const span = unit.macros.get(name)?.span;
  return span !== undefined && unit.isSystemFile(span.file);
}
