/** Statements and expressions of C++ as C can read them: casts, names with `::`, references, lambdas, braces as values. */
import { bracedValue, type Work } from './work.ts';

const words: Readonly<Record<string, string>> = {
  nullptr: 'NULL',
  true: '1',
  false: '0',
  constexpr: 'const',
};

const gone = /^(?:typename|delete|mutable|throw|co_await)$/;
const cast = /^(?:static|reinterpret|const|dynamic)_cast$/;
/** Words before a brace that is no value. */
const blocks = /^(?:else|do|try|return|struct|union|enum|class|namespace|const|noexcept)$/;

/** Signs `from` to `to`. Ends because each step goes forward. */
export function bodyView(work: Work, from: number, to: number): void {
  const { signs, match, canvas } = work;
  for (let k = from; k < to; k++) {
    const sign = signs[k];
    if (sign === undefined) return;
    const { text } = sign;
    const next = signs[k + 1]?.text ?? '';
    const before = signs[k - 1]?.text ?? '';
    const shorter = words[text];
    if (text === 'this' && next === '->') canvas.blank(k, k + 2);
    else if (shorter !== undefined && Object.hasOwn(words, text)) canvas.put(sign.start, shorter, sign.end);
    else if (text === '"' && /^(?:u8|[LuU])?R/.test(canvas.original(sign.start, sign.end)))
      canvas.put(sign.start, '""', sign.end);
    else if (cast.test(text) && next === '<') castView(work, k, to);
    else if (gone.test(text)) canvas.blank(k, text === 'delete' && next === '[' ? k + 3 : k + 1);
    else if (text === '::') canvas.blank(qualifierStart(work, k, from), k + 1);
    else if ((text === '&' || text === '&&') && isReference(work, k, from)) canvas.blank(k, k + 1);
    else if (text === '*' && before === 'auto') canvas.blank(k, k + 1);
    else if (text === '<' && work.templates.has(before)) k = templateArguments(work, k, to);
    else if (text === '[' && isLambda(before)) k = lambda(work, k, to);
    else if (text === '{' && isValue(work, k, from)) bracedValue(work, k);
    else if (text === '(' && isConstruction(work, k, from)) construction(work, k);
    else if (text === 'for' && next === '(') rangeFor(work, k + 1);
    else if (/^(?:if|while|switch)$/.test(text) && next === '(') conditionVariable(work, k + 1);
    else if (/^(?:class|struct)$/.test(text) && signs[k + 2]?.text === '{') k = match[k + 2] ?? k;
  }
}

/** `static_cast<T>(x)` is `(T)(x)`, and `((T) x )` where a member of it follows. */
function castView({ signs, match, canvas }: Work, k: number, to: number): void {
  let depth = 0;
  for (let i = k + 1; i < Math.min(to, k + 60); i++) {
    const sign = signs[i];
    if (sign?.text === '<') depth++;
    if (sign?.text !== '>' || --depth > 0) continue;
    canvas.blank(k, k + 1);
    const open = signs[k + 1];
    if (open !== undefined) canvas.put(open.start, '(', open.end);
    canvas.put(sign.start, ')', sign.end);
    const word = signs[k];
    const behind = signs[(match[i + 1] ?? signs.length) + 1]?.text;
    if (word !== undefined && signs[i + 1]?.text === '(' && (behind === '->' || behind === '.' || behind === '-')) {
      canvas.put(word.start, '(', word.end);
      canvas.blank(i + 1, i + 2);
    }
    return;
  }
}

/** Index of the word before `::`; the name behind it stands alone. */
function qualifierStart({ signs }: Work, k: number, from: number): number {
  const before = signs[k - 1];
  return k > from &&
    before !== undefined &&
    /^[A-Za-z_]\w*$/.test(before.text) &&
    !/^(?:return|case)$/.test(before.text)
    ? k - 1
    : k;
}

/** `T& x = …`, `auto& x : …` where a statement begins. */
function isReference({ signs }: Work, k: number, from: number): boolean {
  if (!/^[A-Za-z_]\w*$/.test(signs[k + 1]?.text ?? '') || !/^(?:=|:|\{)$/.test(signs[k + 2]?.text ?? '')) return false;
  let i = k - 1;
  while (i >= from && /^(?:[A-Za-z_]\w*|::|\*)$/.test(signs[i]?.text ?? '')) i--;
  return i < k - 1 && (i < from || /^[;{}(]$/.test(signs[i]?.text ?? ''));
}

function templateArguments({ signs, canvas }: Work, k: number, to: number): number {
  let depth = 0;
  for (let i = k; i < Math.min(to, k + 60); i++) {
    const text = signs[i]?.text;
    if (text === '<') depth++;
    if (text === '>' && --depth === 0) {
      canvas.blank(k, i + 1);
      return i;
    }
  }
  return k;
}

/** An index stands behind what is indexed. */
function isLambda(before: string): boolean {
  return !/[\w)\]]$/.test(before) || before === 'return';
}

/**
 * `[&](PIRP irp) { … }` becomes `0;{ PIRP irp; … }`: a value, and a block behind it that declares the parameters. As an
 * argument it also ends the call, whose further arguments are lost, and parameters too where there is no room.
 */
function lambda({ signs, match, canvas }: Work, k: number, to: number): number {
  const capture = match[k] ?? -1;
  if (capture < 0) return k;
  const hasParameters = signs[capture + 1]?.text === '(';
  const close = hasParameters ? (match[capture + 1] ?? -1) : capture;
  let open = close + 1;
  while (open < to && signs[open]?.text !== '{' && signs[open]?.text !== ';') open++;
  if (close < 0 || signs[open]?.text !== '{') return k;
  const start = signs[k]?.start ?? 0;
  const at = (i: number): { start: number; end: number } => signs[i] ?? { start, end: start };
  const isArgument = /^[(,]$/.test(signs[k - 1]?.text ?? '');
  if (isArgument) endCall({ signs, match, canvas }, k, match[open] ?? -1);
  const value = isArgument ? '0);' : '0;';
  const room = at(capture + 1).end - start;
  if (!hasParameters || close === capture + 2 || room < value.length + 1) {
    canvas.put(start, value, at(open).start);
    return open;
  }
  canvas.put(start, `${value}{`, at(capture + 1).end);
  for (let i = capture + 2; i < close; i++) {
    if (signs[i]?.text === ',') canvas.put(at(i).start, ';', at(i).end);
    else if (signs[i]?.text === '&') canvas.blank(i, i + 1);
  }
  canvas.put(at(close).start, ';', at(open).end);
  return open;
}

/** Blanks what the call around the lambda at `k` says behind its body, the closing parenthesis included. */
function endCall({ signs, match, canvas }: Pick<Work, 'signs' | 'match' | 'canvas'>, k: number, bodyEnd: number): void {
  let i = k - 1;
  while (i >= 0 && !(signs[i]?.text === '(' && (match[i] ?? -1) > k))
    i = (match[i] ?? i) < i && (match[i] ?? -1) >= 0 ? (match[i] as number) - 1 : i - 1;
  const close = match[i] ?? -1;
  if (i >= 0 && bodyEnd > 0 && close > bodyEnd) canvas.blank(bodyEnd + 1, close + 1);
}

/** `T x{…}` where a statement begins; `T{…}` within an expression is left to recovery. */
function isValue({ signs }: Work, k: number, from: number): boolean {
  const name = signs[k - 1]?.text ?? '';
  const type = signs[k - 2]?.text ?? '';
  if (!/^[A-Za-z_]\w*$/.test(name) || blocks.test(name) || blocks.test(type)) return false;
  if (k - 2 < from || !/^(?:[A-Za-z_]\w*|\*|>|&)$/.test(type)) return false;
  let i = k - 2;
  while (i >= from && /^(?:[A-Za-z_]\w*|::|\*|<|>|&|,)$/.test(signs[i]?.text ?? '')) i--;
  return i < from || /^[;{}]$/.test(signs[i]?.text ?? '');
}

/** Words before a name and a parenthesis that are no type. */
const noTypes =
  /^(?:return|else|do|new|delete|throw|goto|case|sizeof|typename|typedef|extern|operator|co_return|co_yield|co_await)$/;

/** `T x(a);` where a statement begins. What declares its parameters is a prototype, and lambdas are arguments. */
function isConstruction({ signs, match }: Work, k: number, from: number): boolean {
  const close = match[k] ?? -1;
  const isName = (i: number): boolean => /^[A-Za-z_]\w*$/.test(signs[i]?.text ?? '');
  if (close <= k + 1 || signs[close + 1]?.text !== ';' || !isName(k - 1)) return false;
  if ((isName(k + 1) && isName(k + 2)) || signs.slice(k, close).some(({ text }) => text === '[')) return false;
  let i = k - 2;
  if (signs[i]?.text === '>') {
    while (i > from && signs[i]?.text !== '<') i--;
    i--;
  }
  if (i < from || !isName(i)) return false;
  while (i >= from && (isName(i) || signs[i]?.text === '::')) if (noTypes.test(signs[i--]?.text ?? '')) return false;
  return i < from || /^[;{}]$/.test(signs[i]?.text ?? '');
}

/** `T x;a ;` */
function construction({ signs, match, canvas }: Work, k: number): void {
  const open = signs[k];
  if (open !== undefined) canvas.put(open.start, ';', open.end);
  canvas.blank(match[k] as number, (match[k] as number) + 1);
}

/** `for (T x : list)` becomes `for (T x; x;)`, a loop that may end; what the list holds is not known. */
function rangeFor({ signs, match, canvas }: Work, open: number): void {
  const close = match[open] ?? -1;
  const colon = signs.slice(open, Math.max(open, close)).findIndex(({ text }) => text === ':' || text === ';') + open;
  const sign = signs[colon];
  const name = signs[colon - 1]?.text ?? '';
  if (colon <= open || sign?.text !== ':') return;
  for (let k = open; k < colon; k++) {
    const type = signs[k];
    if (type?.text === 'auto') canvas.put(type.start, 'int', type.end);
  }
  canvas.blank(colon, close);
  const end = signs[close]?.start ?? sign.end;
  canvas.put(sign.start, end - sign.start >= name.length + 2 ? `;${name};` : ';;', end);
}

/** `if (auto x = f())`: what is called counts, the name is lost. */
function conditionVariable({ signs, canvas }: Work, open: number): void {
  const type = signs[open + 1]?.text ?? '';
  let k = open + 2;
  while (/^[*&]$/.test(signs[k]?.text ?? '')) k++;
  const isDeclared =
    /^[A-Za-z_]\w*$/.test(type) && /^[A-Za-z_]\w*$/.test(signs[k]?.text ?? '') && signs[k + 1]?.text === '=';
  if (isDeclared) canvas.blank(open + 1, k + 2);
}
