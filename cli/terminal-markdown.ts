/**
 * Markdown as a terminal shows it: headings stand out, code is set in, marks of emphasis go, a link shows its address.
 * In: Markdown of our own (rule pages, hovers of the catalog), so that a few kinds of marks are all that there is. Out:
 * text, with colours where they are wanted; lines of prose end between words, before `width`, where one is given.
 */
export function terminalText(markdown: string, colour: boolean, width?: number): string {
  const paint = (code: string, text: string): string => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const inline = (line: string): string =>
    line
      .replace(/\[([^\]]+)\]\((https?:[^)\s]+)\)/g, (_, text: string, url: string) => `${text} <${url}>`)
      .replace(/\*\*([^*]+)\*\*/g, (_, text: string) => paint('1', text))
      .replace(/`([^`]+)`/g, (whole, code: string) => (colour ? paint('36', code) : whole))
      .replace(/\\([\\`*_{}[\]()#+.!|<>-])/g, '$1')
      .trimEnd();
  const out: string[] = [];
  let isCode = false;
  for (const line of markdown.trimEnd().split(/\r?\n/)) {
    if (line.startsWith('```')) isCode = !isCode;
    else if (isCode) {
      // Where a page of a rule says which finding stands in this line.
      const mark = line.replace(/\/\/ (?:error|warning|info|hint): [a-z0-9-]+/, (text) => paint('31', text));
      out.push(line === '' ? '' : `    ${mark}`);
    } else if (line.startsWith('#')) out.push(paint('1;4', line.replace(/^#+\s*/, '')));
    else for (const part of wrapped(line, width)) out.push(inline(part));
  }
  return out.join('\n');
}

/** Pieces of a line; those after the first of a list's item stand under its text. A long word keeps its length. */
function wrapped(line: string, width: number | undefined): readonly string[] {
  if (width === undefined || line.length <= width) return [line];
  const indent = line.startsWith('- ') ? '  ' : '';
  const pieces: string[] = [];
  // Words with the marks that belong to them: code and links are not taken apart.
  for (const word of line.match(/`[^`]*`\S*|\[[^\]]*\]\([^)]*\)\S*|\S+/g) ?? []) {
    const last = pieces[pieces.length - 1];
    if (last !== undefined && last.length + 1 + word.length <= width) pieces[pieces.length - 1] = `${last} ${word}`;
    else pieces.push(last === undefined ? word : indent + word);
  }
  return pieces;
}
