/**
 * Macros of bundled headers whose definitions the lexer took as one token (tokenize/simple-define.ts).
 *
 * In: that token. Out: a macro like any other, except that its body is cut into tokens when somebody asks for it.
 */
import type { SourceFile, Span } from '../../base/source.ts';
import { simpleDefineName } from '../tokenize/simple-define.ts';
import type { Token } from '../tokenize/token.ts';
import { tokenizePart } from '../tokenize/tokenize.ts';
import type { MacroDefinition } from '../unit.ts';
import { type Macro, makeMacro } from './macro.ts';

export function readSimpleMacro({ file, start, end }: Token): Macro {
  return makeMacro(new SimpleDefinition(file, start, end), undefined, undefined);
}

class SimpleDefinition implements MacroDefinition {
  readonly name: string;
  readonly parameters = undefined;
  readonly isVariadic = false;
  private readonly file: SourceFile;
  private readonly nameStart: number;
  private readonly end: number;
  private tokens: readonly Token[] | undefined;

  /** From the `#` to the end of the line. */
  constructor(file: SourceFile, start: number, end: number) {
    const { nameStart, nameEnd } = simpleDefineName(file.text, start);
    this.name = file.text.slice(nameStart, nameEnd);
    this.file = file;
    this.nameStart = nameStart;
    this.end = end;
  }

  get span(): Span {
    return { file: this.file, start: this.nameStart, end: this.nameStart + this.name.length };
  }

  get body(): readonly Token[] {
    this.tokens ??= tokenizePart(this.file, this.nameStart + this.name.length, this.end);
    return this.tokens;
  }
}
