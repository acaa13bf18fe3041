/**
 * What is asked of keys over and over, worked out once for each value and place: numbers that stand for the key where
 * states are compared, and of which symbols it may speak.
 *
 * In: things with keys. Out: numbers. States have hundreds of cells whose keys have a hundred characters each, and are
 * compared wherever ways meet: put together, the keys would be as long as a page. Two keys with the same numbers are not
 * told apart; that two of the states of one function have them by chance happens once in more than 10^8 functions.
 */

/** A value or a place. What has been worked out is kept with it. */
export interface Keyed {
  readonly key: string;
  scan?: Scan | undefined;
}

export interface Scan {
  readonly high: number;
  readonly low: number;
  /** A bit for each beginning of a symbol's name in the key: what is not there is surely not mentioned. */
  readonly heads: number;
}

export function scanOf(keyed: Keyed): Scan {
  return (keyed.scan ??= scanText(keyed.key));
}

/** The bit of the name with which a text begins that is, or begins, the key of a symbol: `<12:`, `<~7:`, `<12:result>`. */
export function headBit(start: string): number {
  let head = 0;
  for (let at = 1; at < start.length && !endsHead(start.charCodeAt(at)); at++)
    head = longer(head, start.charCodeAt(at));
  return bitOf(head);
}

const BRACKET = 60;
const COLON = 58;
const SLASH = 47;
const CLOSING = 62;

export function scanText(text: string): Scan {
  let high = 0x2f0b_4c47;
  let low = 0x1b87_3593;
  let heads = 0;
  let head = -1;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    high = Math.imul(high ^ code, 0x0100_0193);
    low = (Math.imul(low, 31) + code) | 0;
    if (code === BRACKET) head = 0;
    else if (head >= 0) {
      if (endsHead(code)) {
        heads |= bitOf(head);
        head = -1;
      } else head = longer(head, code);
    }
  }
  return { high: mixed(high), low: mixed(low), heads };
}

function endsHead(code: number): boolean {
  return code === COLON || code === SLASH || code === CLOSING;
}

function longer(head: number, code: number): number {
  return (Math.imul(head, 31) + code) & 0x3fff_ffff;
}

function bitOf(head: number): number {
  return 1 << (mixed(head) & 31);
}

/** Every bit hangs on every other. */
function mixed(number: number): number {
  let n = Math.imul(number ^ (number >>> 16), 0x85eb_ca6b);
  n = Math.imul(n ^ (n >>> 13), 0xc2b2_ae35);
  return n ^ (n >>> 16);
}

/** The numbers of many keys, one after the other. */
export interface Digest {
  high: number;
  low: number;
}

/** A digest that begins with a text, which is long, and often one that it was before. */
export function digestOf(text: string): Digest {
  let scan = begun.get(text);
  if (scan === undefined) {
    scan = scanText(text);
    if (begun.size >= BEGUN_MAX) begun.clear();
    begun.set(text, scan);
  }
  return { high: scan.high, low: scan.low };
}

/** Texts that digests began with lately. */
const begun = new Map<string, Scan>();
const BEGUN_MAX = 64;

/** What a number stands for that is not a text's: a sort of things, a temporary. */
export function addNumber(digest: Digest, number: number): void {
  add(digest, { high: number, low: number });
}

export function add(digest: Digest, { high, low }: Pick<Scan, 'high' | 'low'>): void {
  digest.high = higher(digest.high, high);
  digest.low = lower(digest.low, low);
}

/** As `add` for the one, then for the other. */
export function addPair(digest: Digest, a: Scan, b: Scan): void {
  digest.high = higher(higher(digest.high, a.high), b.high);
  digest.low = lower(lower(digest.low, a.low), b.low);
}

function higher(before: number, high: number): number {
  return (Math.imul((before << 5) ^ (before >>> 27) ^ high, 0x9e37_79b1) + 0x7f4a_7c15) | 0;
}

function lower(before: number, low: number): number {
  return (Math.imul((before << 7) ^ (before >>> 25) ^ low, 0x85eb_ca77) + 0x165667b1) | 0;
}

/** All that can stand in one number: 53 bits of the two. */
export function numberOf({ high, low }: Digest): number {
  return (mixed(high) >>> 0) * 0x20_0000 + (mixed(low) >>> 11);
}
