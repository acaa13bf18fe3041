/** ctype.h: classes of ASCII characters; towlower and towupper of any. */

import { returns } from '../../machine/native.ts';
import type { KernelApis } from '../kernel-apis.ts';
import type { Api } from '../kernel-types.ts';

const isIn =
  (pattern: RegExp): Api =>
  (_kernel, { arguments: args }) => {
    const code = args.int(0);
    return returns(code >= 0 && code < 128 && pattern.test(String.fromCharCode(code)) ? 1 : 0);
  };

export const characterApis = {
  isalnum: isIn(/[A-Za-z0-9]/),
  isalpha: isIn(/[A-Za-z]/),
  isblank: isIn(/[ \t]/),
  iscntrl: (_kernel, { arguments: args }) => {
    const code = args.int(0);
    return returns((code >= 0 && code < 32) || code === 127 ? 1 : 0);
  },
  isdigit: isIn(/[0-9]/),
  isgraph: isIn(/[\x21-\x7e]/),
  islower: isIn(/[a-z]/),
  isprint: isIn(/[\x20-\x7e]/),
  ispunct: isIn(/[!-/:-@[-`{-~]/),
  isspace: isIn(/[\t-\r ]/),
  isupper: isIn(/[A-Z]/),
  isxdigit: isIn(/[0-9A-Fa-f]/),
  /** The kernel's own table: every letter that has the other case as one character. */
  towlower: (_kernel, { arguments: args }) => returns(wideCase(args.uint(0) & 0xffff, 'lower')),
  towupper: (_kernel, { arguments: args }) => returns(wideCase(args.uint(0) & 0xffff, 'upper')),
  tolower: (_kernel, { arguments: args }) => {
    const code = args.int(0);
    return returns(code >= 65 && code <= 90 ? code + 32 : code);
  },
  toupper: (_kernel, { arguments: args }) => {
    const code = args.int(0);
    return returns(code >= 97 && code <= 122 ? code - 32 : code);
  },
} satisfies KernelApis;

function wideCase(code: number, wanted: 'lower' | 'upper'): number {
  const character = String.fromCharCode(code);
  const other = wanted === 'lower' ? character.toLowerCase() : character.toUpperCase();
  return other.length === 1 ? other.charCodeAt(0) : code;
}
