/** What the C library remembers between calls. */
import { type GuestAddress, NULL_ADDRESS } from '../../machine/native.ts';
import { createFileSystem, type FileSystem } from './files.ts';

export interface LibraryState {
  /** A program with a main function runs, not a driver. */
  isProgram: boolean;
  /** Where strtok goes on. */
  tokenAt: GuestAddress;
  /** Of rand. */
  randomSeed: number;
  readonly fileSystem: FileSystem;
  /** Where errno is, once it was asked for. */
  errnoAt: GuestAddress | undefined;
  /** Where strerror puts its text. */
  errorTextAt: GuestAddress | undefined;
  /** What gmtime and localtime give. */
  dateAt: GuestAddress | undefined;
  /** What localeconv gives. */
  localeAt: GuestAddress | undefined;
  /** Functions of atexit, in the order of their registration. */
  readonly atExit: GuestAddress[];
}

export function createLibraryState(): LibraryState {
  return {
    isProgram: false,
    tokenAt: NULL_ADDRESS,
    randomSeed: 1,
    fileSystem: createFileSystem(),
    errnoAt: undefined,
    errorTextAt: undefined,
    dateAt: undefined,
    localeAt: undefined,
    atExit: [],
  };
}
