/**
 * The smallest program that is still wrong: lines are taken away, in ever smaller groups and whole blocks, then
 * expressions in parentheses become numbers, as long as `isWrong` holds. It ends because every step makes the text
 * shorter.
 */
export function shrink(text: string, isWrong: (text: string) => boolean): string {
  let best = text;
  for (;;) {
    const smaller = withoutNumbers(withoutLines(best, isWrong), isWrong);
    if (smaller.length >= best.length) return smaller;
    best = smaller;
  }
}

function withoutLines(text: string, isWrong: (text: string) => boolean): string {
  let lines = text.split('\n');
  for (let size = Math.max(1, lines.length >> 1); size >= 1; size >>= 1) {
    for (let at = lines.length - size; at >= 0; at -= size) {
      const end = size === 1 ? blockEnd(lines, at) : at + size;
      const candidate = [...lines.slice(0, at), ...lines.slice(end)];
      if (isBalanced(lines.slice(at, end)) && isWrong(candidate.join('\n'))) lines = candidate;
    }
  }
  // A block's own lines may matter where its head does not.
  for (let at = lines.length - 1; at >= 0; at--) {
    const end = blockEnd(lines, at);
    if (end - at < 2) continue;
    const candidate = [...lines.slice(0, at), ...lines.slice(at + 1, end - 1), ...lines.slice(end)];
    if (isWrong(candidate.join('\n'))) lines = candidate;
  }
  return lines.join('\n');
}

/** The line after the block that begins in this line; for other lines the next one. */
function blockEnd(lines: readonly string[], at: number): number {
  let depth = 0;
  for (let i = at; i < lines.length; i++) {
    depth += balanceOf(lines[i] ?? '');
    if (depth <= 0) return i + 1;
  }
  return at + 1;
}

function balanceOf(line: string): number {
  return line.split('{').length - line.split('}').length;
}

function isBalanced(lines: readonly string[]): boolean {
  let depth = 0;
  for (const line of lines) {
    depth += balanceOf(line);
    if (depth < 0) return false;
  }
  return depth === 0;
}

/** Replaces what stands in parentheses by a number or by what is inside, from the outside in. */
function withoutNumbers(text: string, isWrong: (text: string) => boolean): string {
  let best = text;
  for (let at = best.indexOf('('); at >= 0; at = best.indexOf('(', at + 1)) {
    const end = closing(best, at);
    if (end < 0) continue;
    const inner = best.slice(at + 1, end);
    for (const piece of ['1', '0', ...operandsOf(inner), inner]) {
      if (piece.length >= end + 1 - at) continue;
      const candidate = best.slice(0, at) + piece + best.slice(end + 1);
      if (isWrong(candidate)) {
        best = candidate;
        break;
      }
    }
  }
  return best;
}

/** The operands of the outermost operators, which stand between spaces. */
function operandsOf(text: string): readonly string[] {
  const operands: string[] = [];
  let depth = 0;
  let start = 0;
  for (const match of text.matchAll(/[([]|[)\]]| (?:[-+*/%&|^?:<>=,]|&&|\|\||<<|>>|[<>=!]=) |, /g)) {
    const [found] = match;
    if (/[([]/.test(found)) depth++;
    else if (/[)\]]/.test(found)) depth--;
    else if (depth === 0) {
      operands.push(text.slice(start, match.index));
      start = match.index + found.length;
    }
  }
  return start === 0 ? [] : [...operands, text.slice(start)];
}

function closing(text: string, open: number): number {
  let depth = 0;
  for (let i = open; i < text.length; i++) {
    if (text[i] === '(') depth++;
    else if (text[i] === ')' && --depth === 0) return i;
    else if (text[i] === '\n') return -1;
  }
  return -1;
}
