/** errno.h: the number of the last error, in a variable of the program's own memory. */
import { type GuestAddress, NULL_ADDRESS, returns } from '../../machine/native.ts';
import { writeText } from '../guest-text.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Kernel } from '../kernel-types.ts';

export const errorNumbers = { noEntry: 2, badFile: 9, exists: 17, invalid: 22, domain: 33, range: 34 } as const;

const texts: Readonly<Record<number, string>> = {
  0: 'No error',
  2: 'No such file or directory',
  9: 'Bad file descriptor',
  12: 'Not enough space',
  13: 'Permission denied',
  17: 'File exists',
  22: 'Invalid argument',
  33: 'Domain error',
  34: 'Result too large',
};

export const errorApis = {
  _errno: (kernel) => returns(errnoAddress(kernel)),
  strerror: (kernel, { arguments: args }) => {
    const text = errorText(args.int(0));
    const { library } = kernel.parts;
    library.errorTextAt ??= kernel.memory.allocate({ size: 64, kind: 'object', label: 'the text of strerror' })?.start;
    if (library.errorTextAt === undefined) return returns(NULL_ADDRESS);
    writeText(kernel, library.errorTextAt, `${text}\0`, 1);
    return returns(library.errorTextAt);
  },
} satisfies KernelApis;

export function errorText(number: number): string {
  return texts[number] ?? 'Unknown error';
}

export function setError(kernel: Kernel, number: number): void {
  const at = errnoAddress(kernel);
  if (at !== NULL_ADDRESS) kernel.memory.writeU32(at, number);
}

export function errnoAddress(kernel: Kernel): GuestAddress {
  const { library } = kernel.parts;
  library.errnoAt ??= kernel.memory.allocate({ size: 4, kind: 'object', label: 'errno' })?.start;
  return library.errnoAt ?? NULL_ADDRESS;
}
