/** The head of a function of C++, from its specifiers to its body, as C can read it. */
import { bodyView } from './body-view.ts';
import { madeUpName } from './made-up-names.ts';
import type { Work } from './work.ts';

const specifiers = /^(?:virtual|explicit|friend|mutable|consteval|constinit|typename|constexpr)$/;

/** Signs `from` to `body` (the `{`, or the `;`); `parameters` is the index of the `(`. */
export function headView(
  work: Work,
  from: number,
  parameters: number,
  body: number,
  className: string | undefined,
): void {
  const { signs, match, canvas } = work;
  const close = match[parameters] ?? -1;
  if (close < 0) return;
  for (let k = from; k < parameters; k++) {
    if (specifiers.test(signs[k]?.text ?? '')) canvas.blank(k, k + 1);
    // A result by reference is like one by value here.
    else if (signs[k]?.text === '&' || signs[k]?.text === '&&') canvas.blank(k, k + 1);
  }
  const operator = operatorIndex(work, from, parameters);
  if (operator >= 0) canvas.blank(operator + 1, parameters);
  else if (!constructorView(work, from, parameters, className)) bodyView(work, from, parameters);
  parameterView(work, parameters + 1, close);
  trailing(work, close + 1, body);
}

/** A constructor or destructor gets a name of its own, because that of its class is a type. False for others. */
function constructorView(
  { signs, canvas }: Work,
  from: number,
  parameters: number,
  className: string | undefined,
): boolean {
  const last = signs[parameters - 1];
  if (last === undefined) return false;
  const isDestructor = signs[parameters - 2]?.text === '~';
  let first = parameters - (isDestructor ? 2 : 1);
  const scope = signs[first - 1]?.text === '::' ? signs[first - 2]?.text : className;
  while (first - 2 >= from && signs[first - 1]?.text === '::') first -= 2;
  const isAlone = signs.slice(from, first).every(({ text }) => specifiers.test(text) || text === 'inline');
  if (!isDestructor && (last.text !== scope || !isAlone)) return false;
  const start = signs[first]?.start ?? last.start;
  const room = last.end - start;
  canvas.put(start, room > 5 ? `void ${madeUpName(room - 5)}` : madeUpName(room), last.end);
  return true;
}

function operatorIndex({ signs }: Pick<Work, 'signs'>, from: number, parameters: number): number {
  for (let k = from; k < parameters; k++) if (signs[k]?.text === 'operator') return k;
  return -1;
}

/** References become values, so that `.` behind them reads on; default arguments go. */
function parameterView(work: Work, from: number, to: number): void {
  const { signs, match, canvas } = work;
  for (let k = from; k < to; k++) {
    const text = signs[k]?.text ?? '';
    if (text === '&' || text === '&&') canvas.blank(k, k + 1);
    else if (text === '=') {
      let end = k;
      while (end < to && signs[end]?.text !== ',')
        end = (match[end] ?? -1) > end ? (match[end] as number) + 1 : end + 1;
      canvas.blank(k, end);
      k = end - 1;
    }
  }
  bodyView(work, from, to);
}

/** `const noexcept override -> T = default`, and the initializers of a constructor, which become statements. */
function trailing(work: Work, from: number, body: number): void {
  const { signs, match, canvas } = work;
  const colon = signs.slice(from, body).findIndex(({ text }) => text === ':') + from;
  const hasList = colon >= from && signs[body]?.text === '{';
  const end = hasList ? colon : body;
  if (end > from) canvas.blank(from, end);
  if (!hasList) return;
  const at = (k: number): { start: number; end: number } => signs[k] ?? { start: 0, end: 0 };
  canvas.put(at(colon).start, '{', at(colon).end);
  for (let k = colon + 1; k < body; k++) {
    const text = signs[k]?.text;
    if (text === ',') canvas.put(at(k).start, ';', at(k).end);
    else if ((match[k] ?? -1) > k) {
      const close = match[k] as number;
      if (text === '{') {
        canvas.put(at(k).start, '(', at(k).end);
        canvas.put(at(close).start, ')', at(close).end);
      }
      bodyView(work, k + 1, close);
      k = close;
    }
  }
  canvas.put(at(body).start, ';', at(body).end);
}
