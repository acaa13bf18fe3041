/**
 * The entries of a compilation database as its JSON has them, each with its place. The text is read as a stream, so that
 * its size is all that a large or hostile one costs; the caller has made sure that it is not nested deeply.
 */
import { printParseErrorCode, visit } from 'jsonc-parser';

export interface Entry {
  readonly offset: number;
  readonly length: number;
  readonly directory: string | undefined;
  readonly file: string | undefined;
  readonly command: string | undefined;
  readonly arguments: readonly string[] | undefined;
}

export interface EntriesReading {
  /** What is no object stands as an entry without anything. */
  readonly entries: readonly Entry[];
  readonly isList: boolean;
  readonly errors: readonly { readonly message: string; readonly offset: number; readonly length: number }[];
}

/** Entries beyond this are left out. */
const entriesMax = 100_000;

export function readEntries(text: string): EntriesReading {
  const entries: Entry[] = [];
  const errors: { message: string; offset: number; length: number }[] = [];
  let isList = false;
  let depth = 0;
  /** Of the entry that is being read. */
  let start = 0;
  let property = '';
  let fields = new Map<string, string>();
  let list: string[] | undefined;
  const add = (offset: number, length: number): void => {
    const [directory, file, command] = ['directory', 'file', 'command'].map((name) => fields.get(name));
    if (isList && entries.length < entriesMax)
      entries.push({ offset, length, directory, file, command, arguments: list });
    fields = new Map();
    list = undefined;
  };
  const open = (): void => {
    depth++;
  };
  visit(
    text,
    {
      onArrayBegin: () => {
        if (depth === 0) isList = true;
        if (depth === 2 && property === 'arguments') list = [];
        open();
      },
      onObjectBegin: (offset) => {
        if (depth === 1) start = offset;
        open();
      },
      onObjectProperty: (name) => {
        if (depth === 2) property = name;
      },
      onLiteralValue: (value: unknown, offset, length) => {
        if (depth === 1) add(offset, length);
        else if (depth === 2 && typeof value === 'string') fields.set(property, value);
        else if (depth === 3 && property === 'arguments') list?.push(String(value));
      },
      onArrayEnd: (offset, length) => {
        depth--;
        if (depth === 1) add(offset, length);
      },
      onObjectEnd: (offset, length) => {
        depth--;
        if (depth === 1) add(start, offset + length - start);
      },
      onError: (error, offset, length) => {
        // "CommaExpected" → "comma expected"
        const message = printParseErrorCode(error)
          .replace(/([a-z])([A-Z])/g, '$1 $2')
          .toLowerCase();
        if (errors.length === 0) errors.push({ message, offset, length });
      },
    },
    { allowTrailingComma: true },
  );
  return { entries, isList, errors };
}
