/**
 * Markdown tables: where one starts and ends, and the cells of a row.
 *
 * In: lines. Out: indexes and cell sources. A table starts with a row that is followed by a line of dashes; it ends
 * at the first line without a bar.
 */

/** Does a table start on `line`, `next` being the line after it. */
export function isTableStart(line: string, next: string): boolean {
  if (!line.includes('|') || !next.includes('-')) return false;
  const dashes = next.trim();
  const framed = dashes.startsWith('|') || line.trim().startsWith('|');
  return (framed || (dashes.includes('|') && dashes.includes('--'))) && /^[|:\- \t]+$/.test(dashes);
}

/** Index after the last row, `from` being the first row after the dashes. */
export function tableEnd(lines: readonly string[], from: number): number {
  let end = from;
  while (end < lines.length && (lines[end] ?? '').includes('|')) end++;
  return end;
}

/** Sources of a row's cells. A bar after a backslash or inside of a code span parts nothing. */
export function splitRow(line: string): string[] {
  const row = line.trim();
  const cells: string[] = [];
  let from = row.startsWith('|') ? 1 : 0;
  for (let i = from; i < row.length; i++) {
    const c = row[i];
    if (c === '\\') i++;
    else if (c === '`') {
      const end = row.indexOf('`', i + 1);
      if (end > 0 && !row.slice(i, end).includes('|')) i = end;
    } else if (c === '|') {
      cells.push(row.slice(from, i).trim());
      from = i + 1;
    }
  }
  if (from < row.length) cells.push(row.slice(from).trim());
  return cells;
}
