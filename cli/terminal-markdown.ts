/**
 * Markdown as a terminal shows it: headings stand out, code is set in, marks of emphasis go, a link shows its address.
 * In: Markdown of our own (rule pages, hovers of the catalog), so that a few kinds of marks are all that there is. Out:
 * text, with colours where they are wanted.
 */
export function terminalText(markdown: string, colour: boolean): string {
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
    } else out.push(line.startsWith('#') ? paint('1;4', line.replace(/^#+\s*/, '')) : inline(line));
  }
  return out.join('\n');
}
