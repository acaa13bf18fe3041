/**
 * A file system in memory, beside which nothing exists: the files that the scenario gives, the folders that hold them, a
 * few folders that every Windows has. Paths are compared without regard to case; what a driver writes lasts for the run.
 */
import type { GuestAddress } from '../../machine/native.ts';

export interface FileNode {
  /** As it was first named: `\??\C:\logs\echo.txt`. */
  path: string;
  readonly isDirectory: boolean;
  bytes: Uint8Array;
  attributes: number;
  createdAt: bigint;
  writtenAt: bigint;
  isDeletePending: boolean;
}

/** One opening of a file. */
export interface OpenFile {
  readonly node: FileNode;
  readonly access: number;
  readonly share: number;
  readonly isSynchronous: boolean;
  readonly deletesOnClose: boolean;
  /** File pointer of a synchronous handle. */
  offset: number;
  /** Entries of a folder that have been listed, and the pattern that they fit. */
  listed: number;
  pattern: string | undefined;
}

export interface FileSystemState {
  /** By path in lower case. */
  readonly nodes: Map<string, FileNode>;
  /** By file object. */
  readonly open: Map<GuestAddress, OpenFile>;
}

export const attributeDirectory = 0x10;
export const attributeReadOnly = 0x1;
const attributeArchive = 0x20;
const systemDrive = '\\??\\C:';
const usualFolders = ['\\Windows\\System32\\drivers', '\\Windows\\Temp', '\\Windows\\System32\\LogFiles', '\\Users'];
/** Bytes that all files together may have. */
const fileBytesMax = 64 * 1024 * 1024;

export function createFileSystemState(): FileSystemState {
  const state: FileSystemState = { nodes: new Map(), open: new Map() };
  for (const folder of usualFolders) addFolders(state, `${systemDrive}${folder}`);
  return state;
}

/** Puts a file of the scenario in its place, with its folders. */
export function addFile(state: FileSystemState, path: string, bytes: Uint8Array, now: bigint): void {
  const full = normalPath(path);
  addFolders(state, parentOf(full));
  state.nodes.set(full.toLowerCase(), newNode(full, { isDirectory: false, now, bytes }));
}

export function newNode(
  path: string,
  given: {
    readonly isDirectory: boolean;
    readonly now: bigint;
    readonly bytes?: Uint8Array;
    readonly attributes?: number;
  },
): FileNode {
  const { isDirectory, now, bytes = new Uint8Array(), attributes = 0 } = given;
  return {
    path,
    isDirectory,
    bytes,
    attributes: isDirectory ? attributes | attributeDirectory : attributes === 0 ? attributeArchive : attributes,
    createdAt: now,
    writtenAt: now,
    isDeletePending: false,
  };
}

/** True for names that lead to a file system: a drive, or the system's folder. */
export function isFilePath(path: string): boolean {
  return /^\\\?\?\\[a-z]:/i.test(normalPath(path));
}

/** One spelling for `\??\C:`, `\DosDevices\C:`, `\Device\HarddiskVolume1` and `\SystemRoot`. */
export function normalPath(path: string): string {
  return path
    .replace(/^([a-z]:)/i, '\\??\\$1')
    .replace(/^\\\\[.?]\\/, '\\??\\')
    .replace(/^\\(dosdevices|global\?\?)\\/i, '\\??\\')
    .replace(/^\\device\\(harddiskvolume1|harddisk0\\partition1)(?=\\|$)/i, systemDrive)
    .replace(/^\\systemroot(?=\\|$)/i, `${systemDrive}\\Windows`)
    .replace(/\\+$/, '');
}

export function nodeAt(state: FileSystemState, path: string): FileNode | undefined {
  return state.nodes.get(normalPath(path).toLowerCase());
}

export function parentOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('\\')));
}

/** Name without its folder. */
export function leafOf(path: string): string {
  return path.slice(path.lastIndexOf('\\') + 1);
}

/** Files and folders of a folder by name. */
export function childrenOf(state: FileSystemState, folder: FileNode): FileNode[] {
  const prefix = `${folder.path.toLowerCase()}\\`;
  const isChild = (key: string): boolean => key.startsWith(prefix) && !key.slice(prefix.length).includes('\\');
  return [...state.nodes]
    .filter(([key]) => isChild(key))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, node]) => node);
}

/** Makes a file so long; false where all files together would be too large. New bytes are zeroes. */
export function resize(state: FileSystemState, node: FileNode, length: number): boolean {
  let total = length;
  for (const other of state.nodes.values()) if (other !== node) total += other.bytes.length;
  if (total > fileBytesMax) return false;
  const bytes = new Uint8Array(length);
  bytes.set(node.bytes.subarray(0, length));
  node.bytes = bytes;
  return true;
}

export function removeNode(state: FileSystemState, node: FileNode): void {
  const key = node.path.toLowerCase();
  if (state.nodes.get(key) === node) state.nodes.delete(key);
}

function addFolders(state: FileSystemState, path: string): void {
  if (!/^\\\?\?\\[a-z]:/i.test(path)) return;
  const key = path.toLowerCase();
  if (!state.nodes.has(key)) state.nodes.set(key, newNode(path, { isDirectory: true, now: 0n }));
  addFolders(state, parentOf(path));
}
