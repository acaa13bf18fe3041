/**
 * C++ as the C front end can read it: a text of the same length with the same lines in which what only C++ has is
 * blank, so that every place is a place of the original too.
 *
 * Namespaces and classes are taken away around what they hold: a method becomes a function, a member of a class with
 * methods a variable. That is wrong for two classes with like members, and good enough for what it is for: what is
 * called where, with which arguments. Nothing that the front end says of such a text's syntax is ever shown.
 */
import { bodyView } from './body-view.ts';
import { createCanvas } from './canvas.ts';
import { headView } from './head-view.ts';
import { type Prelude, prelude } from './prelude.ts';
import { scan } from './scan.ts';
import { bracedValue, type ClassNames, type Scope, type Work } from './work.ts';

export interface CView {
  readonly text: string;
  /** What C must know before the text: the classes as structures, their members as variables and functions. */
  readonly prelude: Prelude;
  /** From outer to inner, in the order of the text. */
  readonly scopes: readonly Scope[];
}

export function cView(text: string): CView {
  const scanned = scan(text);
  const canvas = createCanvas(text, scanned);
  const work: Work = {
    ...scanned,
    canvas,
    classes: new Map(),
    templates: new Set(),
    parameters: new Set(),
    scopes: [],
  };
  declarations(work, 0, scanned.signs.length, undefined, 0);
  return { text: canvas.text(), prelude: prelude(text, work), scopes: work.scopes };
}

/** Brackets deeper than this are left as they are. */
const depthMax = 60;

/** From sign `from` to `to`; `className` is that of the class around. Ends because each round goes forward. */
function declarations(work: Work, from: number, to: number, className: string | undefined, depth: number): void {
  if (depth > depthMax) return;
  for (let i = from; i < to; ) i = Math.max(i + 1, declaration(work, i, to, className, depth));
}

/** Index behind the declaration that begins at `i`. */
function declaration(work: Work, i: number, to: number, className: string | undefined, depth: number): number {
  const { signs, match, canvas } = work;
  const word = signs[i]?.text ?? '';
  const next = signs[i + 1]?.text ?? '';
  switch (word) {
    case 'inline':
    case 'namespace': {
      if (word === 'inline' && next !== 'namespace') break;
      return unwrap(work, i, to, className, depth);
    }
    case 'extern':
      if (next !== '"') break;
      if (signs[i + 2]?.text === '{') return unwrap(work, i, to, className, depth);
      canvas.blank(i, i + 2);
      return i + 2;
    case 'using':
      return using(work, i, to);
    case 'template': {
      const end = angleEnd(work, i + 1, to);
      canvas.blank(i, end);
      for (let k = i; k < end; k++) {
        const parameter = signs[k + 1]?.text ?? '';
        if (/^(?:typename|class)$/.test(signs[k]?.text ?? '') && /^[A-Za-z_]\w*$/.test(parameter))
          work.parameters.add(parameter);
      }
      const kind = signs[end]?.text ?? '';
      const name = signs[end + 1]?.text;
      if (/^(?:class|struct|using)$/.test(kind) && name !== undefined) work.templates.add(name);
      return end;
    }
    case 'public':
    case 'private':
    case 'protected':
      canvas.blank(i, i + 2);
      return i + 2;
    case 'friend':
    case 'static_assert': {
      const end = semicolon(work, i, to);
      canvas.blank(i, end);
      return end;
    }
    case '[':
      if (next !== '[') break;
      canvas.blank(i, (match[i] ?? i) + 1);
      return (match[i] ?? i) + 1;
    case 'enum':
    case 'class':
    case 'struct': {
      const open = headEnd(work, i, to);
      if (signs[open]?.text !== '{') break;
      return word === 'enum' ? enumeration(work, i, open) : record(work, i, open, to, depth);
    }
    default:
      break;
  }
  return plain(work, i, to, className);
}

/** What stands around a block, and its braces. */
function unwrap(work: Work, i: number, to: number, className: string | undefined, depth: number): number {
  const { signs, match, canvas } = work;
  let open = i;
  while (open < to && signs[open]?.text !== '{' && signs[open]?.text !== ';') open++;
  canvas.blank(i, Math.min(open + 1, to));
  const close = match[open] ?? -1;
  if (signs[open]?.text !== '{') return open + 1;
  // An open block goes to the end: somebody is typing.
  const end = close < 0 ? to : close;
  // `inline namespace a::b`; one without a name has that of the word.
  const [word = open, ...names] = signs
    .slice(i, open)
    .flatMap(({ text }, k) => (/^[A-Za-z_]\w*$/.test(text) && text !== 'inline' ? [i + k] : []));
  if (signs[word]?.text === 'namespace')
    for (const name of names.length === 0 ? [word] : names) noteScope(work, 'namespace', i, { name, end });
  declarations(work, open + 1, end, className, depth + 1);
  if (close >= 0) canvas.blank(close, close + 1);
  return end + 1;
}

/** `first`, `name` and `end` are indexes of signs. */
function noteScope(
  { signs, scopes }: Work,
  kind: Scope['kind'],
  first: number,
  { name, end }: { readonly name: number; readonly end: number },
): void {
  const word = signs[name];
  const start = signs[first]?.start;
  const last = signs[Math.min(end, signs.length - 1)];
  if (word !== undefined && start !== undefined && last !== undefined)
    scopes.push({ kind, name: word.text, nameStart: word.start, start, end: last.end });
}

/** `using X = Y;` is as long as `typedef Y X;`; other usings say nothing to C. */
function using({ signs, canvas, ...rest }: Work, i: number, to: number): number {
  const end = semicolon({ signs, canvas, ...rest }, i, to);
  const [name, equals, first, last] = [signs[i + 1], signs[i + 2], signs[i + 3], signs[end - 2]];
  const isAlias = name !== undefined && equals?.text === '=' && first !== undefined && last !== undefined;
  const type = isAlias ? canvas.original(first.start, last.end) : '';
  canvas.blank(i, end);
  if (isAlias && /^[\w\s*]+$/.test(type))
    canvas.put(signs[i]?.start ?? 0, `typedef ${type.replace(/\s+/g, ' ')} ${name.text};`, signs[end - 1]?.end ?? 0);
  return end;
}

function enumeration({ signs, match, canvas }: Work, i: number, open: number): number {
  for (let k = i + 1; k < open; k++) {
    if (signs[k]?.text === 'class' || signs[k]?.text === 'struct') canvas.blank(k, k + 1);
    if (signs[k]?.text === ':') canvas.blank(k, open);
  }
  return (match[open] ?? open) + 1;
}

/** A class, or a structure: one that is plain data stays as it is. */
function record(work: Work, i: number, open: number, to: number, depth: number): number {
  const { signs, match, canvas } = work;
  const close = match[open] ?? -1;
  const end = close < 0 ? to : close;
  const at = signs
    .slice(i + 1, open)
    .findIndex(({ text }) => /^\w+$/.test(text) && !/^(?:final|alignas|__declspec)$/.test(text));
  const name = signs[at < 0 ? -1 : i + 1 + at]?.text;
  if (name !== undefined && !work.classes.has(name)) work.classes.set(name, { fields: new Map(), methods: new Map() });
  if (isPlain(work, i, open, end)) {
    return end + 1;
  }
  if (name !== undefined) noteScope(work, 'class', i, { name: i + 1 + at, end });
  canvas.blank(i, open + 1);
  declarations(work, open + 1, end, name, depth + 1);
  if (close >= 0) canvas.blank(close, close + (signs[close + 1]?.text === ';' ? 2 : 1));
  return end + 1;
}

function isPlain({ signs }: Work, i: number, open: number, end: number): boolean {
  if (signs[i]?.text !== 'struct' || signs.slice(i, open).some(({ text }) => text === ':')) return false;
  return !signs
    .slice(open + 1, end)
    .some(({ text }) => /^(?:\(|=|::|&|<|public|private|protected|using|struct|class)$/.test(text));
}

/** A function with or without a body, or a variable. */
function plain(work: Work, i: number, to: number, className: string | undefined): number {
  const { signs, match } = work;
  let parameters = -1;
  let hasValue = false;
  let k = i;
  for (; k < to; k++) {
    const { text } = signs[k] as (typeof signs)[number];
    if (text === ';' || text === '}') break;
    if (text === 'operator') {
      const open = operatorEnd(work, k, to);
      if (parameters < 0 && open > k) parameters = open;
      k = Math.max(open, match[open] ?? -1);
      continue;
    }
    if (text === '=') hasValue = true;
    if (text === '(' && !hasValue && parameters < 0 && /^[\w>=\])]/.test(signs[k - 1]?.text ?? '')) parameters = k;
    if (text === '{') {
      const close = match[k] ?? -1;
      if (parameters >= 0 && !hasValue && !isInitialised(work, parameters, k)) {
        const end = close < 0 ? to : close;
        headView(work, i, parameters, k, className);
        bodyView(work, k + 1, end);
        noteMember(work, i, parameters, k, className);
        return end + 1;
      }
      if (close < 0) return to;
      if (!hasValue && parameters < 0) bracedValue(work, k);
      k = close;
    } else if ((text === '(' || text === '[') && (match[k] ?? -1) > k) k = match[k] as number;
  }
  if (parameters >= 0) headView(work, i, parameters, k, className);
  if (parameters < 0) variableView(work, i, k);
  noteMember(work, i, parameters, k, className);
  return k + 1;
}

/** A variable of a class or namespace. A reference is like what it refers to. */
function variableView(work: Work, from: number, to: number): void {
  for (let k = from; k < to && !/^[={]$/.test(work.signs[k]?.text ?? ''); k++)
    if (/^&&?$/.test(work.signs[k]?.text ?? '')) work.canvas.blank(k, k + 1);
  bodyView(work, from, to);
}

/** Remembers what a class declares; `parameters` is the index of a method's `(`. */
function noteMember(work: Work, i: number, parameters: number, end: number, className: string | undefined): void {
  const names: ClassNames | undefined = className === undefined ? undefined : work.classes.get(className);
  if (names === undefined) return;
  const { signs, canvas } = work;
  const painted = (from: number, to: number): string =>
    canvas
      .painted(signs[from]?.start ?? 0, signs[to - 1]?.end ?? 0)
      .replace(/\b(?:static|inline|__forceinline|FORCEINLINE)\b/g, '')
      .replace(/\s+/g, ' ')
      .trim();
  if (parameters >= 0) {
    const name = signs[parameters - 1]?.text ?? '';
    const result = painted(i, parameters - 1);
    if (/^[A-Za-z_]\w*$/.test(name) && name !== className && name !== 'operator' && /^[A-Za-z_][\w *]*$/.test(result))
      names.methods.set(name, result);
    return;
  }
  const text = painted(i, end).replace(/\s*(?:=|\{).*$/, '');
  const name = /([A-Za-z_]\w*)(?:\[\w*\])*$/.exec(text)?.[1];
  if (name !== undefined && /^[A-Za-z_][\w *]*[\w*\] ]$/.test(text.replace(/\[\w*\]/g, '')) && text !== name)
    names.fields.set(name, text);
}

/** Index of the `(` of an operator's parameters; those of `operator()` are its second ones. */
function operatorEnd({ signs }: Work, k: number, to: number): number {
  let at = k + 1;
  if (signs[at]?.text === '(') at += 2;
  while (at < to && !/^[(;{}]$/.test(signs[at]?.text ?? '')) at++;
  return signs[at]?.text === '(' ? at : k;
}

/** `a{x}` in the list of a constructor is no body. */
function isInitialised({ signs, match }: Work, parameters: number, brace: number): boolean {
  const colon = signs.slice((match[parameters] ?? parameters) + 1, brace).some(({ text }) => text === ':');
  return colon && /^\w+$/.test(signs[brace - 1]?.text ?? '') && /^[,:]$/.test(signs[brace - 2]?.text ?? '');
}

/** Index of the sign that ends the head of a class: `{`, `;`, or what shows that there is no body. */
function headEnd({ signs }: Work, i: number, to: number): number {
  let k = i + 1;
  while (k < to && !/^(?:[{;(=)]|&|\*)$/.test(signs[k]?.text ?? '')) k++;
  return k;
}

/** Index behind the `>` of the `<` at `i`. */
function angleEnd({ signs, match }: Work, i: number, to: number): number {
  let depth = 0;
  for (let k = i; k < to; k++) {
    const text = signs[k]?.text;
    if (text === '(' && (match[k] ?? -1) > k) k = match[k] as number;
    else if (text === '<') depth++;
    else if (text === '>' && --depth === 0) return k + 1;
    else if (text === '{' || text === ';') return k;
  }
  return to;
}

/** Index behind the next `;` outside of brackets. */
function semicolon({ signs, match }: Work, i: number, to: number): number {
  for (let k = i; k < to; k++) {
    if (signs[k]?.text === ';') return k + 1;
    if ((match[k] ?? -1) > k) k = match[k] as number;
  }
  return to;
}
