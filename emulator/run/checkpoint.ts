/**
 * A run as it stands, to be put back later: everything that can change is copied, and is written back into the same
 * objects, so that whoever holds one of them holds the right state again.
 *
 * In come the objects that a run is made of; everything that they lead to is kept, but for what no run ever changes (the
 * program's tree, its types, the catalog). This is right because all state is plain data (records, lists, maps, arrays of
 * numbers) and continuations are records too: there is nothing that only a closure knows, but for caches. It ends because
 * each object is looked at once. Arrays of numbers are kept in pages, which a checkpoint shares with the one before
 * wherever they are the same: most of guest memory and of the trace never changes again.
 */
import { assert } from '../../base/assert.ts';
import { isOfProgram } from './of-program.ts';

export interface Checkpoint {
  /** Bytes of pages that it does not share with the checkpoint that it was made after. */
  readonly bytes: number;
  readonly objects: readonly object[];
  /** For each object what was in it. */
  readonly contents: readonly Contents[];
  readonly buffers: ReadonlyMap<ArrayBufferLike, readonly Uint8Array[]>;
}

type Contents =
  | { readonly kind: 'list'; readonly items: readonly unknown[] }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [unknown, unknown])[] }
  | { readonly kind: 'set'; readonly items: readonly unknown[] }
  | { readonly kind: 'record'; readonly keys: readonly string[]; readonly values: readonly unknown[] };

const PAGE_BYTES = 1 << 16;

/** `fixed` are objects that are not looked into. `before` is an earlier checkpoint of the same run. */
export function takeCheckpoint(
  roots: readonly object[],
  fixed: ReadonlySet<object>,
  before: Checkpoint | undefined,
): Checkpoint {
  const seen = new Set<object>();
  const objects: object[] = [];
  const contents: Contents[] = [];
  const buffers = new Map<ArrayBufferLike, readonly Uint8Array[]>();
  let bytes = 0;
  const open: object[] = [];
  const meet = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || seen.has(value) || fixed.has(value) || isOfProgram(value))
      return;
    seen.add(value);
    open.push(value);
  };
  roots.forEach(meet);
  for (let object = open.pop(); object !== undefined; object = open.pop()) {
    if (ArrayBuffer.isView(object)) {
      const { buffer } = object;
      if (buffers.has(buffer)) continue;
      const { pages, fresh } = pagesOf(buffer, before?.buffers.get(buffer));
      bytes += fresh;
      buffers.set(buffer, pages);
      continue;
    }
    const content = contentsOf(object);
    objects.push(object);
    contents.push(content);
    switch (content.kind) {
      case 'map':
        for (const [key, value] of content.entries) {
          meet(key);
          meet(value);
        }
        break;
      case 'record':
        content.values.forEach(meet);
        break;
      default:
        content.items.forEach(meet);
    }
  }
  return { bytes, objects, contents, buffers };
}

/** Everything is again as it was when the checkpoint was taken. It stays as it is, and can be gone back to again. */
export function putBack({ objects, contents, buffers }: Checkpoint): void {
  for (const [buffer, pages] of buffers) {
    const all = new Uint8Array(buffer);
    for (const [i, page] of pages.entries()) all.set(page, i * PAGE_BYTES);
  }
  for (const [i, object] of objects.entries()) fill(object, contents[i] as Contents);
}

function contentsOf(object: object): Contents {
  if (Array.isArray(object)) return { kind: 'list', items: object.slice() };
  if (object instanceof Map) return { kind: 'map', entries: [...object] };
  if (object instanceof Set) return { kind: 'set', items: [...object] };
  assert(!(object instanceof WeakMap), 'what a run keeps can be listed');
  return { kind: 'record', keys: Object.keys(object), values: Object.values(object) };
}

function fill(object: object, content: Contents): void {
  switch (content.kind) {
    case 'list': {
      const list = object as unknown[];
      const { items } = content;
      list.length = items.length;
      for (let i = 0; i < items.length; i++) if (list[i] !== items[i]) list[i] = items[i];
      return;
    }
    case 'map': {
      const map = object as Map<unknown, unknown>;
      map.clear();
      for (const [key, value] of content.entries) map.set(key, value);
      return;
    }
    case 'set': {
      const set = object as Set<unknown>;
      set.clear();
      for (const item of content.items) set.add(item);
      return;
    }
    case 'record':
      fillRecord(object as Record<string, unknown>, content.keys, content.values);
  }
}

function fillRecord(record: Record<string, unknown>, keys: readonly string[], values: readonly unknown[]): void {
  // What was added since goes again.
  if (Object.keys(record).length > keys.length) {
    const known = new Set(keys);
    for (const key of Object.keys(record)) if (!known.has(key)) delete record[key];
  }
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as string;
    if (record[key] !== values[i]) record[key] = values[i];
  }
}

/** Pages of a buffer, those of `before` where they are the same, and how many bytes are new. */
function pagesOf(
  buffer: ArrayBufferLike,
  before: readonly Uint8Array[] | undefined,
): { readonly pages: readonly Uint8Array[]; readonly fresh: number } {
  const pages: Uint8Array[] = [];
  let fresh = 0;
  for (let at = 0; at < buffer.byteLength; at += PAGE_BYTES) {
    const page = new Uint8Array(buffer, at, Math.min(PAGE_BYTES, buffer.byteLength - at));
    const old = before?.[pages.length];
    if (old !== undefined && isSame(page, old)) pages.push(old);
    else {
      pages.push(page.slice());
      fresh += page.length;
    }
  }
  return { pages, fresh };
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  const words = a.length >> 2;
  const [x, y] = [new Int32Array(a.buffer, a.byteOffset, words), new Int32Array(b.buffer, b.byteOffset, words)];
  for (let i = 0; i < words; i++) if (x[i] !== y[i]) return false;
  for (let i = words * 4; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
