/**
 * `#if` to `#endif`: which groups of a file are read.
 *
 * In: a directive of that family, met while its surroundings are read. Out: the frame stands in the group to be read,
 * or at the directive that ends the groups left out. Skipping jumps from directive to directive and looks at nothing
 * else, so it is fast; it ends with the file.
 */
import { lowerBound } from '../../base/lower-bound.ts';
import { lineBreakOf, positionAt } from '../../base/source.ts';
import { spellingPlace, type Token } from '../tokenize/token.ts';
import { isDefined } from './builtin.ts';
import { holds } from './condition.ts';
import { type FileFrame, noteUse, report, type State } from './state.ts';

/** Carries out a conditional directive. `line` is what follows `word`; the frame already stands behind the line. */
export function conditional(state: State, frame: FileFrame, hash: Token, word: Token, line: readonly Token[]): void {
  switch (word.text) {
    case 'if':
    case 'ifdef':
    case 'ifndef': {
      const wasTaken = test(state, frame, word, line);
      const last = line[line.length - 1] ?? word;
      const spelling = hash.file.text.slice(hash.start, last.end).replace(/\s+/g, ' ').slice(0, 80);
      frame.conditions.push({ hash, spelling, wasTaken, elseHash: undefined });
      if (!wasTaken) skipGroup(state, frame, last);
      return;
    }
    case 'elif':
    case 'elifdef':
    case 'elifndef':
    case 'else': {
      const condition = frame.conditions[frame.conditions.length - 1];
      const last = line[line.length - 1] ?? word;
      if (condition === undefined) {
        wrong(state, hash, word, `There is no #if for this #${word.text}.`);
        return;
      }
      if (condition.elseHash !== undefined) {
        report(state, {
          code: 'stray-conditional',
          severity: 'error',
          message: `This #${word.text} comes after the #else of its '${condition.spelling}'; only #endif can follow there.`,
          span: { file: hash.file, start: hash.start, end: word.end },
          related: [{ span: spellingPlace(condition.elseHash), message: 'The #else stands here.' }],
        });
        skipGroup(state, frame, last);
        return;
      }
      if (word.text === 'else') condition.elseHash = hash;
      if (condition.wasTaken) skipGroup(state, frame, last);
      else if (word.text === 'else') {
        condition.wasTaken = true;
        warnOfRest(state, frame, word, line);
      } else {
        condition.wasTaken = test(state, frame, word, line);
        if (!condition.wasTaken) skipGroup(state, frame, last);
      }
      return;
    }
    default:
      if (frame.conditions.pop() === undefined) wrong(state, hash, word, 'There is no #if for this #endif.');
      else warnOfRest(state, frame, word, line);
  }
}

function wrong(state: State, hash: Token, word: Token, message: string): void {
  const span = { file: hash.file, start: hash.start, end: word.end };
  report(state, { code: 'stray-conditional', severity: 'error', message, span });
}

/** Bundled headers may keep what follows a directive. */
export function warnOfRest(state: State, frame: FileFrame, word: Token, rest: readonly Token[]): void {
  const [first] = rest;
  const last = rest[rest.length - 1];
  if (first === undefined || last === undefined || frame.isSystem) return;
  const span = { file: first.file, start: first.start, end: last.end };
  const isElseIf = word.text === 'else' && first.text === 'if';
  const comment = { file: first.file, start: first.start, end: first.start };
  const fix = isElseIf
    ? {
        title: "Replace by '#elif'",
        edits: [{ span: { ...span, start: word.start, end: first.end }, newText: 'elif' }],
      }
    : { title: 'Make it a comment', edits: [{ span: comment, newText: '// ' }] };
  /* Microsoft's compiler says nothing of `#endif NAME` and `#else NAME`; others do. */
  const isHabit = (word.text === 'endif' || word.text === 'else') && !isElseIf;
  report(state, {
    code: 'extra-tokens',
    severity: isHabit ? 'info' : 'warning',
    message: `What follows '${word.text}' here has no meaning; ${isElseIf ? "'#elif' is meant, perhaps" : 'make it a comment'}.`,
    span,
    fix,
  });
}

function test(state: State, frame: FileFrame, word: Token, line: readonly Token[]): boolean {
  if (word.text === 'if' || word.text === 'elif') return holds(state, line, word);
  const [name, ...rest] = line;
  if (name === undefined || name.kind !== 'identifier') {
    const message = `#${word.text} needs the name of a macro after it.`;
    report(state, { code: 'bad-condition', severity: 'error', message, span: spellingPlace(name ?? word) });
    return false;
  }
  warnOfRest(state, frame, word, rest);
  const macro = state.macros.get(name.text);
  const answer = isDefined(state, name.text);
  if (answer && macro !== undefined) noteUse(state, name, macro);
  return answer === word.text.endsWith('fdef');
}

/** Moves the frame to the directive that ends the group, or to the file's end. `last` ends the directive before it. */
function skipGroup(state: State, frame: FileFrame, last: Token): void {
  const { tokens, tokenized } = frame;
  const { directives, file } = tokenized;
  const open: number[] = [];
  let to = tokens.length - 1;
  for (let d = firstDirectiveFrom(directives, frame.next); d < directives.length; d++) {
    const at = directives[d] as number;
    const word = tokens[at + 1];
    if (word === undefined || word.startsLine || word.kind !== 'identifier') continue;
    if (word.text === 'if' || word.text === 'ifdef' || word.text === 'ifndef') open.push(at);
    else if (word.text === 'endif' || (open.length === 0 && isElse(word.text))) {
      if (open.length === 0) {
        to = at;
        break;
      }
      open.pop();
    }
  }
  if (to === tokens.length - 1) for (const at of open) reportUnterminated(state, tokens, at);
  frame.next = to;
  const end = tokens[to] as Token;
  const from = file.lineStarts[positionAt(file, last.end).line + 1] ?? file.text.length;
  const until = end.kind === 'end' ? file.text.length : (file.lineStarts[positionAt(file, end.start).line] as number);
  if (until <= from) return;
  const span = { file, start: from, end: until };
  frame.quiet.push(span);
  if (state.frames.length === 1) state.inactive.push(span);
}

function isElse(word: string): boolean {
  return word === 'else' || word === 'elif' || word === 'elifdef' || word === 'elifndef';
}

/** Index into `directives` of the first one at or behind a token. */
function firstDirectiveFrom(directives: readonly number[], token: number): number {
  return lowerBound(directives.length, (i) => (directives[i] as number) < token);
}

function reportUnterminated(state: State, tokens: readonly Token[], at: number): void {
  const hash = tokens[at] as Token;
  let last = at + 1;
  while (tokens[last + 1]?.startsLine === false && tokens[last + 1]?.kind !== 'end') last++;
  unterminated(state, hash, hash.file.text.slice(hash.start, (tokens[last] as Token).end));
}

/** Reports an `#if` that its file ends without closing. */
export function unterminated(state: State, hash: Token, spelling: string): void {
  const { file, start } = hash;
  const end = file.text.length;
  const lineBreak = lineBreakOf(file);
  const isLineOpen = end > 0 && !/[\r\n]/.test(file.text.charAt(end - 1));
  report(state, {
    code: 'unterminated-conditional',
    severity: 'error',
    message: `This '${spelling.replace(/\s+/g, ' ').slice(0, 80)}' has no #endif.`,
    span: { file, start, end: start + spelling.length },
    fix: {
      title: "Insert '#endif' at the end of the file",
      edits: [{ span: { file, start: end, end }, newText: `${isLineOpen ? lineBreak : ''}#endif${lineBreak}` }],
    },
  });
}
