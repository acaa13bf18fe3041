/**
 * Where a function may ask about the exception that is being handled: GetExceptionCode in the filter and the block of
 * `__except`, GetExceptionInformation in the filter only, AbnormalTermination in the block of `__finally`. Microsoft's
 * compiler refuses them everywhere else (C2707).
 */
import { place, type Token } from '../../tokenize/token.ts';
import { report } from '../mistakes/problems.ts';
import type { Parser } from '../state.ts';

/** A part of a `__try` statement behind its body. */
export type HandlerPart = 'filter' | 'except' | 'finally';

interface Rule {
  readonly parts: readonly HandlerPart[];
  readonly where: string;
  readonly name: string;
}

const rules: ReadonlyMap<string, Rule> = new Map([
  [
    '_exception_code',
    {
      parts: ['filter', 'except'],
      where: 'the filter or the block of __except',
      name: 'GetExceptionCode',
    },
  ],
  [
    '_exception_info',
    {
      parts: ['filter'],
      where: 'the filter of __except',
      name: 'GetExceptionInformation',
    },
  ],
  [
    '_abnormal_termination',
    {
      parts: ['finally'],
      where: 'the block of __finally',
      name: 'AbnormalTermination',
    },
  ],
]);

/** Reports the compiler's own function `name` where it cannot stand. */
export function checkPlace(p: Parser, token: Token, name: string): void {
  const rule = rules.get(name);
  if (rule === undefined || p.function === undefined) return;
  if (p.function.handlers.some((part) => rule.parts.includes(part))) return;
  report(p, 'error', 'misplaced-intrinsic', `${rule.name} may only be called in ${rule.where}.`, place(token));
}
