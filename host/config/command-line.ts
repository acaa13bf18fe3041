/**
 * A command line as one text, split into its arguments: by the rules of Windows' C run time or by those of a POSIX shell.
 * compile_commands.json has such texts. Nothing is expanded: no variables, no patterns. Every text can be split.
 */

export type Quoting = 'windows' | 'posix';

export function splitCommand(text: string, quoting: Quoting): readonly string[] {
  return quoting === 'windows' ? splitWindows(text) : splitPosix(text);
}

/**
 * As the C run time does: double quotes group, a doubled quote inside quotes is a quote, and backslashes count only
 * before a quote, where two of them stand for one and an odd one makes the quote an ordinary character.
 */
function splitWindows(text: string): readonly string[] {
  const found: string[] = [];
  let current: string | undefined;
  let isQuoted = false;
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string;
    if (c === '\\') {
      let slashes = 1;
      while (text[i + slashes] === '\\') slashes++;
      const isBeforeQuote = text[i + slashes] === '"';
      current = (current ?? '') + '\\'.repeat(isBeforeQuote ? slashes >> 1 : slashes);
      i += slashes - 1;
      if (isBeforeQuote && slashes % 2 === 1) {
        current += '"';
        i++;
      }
    } else if (c === '"') {
      current ??= '';
      if (isQuoted && text[i + 1] === '"') {
        current += '"';
        i++;
      } else isQuoted = !isQuoted;
    } else if (!isQuoted && /\s/.test(c)) {
      if (current !== undefined) found.push(current);
      current = undefined;
    } else current = (current ?? '') + c;
  }
  if (current !== undefined) found.push(current);
  return found;
}

/** As a POSIX shell does: single quotes keep everything, double quotes all but `\` before `"`, `\`, `$` and `` ` ``. */
function splitPosix(text: string): readonly string[] {
  const found: string[] = [];
  let current: string | undefined;
  let quote = '';
  for (let i = 0; i < text.length; i++) {
    const c = text[i] as string;
    const next = text[i + 1];
    if (quote !== '') {
      if (c === quote) quote = '';
      else if (c === '\\' && quote === '"' && next !== undefined && '"\\$`\n'.includes(next)) {
        current += next === '\n' ? '' : next;
        i++;
      } else current += c;
    } else if (c === "'" || c === '"') {
      quote = c;
      current ??= '';
    } else if (c === '\\' && next !== undefined) {
      if (next !== '\n') current = (current ?? '') + next;
      i++;
    } else if (/\s/.test(c)) {
      if (current !== undefined) found.push(current);
      current = undefined;
    } else current = (current ?? '') + c;
  }
  if (current !== undefined) found.push(current);
  return found;
}
