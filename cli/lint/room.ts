/**
 * How much of a driver is read at once. In: the bytes that V8 gives the heap. Out: what may be held of texts and trees.
 *
 * The trees of a driver's files are held together while it is linted. A driver that is too large for that is read in
 * parts, each as large as fits, and each is linted as a driver of its own: all of it is checked, and nothing is lost but
 * what one part would have told of another. Where it is cut hangs on the text and the heap's limit alone, never on what
 * happens to be free, so it is cut alike each time.
 *
 * Measured on six public drivers, tokens take 80 to 210 bytes of tree each, those of headers that are read for many
 * files once; what stays of the analysis adds a tenth to a quarter. While one function is analysed, its states lie beside
 * that: its limits (flow/run/analyse.ts) keep them to a few hundred megabytes however large the driver is.
 */
import type { SourceFile } from '../../base/source.ts';
import { displayPath } from '../finding-output.ts';

export interface Room {
  /** Of one file's text. Its tokens and what reading makes of them are all there at the same time. */
  readonly charactersMax: number;
  /** Parsed for files that are held together. */
  readonly tokensMax: number;
}

const STATES_BYTES = 250_000_000;
/** Of what these leave, the part that trees may take: a collector that has too little room hardly gets anything done. */
const TREES_SHARE = 0.6;
/** Of the heap, what one file may take while it is read. */
const FILE_SHARE = 0.5;
/** What the catalog, the rules and the bundled headers of one driver take, which every part needs. */
const START_BYTES = 60_000_000;
const BYTES_OF_TOKEN = 220;
const BYTES_OF_CHARACTER = 150;

export function roomIn(heapBytes: number): Room {
  const treeBytes = (heapBytes - STATES_BYTES) * TREES_SHARE - START_BYTES;
  return {
    charactersMax: Math.floor((heapBytes * FILE_SHARE) / BYTES_OF_CHARACTER),
    tokensMax: Math.max(1, Math.floor(treeBytes / BYTES_OF_TOKEN)),
  };
}

/** No text of so many characters, and with headers as real drivers have them, needs to be read in parts. */
export function surelyFits(files: readonly SourceFile[], { tokensMax }: Room): boolean {
  return files.reduce((sum, { text }) => sum + text.length, 0) < tokensMax / 10;
}

/** What people are told of a driver that was read in parts. */
export function partsText(files: readonly SourceFile[], parts: number): string {
  const [first, ...others] = files.map((file) => displayPath(file.path));
  const driver = others.length === 0 ? first : `The driver of ${first} and ${others.length} more files`;
  return `${driver} is too large for the memory that Node gives a program: it was checked in ${parts} parts, and what one of them calls in another is not known there.`;
}

export function leftOutText({ path }: SourceFile): string {
  return `${displayPath(path)} is too large for the memory that Node gives a program; it is left out.`;
}

/** Twice of what there is now, in megabytes, as a remedy. */
export function memoryRemedy(heapBytes: number): string {
  const megabytes = Math.ceil((2 * heapBytes) / 2 ** 30) * 1024;
  return `Give it more: set the environment variable NODE_OPTIONS to --max-old-space-size=${megabytes}.`;
}
