/**
 * Patterns over bytes for expectations of peers: literals, `.` (any byte but a line feed), classes, groups, `|`,
 * `* + ? {m} {m,} {m,n}` and the escapes \d \w \s \D \W \S \n \r \t \xHH.
 *
 * All states that a pattern can be in are followed at once, so that each byte costs at most one look at each state:
 * no pattern takes time that grows faster than its length times the bytes. The shortest beginning that fits wins,
 * because only that does not depend on the pieces in which the bytes arrive.
 */

export interface Pattern {
  readonly text: string;
  readonly program: readonly Instruction[];
}

type Instruction =
  | { readonly kind: 'byte'; readonly set: ReadonlySet<number> }
  | { readonly kind: 'split'; readonly first: number; readonly second: number }
  | { readonly kind: 'match' };

/** A pattern that is being held against bytes. */
export interface Matching {
  readonly pattern: Pattern;
  states: readonly number[];
  /** Bytes that have been looked at. */
  seen: number;
}

export type MatchResult =
  /** The first `length` bytes fit. */
  | { readonly kind: 'match'; readonly length: number }
  /** Fits so far. */
  | { readonly kind: 'more' }
  /** No continuation of the first `at` bytes that begins with the next one can fit. */
  | { readonly kind: 'mismatch'; readonly at: number };

const STATES_MAX = 10_000;

/** The pattern, or what is wrong with it and where (an index into the text). */
export function compilePattern(text: string): Pattern | { readonly message: string; readonly at: number } {
  const reader: Reader = { text, at: 0, problem: undefined };
  const node = readAlternatives(reader);
  if (reader.problem === undefined && reader.at < text.length) wrong(reader, 'this ")" closes no group');
  if (reader.problem !== undefined) return reader.problem;
  const program: Instruction[] = [];
  if (!emit(program, node)) return { message: `the pattern has more than ${STATES_MAX} states`, at: 0 };
  program.push({ kind: 'match' });
  return { text, program };
}

export function startMatching(pattern: Pattern): Matching {
  return { pattern, states: closure(pattern.program, [0]), seen: 0 };
}

/** Goes on with `bytes`, of which the first `matching.seen` are known. */
export function matchOn(matching: Matching, bytes: Uint8Array): MatchResult {
  const { program } = matching.pattern;
  for (;;) {
    if (matching.states.some((state) => program[state]?.kind === 'match')) {
      return { kind: 'match', length: matching.seen };
    }
    const byte = bytes[matching.seen];
    if (byte === undefined) return { kind: 'more' };
    const next = step(program, matching.states, byte);
    if (next.length === 0) return { kind: 'mismatch', at: matching.seen };
    matching.states = closure(program, next);
    matching.seen++;
  }
}

/** Whether all of `bytes` fit, not only a beginning. */
export function matchesAll(pattern: Pattern, bytes: Uint8Array): MatchResult {
  const { program } = pattern;
  let states: readonly number[] = closure(program, [0]);
  for (const [at, byte] of bytes.entries()) {
    const next = step(program, states, byte);
    if (next.length === 0) return { kind: 'mismatch', at };
    states = closure(program, next);
  }
  const isMatch = states.some((state) => program[state]?.kind === 'match');
  return isMatch ? { kind: 'match', length: bytes.length } : { kind: 'mismatch', at: bytes.length };
}

function step(program: readonly Instruction[], states: readonly number[], byte: number): number[] {
  const next: number[] = [];
  for (const state of states) {
    const instruction = program[state];
    if (instruction?.kind === 'byte' && instruction.set.has(byte)) next.push(state + 1);
  }
  return next;
}

/** The states that are reached without a byte: each once. */
function closure(program: readonly Instruction[], from: readonly number[]): readonly number[] {
  const found = new Set<number>();
  const open = [...from];
  const result: number[] = [];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    if (found.has(state)) continue;
    found.add(state);
    const instruction = program[state];
    if (instruction?.kind === 'split') open.push(instruction.first, instruction.second);
    else result.push(state);
  }
  return result;
}

type Node =
  | { readonly kind: 'set'; readonly set: ReadonlySet<number> }
  | { readonly kind: 'sequence'; readonly nodes: readonly Node[] }
  | { readonly kind: 'either'; readonly nodes: readonly Node[] }
  | { readonly kind: 'repeat'; readonly node: Node; readonly min: number; readonly max: number | undefined };

/** Appends the instructions of a node; false when there are too many. */
function emit(program: Instruction[], node: Node): boolean {
  if (program.length > STATES_MAX) return false;
  switch (node.kind) {
    case 'set':
      program.push({ kind: 'byte', set: node.set });
      return true;
    case 'sequence':
      return node.nodes.every((one) => emit(program, one));
    case 'either':
      return emitEither(program, node.nodes);
    case 'repeat': {
      for (let i = 0; i < node.min; i++) if (!emit(program, node.node)) return false;
      if (node.max === undefined) return emitStar(program, node.node);
      for (let i = node.min; i < node.max; i++) {
        const at = program.push({ kind: 'match' }) - 1;
        if (!emit(program, node.node)) return false;
        program[at] = { kind: 'split', first: at + 1, second: program.length };
      }
      return true;
    }
  }
}

function emitStar(program: Instruction[], node: Node): boolean {
  const at = program.push({ kind: 'match' }) - 1;
  if (!emit(program, node)) return false;
  program.push({ kind: 'split', first: at, second: at });
  program[at] = { kind: 'split', first: at + 1, second: program.length };
  return true;
}

function emitEither(program: Instruction[], nodes: readonly Node[]): boolean {
  const ends: number[] = [];
  for (const [i, node] of nodes.entries()) {
    const isLast = i === nodes.length - 1;
    const at = isLast ? undefined : program.push({ kind: 'match' }) - 1;
    if (!emit(program, node)) return false;
    if (at === undefined) continue;
    ends.push(program.push({ kind: 'match' }) - 1);
    program[at] = { kind: 'split', first: at + 1, second: program.length };
  }
  for (const end of ends) program[end] = { kind: 'split', first: program.length, second: program.length };
  return true;
}

interface Reader {
  readonly text: string;
  at: number;
  problem: { readonly message: string; readonly at: number } | undefined;
}

function wrong(reader: Reader, message: string): void {
  reader.problem ??= { message, at: reader.at };
  // Nothing more is read.
  reader.at = reader.text.length;
}

function readAlternatives(reader: Reader): Node {
  const nodes = [readSequence(reader)];
  while (reader.text[reader.at] === '|') {
    reader.at++;
    nodes.push(readSequence(reader));
  }
  return nodes.length === 1 ? (nodes[0] as Node) : { kind: 'either', nodes };
}

function readSequence(reader: Reader): Node {
  const nodes: Node[] = [];
  for (;;) {
    const c = reader.text[reader.at];
    if (c === undefined || c === '|' || c === ')') return { kind: 'sequence', nodes };
    nodes.push(readRepeated(reader));
  }
}

function readRepeated(reader: Reader): Node {
  const node = readAtom(reader);
  const c = reader.text[reader.at];
  const range = c === '*' ? [0] : c === '+' ? [1] : c === '?' ? [0, 1] : c === '{' ? readCount(reader) : undefined;
  if (range === undefined) return node;
  if (c !== '{') reader.at++;
  if (/^[*+?{]/.test(reader.text.slice(reader.at))) wrong(reader, 'a repetition cannot be repeated: use a group');
  return { kind: 'repeat', node, min: range[0] ?? 0, max: range[1] };
}

function readCount(reader: Reader): readonly number[] {
  const match = /^\{(\d{1,4})(?:(,)(\d{1,4})?)?\}/.exec(reader.text.slice(reader.at));
  const min = Number(match?.[1]);
  const max = match?.[2] === undefined ? min : match[3] === undefined ? undefined : Number(match[3]);
  if (match === null || (max !== undefined && max < min)) {
    wrong(reader, 'a count reads {2}, {2,} or {2,5}; a brace as such is \\{');
    return [0];
  }
  reader.at += match[0].length;
  return max === undefined ? [min] : [min, max];
}

function readAtom(reader: Reader): Node {
  const c = reader.text[reader.at] ?? '';
  switch (c) {
    case '(': {
      reader.at += reader.text.startsWith('(?:', reader.at) ? 3 : 1;
      const node = readAlternatives(reader);
      if (reader.text[reader.at] === ')') reader.at++;
      else wrong(reader, 'a group is not closed');
      return node;
    }
    case '[':
      return { kind: 'set', set: readClass(reader) };
    case '.':
      reader.at++;
      return { kind: 'set', set: anyByte };
    case '\\':
      return { kind: 'set', set: readEscape(reader) };
    case '*':
    case '+':
    case '?':
    case '{':
      wrong(reader, `"${c}" repeats nothing; as a character it is \\${c}`);
      return { kind: 'sequence', nodes: [] };
    case '^':
    case '$':
      wrong(reader, `"${c}" is not needed: a pattern begins with the next byte and ends as soon as it fits`);
      return { kind: 'sequence', nodes: [] };
    default: {
      const character = String.fromCodePoint(reader.text.codePointAt(reader.at) ?? 0);
      reader.at += character.length;
      return { kind: 'sequence', nodes: utf8(character).map((byte) => ({ kind: 'set', set: new Set([byte]) })) };
    }
  }
}

/** `[a-z\d_]`, `[^,]`. */
function readClass(reader: Reader): ReadonlySet<number> {
  reader.at++;
  const isNot = reader.text[reader.at] === '^';
  if (isNot) reader.at++;
  const set = new Set<number>();
  for (let isFirst = true; isFirst || reader.text[reader.at] !== ']'; isFirst = false) {
    const c = reader.text[reader.at];
    if (c === undefined) {
      wrong(reader, 'a class is not closed with "]"');
      return set;
    }
    const low = readClassItem(reader);
    const isRange = reader.text[reader.at] === '-' && reader.text[reader.at + 1] !== ']';
    if (!isRange || low.size !== 1) {
      for (const byte of low) set.add(byte);
      continue;
    }
    reader.at++;
    const high = readClassItem(reader);
    const [from = 0] = low;
    const [to = -1] = high;
    if (high.size !== 1 || to < from) wrong(reader, 'a range goes from a lower byte to a higher one');
    for (let byte = from; byte <= to; byte++) set.add(byte);
  }
  reader.at++;
  return isNot ? without(set) : set;
}

function readClassItem(reader: Reader): ReadonlySet<number> {
  const c = reader.text[reader.at] ?? '';
  if (c === '\\') return readEscape(reader);
  reader.at++;
  if (c.charCodeAt(0) > 0x7f) wrong(reader, 'in a class, a byte above 0x7F is written \\xHH');
  return new Set([c.charCodeAt(0)]);
}

function readEscape(reader: Reader): ReadonlySet<number> {
  const c = reader.text[reader.at + 1];
  reader.at += 2;
  const named = c === undefined ? undefined : escapes[c];
  if (named !== undefined) return named;
  if (c === 'x') {
    const hex = /^[0-9A-Fa-f]{2}/.exec(reader.text.slice(reader.at))?.[0];
    reader.at += 2;
    if (hex !== undefined) return new Set([Number.parseInt(hex, 16)]);
  } else if (c !== undefined && /^[^A-Za-z0-9]$/.test(c) && c.charCodeAt(0) < 0x80) return new Set([c.charCodeAt(0)]);
  wrong(reader, 'an escape that is not known');
  return new Set();
}

function without(set: ReadonlySet<number>): ReadonlySet<number> {
  return new Set(Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => !set.has(byte)));
}

function bytesOf(text: string): ReadonlySet<number> {
  return new Set(Array.from(text, (c) => c.charCodeAt(0)));
}

const digits = bytesOf('0123456789');
const words = bytesOf('0123456789_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ');
const spaces = bytesOf(' \t\n\r\v\f');
const anyByte = without(bytesOf('\n'));
const escapes: Readonly<Record<string, ReadonlySet<number>>> = {
  d: digits,
  D: without(digits),
  w: words,
  W: without(words),
  s: spaces,
  S: without(spaces),
  n: bytesOf('\n'),
  r: bytesOf('\r'),
  t: bytesOf('\t'),
};

/** UTF-8 of one character. */
function utf8(character: string): number[] {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return [code];
  if (code < 0x800) return [0xc0 | (code >> 6), 0x80 | (code & 0x3f)];
  if (code < 0x10000) return [0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)];
  return [0xf0 | (code >> 18), 0x80 | ((code >> 12) & 0x3f), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f)];
}
