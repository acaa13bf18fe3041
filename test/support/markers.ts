// Fixtures with markers: C text in, files with the places that the text marks out. One parser for all tests.
//
// `/*$name*/` is a cursor (the name may be empty) and is taken out of the text, so that it can stand in the middle of a
// word. A line of `//` and carets (`//  ^^^^ label`) marks that range of the line above it and stays, being a comment;
// columns count after cursors are taken out. `//- file.c` on a line of its own begins another file.

export interface MarkedRange {
  readonly start: number;
  readonly end: number;
  /** What stands behind the carets, without blanks around it. */
  readonly label: string;
}

export interface MarkedFile {
  readonly name: string;
  readonly text: string;
  /** Offset of each cursor by its name. */
  readonly cursors: ReadonlyMap<string, number>;
  readonly ranges: readonly MarkedRange[];
}

/** Files in the order of the fixture; text before the first `//- ` line belongs to `firstName`. */
export function parseMarkers(fixture: string, firstName = 'main.c'): readonly MarkedFile[] {
  const files: MarkedFile[] = [];
  let name = firstName;
  for (const part of fixture.split(/^(\/\/- .*\n)/m)) {
    const title = /^\/\/- (.*)\n$/.exec(part)?.[1];
    if (title !== undefined) name = title.trim();
    else if (part !== '' || files.length > 0) files.push(markedFile(name, part));
  }
  return files;
}

/** The one file with the one cursor of a fixture, whatever the cursor's name. */
export function atCursor(fixture: string): { readonly file: MarkedFile; readonly offset: number } {
  const marked = parseMarkers(fixture).flatMap((file) =>
    [...file.cursors.values()].map((offset) => ({ file, offset })),
  );
  const [only] = marked;
  if (only === undefined || marked.length > 1) throw new Error(`the fixture has ${marked.length} cursors: ${fixture}`);
  return only;
}

function markedFile(name: string, marked: string): MarkedFile {
  const cursors = new Map<string, number>();
  let text = '';
  let from = 0;
  for (const match of marked.matchAll(/\/\*\$(\w*)\*\//g)) {
    text += marked.slice(from, match.index);
    from = match.index + match[0].length;
    cursors.set(match[1] ?? '', text.length);
  }
  text += marked.slice(from);
  return { name, text, cursors, ranges: rangesIn(text) };
}

function rangesIn(text: string): readonly MarkedRange[] {
  const ranges: MarkedRange[] = [];
  let above = 0;
  let lineStart = 0;
  for (const line of text.split('\n')) {
    const match = /^(\s*\/\/\s*)(\^+)(.*)$/.exec(line);
    if (match === null) above = lineStart;
    else {
      const start = above + (match[1]?.length ?? 0);
      ranges.push({ start, end: start + (match[2]?.length ?? 0), label: (match[3] ?? '').trim() });
    }
    lineStart += line.length + 1;
  }
  return ranges;
}
