/**
 * `#pragma warning`: which of our warnings a driver has turned off by the numbers that Microsoft's compiler gives to
 * the same complaint.
 */
import { positionAt, type SourceFile, type Span } from '../../../base/source.ts';
import { place, type Token } from '../../tokenize/token.ts';

/** Pushes beyond this are ignored: a file that does so is broken. */
const stackMax = 1000;

/** Our code to Microsoft's numbers; any one of them turns it off. */
const numbers: Readonly<Record<string, readonly number[]>> = {
  'implicit-function': [4013],
  'too-many-arguments': [4020, 4087],
  'parameter-mismatch': [4028],
  'missing-return-value': [4033],
  'integer-to-pointer': [4047],
  'pointer-to-integer': [4047],
  'pointer-integer-comparison': [4047],
  'discards-qualifiers': [4090],
  'declares-nothing': [4091],
  'value-in-void-function': [4098],
  'incompatible-function-pointer': [4113, 4133],
  'incompatible-pointer': [4047, 4133],
  'pointer-truncation': [4302, 4305, 4311],
  'cast-as-lvalue': [4213],
  'implicit-int': [4431],
  'shift-count': [4293],
  'unsigned-minus': [4146],
  'division-by-zero': [4723],
  'empty-record': [4034, 4094],
  'enum-constant-range': [4309, 4341],
  'benign-redefinition': [4142],
  'extern-to-static': [4211],
  'no-return': [4716],
  'format-arguments': [4313, 4473, 4474, 4477],
  deprecated: [4995, 4996],
};

export interface WarningState {
  off: ReadonlySet<number>;
  readonly stack: ReadonlySet<number>[];
  /** Of the last `suppress`: it holds for the next line only. */
  suppressed: { readonly numbers: readonly number[]; readonly file: SourceFile; readonly line: number } | undefined;
}

export function warningState(): WarningState {
  return { off: new Set(), stack: [], suppressed: undefined };
}

/** `push`, `pop`, `disable: n n`, `default: n`, `suppress: n`, several joined by `;`. `next` is the token behind. */
export function applyWarning(state: WarningState, words: readonly string[], next: Token): void {
  let verb = '';
  for (const word of words) {
    if (word === 'push' && state.stack.length < stackMax) state.stack.push(state.off);
    else if (word === 'pop') state.off = state.stack.pop() ?? state.off;
    else if (/^[a-z]/.test(word)) verb = word;
    else if (/^\d{4,}$/.test(word)) applyNumber(state, verb, Number(word), next);
  }
}

/** The warning with this code is turned off where the cursor stands. */
export function isTurnedOff(state: WarningState, code: string, span: Span): boolean {
  const own = numbers[code];
  if (own === undefined) return false;
  if (own.some((n) => state.off.has(n))) return true;
  const { suppressed } = state;
  if (suppressed === undefined || suppressed.file !== span.file) return false;
  return own.some((n) => suppressed.numbers.includes(n)) && positionAt(span.file, span.start).line === suppressed.line;
}

function applyNumber(state: WarningState, verb: string, number: number, next: Token): void {
  if (verb === 'disable') {
    state.off = new Set([...state.off, number]);
  } else if (verb === 'suppress') {
    const { file, start } = place(next);
    const { line } = positionAt(file, start);
    const earlier = state.suppressed?.line === line ? state.suppressed.numbers : [];
    state.suppressed = { numbers: [...earlier, number], file, line };
  } else if (state.off.has(number)) {
    state.off = new Set([...state.off].filter((n) => n !== number));
  }
}
