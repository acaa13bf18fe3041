/**
 * What a control request asks for, as a driver's text would say it, for the timeline and the tree of IRPs:
 * "WskGetOption, SO_RCVBUF", "WskIoctl, SIO_WSK_SET_REMOTE_ADDRESS"; a number where no name is known.
 */
import type { Kernel } from '../../kernel/kernel-types.ts';
import { constant } from '../status.ts';
import type { Control } from './control-types.ts';
import { ioctlName, unemulatedIoctl } from './ioctl-codes.ts';
import { findOption, optionOfUserMode, unemulatedOption } from './options.ts';

const requestTypes = { set: 'WskSetOption', get: 'WskGetOption', ioctl: 'WskIoctl' } as const;

/** Options that have no value of their own in the table of options. */
const requests: Readonly<Record<string, readonly string[]>> = {
  SOL_SOCKET: ['SO_WSK_EVENT_CALLBACK', 'SO_WSK_SECURITY'],
  IPPROTO_IP: ['IP_ADD_MEMBERSHIP', 'IP_DROP_MEMBERSHIP'],
  IPPROTO_IPV6: ['IPV6_ADD_MEMBERSHIP', 'IPV6_DROP_MEMBERSHIP'],
};

export function controlSubject(kernel: Kernel, { type, code, level }: Control): string {
  const name =
    type === 'ioctl' ? (ioctlName(kernel, code) ?? unemulatedIoctl(kernel, code)) : optionName(kernel, level, code);
  return `${requestTypes[type]}, ${name ?? `0x${code.toString(16).toUpperCase()}`}`;
}

function optionName(kernel: Kernel, level: number, code: number): string | undefined {
  for (const [of, names] of Object.entries(requests)) {
    const name = constant(kernel, of) === level ? names.find((one) => constant(kernel, one) === code) : undefined;
    if (name !== undefined) return name;
  }
  return (
    findOption(kernel, level, code)?.name ??
    optionOfUserMode(kernel, level, code)?.name ??
    unemulatedOption(kernel, level, code)
  );
}
