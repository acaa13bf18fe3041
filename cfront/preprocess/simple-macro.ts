/**
 * Macros of bundled headers whose definitions the lexer took as one token (tokenize/simple-define.ts).
 *
 * In: that token. Out: a macro like any other, except that its body is cut into tokens when somebody asks for it.
 */
import type { Span } from '../../base/source.ts';
import { simpleDefineAt } from '../tokenize/simple-define.ts';
import type { Token } from '../tokenize/token.ts';
import { tokenizePart } from '../tokenize/tokenize.ts';
import type { MacroDefinition } from '../unit.ts';
import { type Macro, makeMacro } from './macro.ts';

export function readSimpleMacro({ file, start }: Token): Macro {
  const { name, nameStart, bodyStart, end } = simpleDefineAt(file.text, start);
  const span = { file, start: nameStart, end: bodyStart };
  return makeMacro(new SimpleDefinition(name, span, end), undefined, undefined);
}

class SimpleDefinition implements MacroDefinition {
  readonly name: string;
  readonly parameters = undefined;
  readonly isVariadic = false;
  readonly span: Span;
  private readonly bodyEnd: number;
  private tokens: readonly Token[] | undefined;

  constructor(name: string, span: Span, bodyEnd: number) {
    this.name = name;
    this.span = span;
    this.bodyEnd = bodyEnd;
  }

  get body(): readonly Token[] {
    this.tokens ??= tokenizePart(this.span.file, this.span.end, this.bodyEnd);
    return this.tokens;
  }
}
