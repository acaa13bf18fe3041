/**
 * Trace functions that a driver names itself, in a comment that WPP reads: `FUNC TraceError{LEVEL=…}(FLAGS,MSG,...);`
 * between `begin_wpp config` and `end_wpp`.
 *
 * In: the files read before a trace header (`x.tmh`) that is not there. Out: a macro for each such function, as WPP
 * would make one: a message goes where the bundled stub sends it, flags and levels are dropped unread. A function with
 * parameters of another kind does more than trace (`RETURN_IF_FAILED`), and is left to the driver's headers.
 */
import { memo } from '../../base/memo.ts';
import { type SourceFile, sourceFile } from '../../base/source.ts';
import { tokenize } from '../tokenize/tokenize.ts';
import { type Macro, makeMacro, readMacro } from './macro.ts';
import { type State, setMacro } from './state.ts';

/** What the stub defines. */
const ofStub: ReadonlySet<string> = new Set(['DoTraceMessage', 'DoTraceLevelMessage', 'TraceEvents']);

export function defineTraceFunctions(state: State): void {
  for (const file of state.files) {
    if (state.systemFiles.has(file)) continue;
    for (const macro of functionsOf(file)) {
      const { name } = macro.definition;
      if (!state.macros.has(name)) setMacro(state, name, macro);
    }
  }
}

/** The same macros for the same file: units that share headers compare macros by identity. */
const functionsOf: (file: SourceFile) => readonly Macro[] = memo(readFunctions);

function readFunctions(file: SourceFile): readonly Macro[] {
  const macros: Macro[] = [];
  let from = 0;
  for (;;) {
    const start = file.text.indexOf('begin_wpp', from);
    if (start < 0) return macros;
    const end = file.text.indexOf('end_wpp', start);
    from = end < 0 ? file.text.length : end;
    const text = file.text.slice(start, from);
    for (const match of text.matchAll(/\bFUNC[ \t]+(\w+)[ \t]*(?:\{[^{}\n]*\})?[ \t]*\(([^()\n]*)\)/g)) {
      const [whole, name = '', parameters = ''] = match;
      if (ofStub.has(name)) continue;
      const at = start + match.index + whole.indexOf(name, 4);
      const macro = macroOf(name, parameters);
      if (macro === undefined) continue;
      const span = { file, start: at, end: at + name.length };
      macros.push(makeMacro({ ...macro.definition, span }, macro.parameters, undefined));
    }
  }
}

/** `LEVEL, FLAGS, MSG, ...` in any order with the message last; undefined for other parameters. */
function macroOf(name: string, list: string): Macro | undefined {
  const words = list.split(',').map((word) => word.trim().toUpperCase());
  const parameters = words.filter((word) => word !== '' && word !== 'MSG' && word !== '...');
  if (!parameters.every((word) => /^(?:LEVEL|LVL|FLAGS?)$/.test(word))) return undefined;
  const message = words.indexOf('MSG');
  const isLast = message < 0 || words.slice(message + 1).every((word) => word === '...');
  if (!isLast) return undefined;
  const head = [...parameters, '...'].join(', ');
  const body = message < 0 ? '((void)0)' : '__wsk_trace(__VA_ARGS__)';
  const { tokens } = tokenize(sourceFile('<wpp>', `${name}(${head}) ${body}`));
  return readMacro(tokens, 0, tokens.length - 1, { file: sourceFile('<wpp>', ''), start: 0, end: 0 }).macro;
}
