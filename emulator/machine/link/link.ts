/**
 * Files of a driver to one program.
 *
 * Functions of the driver's own files are all compiled; functions of system headers, and inline ones, when something
 * refers to them. Addresses are given out as things are first mentioned, in the order of files and text, so the same
 * source has the same addresses in every run.
 */
import type { SourceFile, Span } from '../../../base/source.ts';
import type { FunctionSymbol, Initializer, VariableSymbol } from '../../../cfront/parse/ast.ts';
import { alignOf, sizeOf } from '../../../cfront/types/layout.ts';
import { isComplete } from '../../../cfront/types/predicates.ts';
import type { CType } from '../../../cfront/types/types.ts';
import type { TranslationUnit } from '../../../cfront/unit.ts';
import type { LinkServices } from '../compile/context.ts';
import type { CodeBuffer } from '../compile/finish.ts';
import { compileFunction } from '../compile/function.ts';
import { spanOf } from '../compile/spans.ts';
import type { LinkProblem, Program, StatementInfo } from '../machine-types.ts';
import type { CallShape, CodeSymbol, GlobalObject, LinkedProgram } from '../program.ts';
import { conflictingTypes } from './conflicts.ts';
import { writeInitializer } from './data.ts';
import { finishProgram } from './finish.ts';
import { createImage, hasRoom, type Image, placeObject, STATIC_MAX } from './image.ts';
import { isSameType } from './same-type.ts';
import { resolveSymbols, type SymbolTable } from './symbols.ts';
import { syntaxProblems } from './syntax.ts';
import { threadLocalProblems } from './thread-local.ts';

/** Gives the file of the kernel's own C that defines a function; undefined for functions that none defines. */
export type Library = (functionName: string) => TranslationUnit | undefined;

/** Functions of bundled headers by name, and the native that is told of each call of them, with its first argument. */
export type Announced = ReadonlyMap<string, string>;

/**
 * `stubs` are files that stand in for what the driver's own files leave undefined; what is undefined then comes from the
 * library.
 */
export function link(
  ownUnits: readonly TranslationUnit[],
  stubs: readonly TranslationUnit[] = [],
  library: Library = () => undefined,
  announced: Announced = new Map(),
): {
  readonly program: Program;
  readonly problems: readonly LinkProblem[];
} {
  const units = [...ownUnits, ...stubs];
  const problems: LinkProblem[] = units.flatMap(syntaxProblems);
  const state = createLinker({
    table: resolveSymbols(ownUnits, stubs, problems),
    library,
    problems,
    announced,
    isSystemFile: (file) => units.some((unit) => unit.isSystemFile(file)),
  });
  for (const unit of units) {
    for (const declaration of unit.declarations) {
      if (declaration.kind !== 'variable-declaration' || unit.isSystemFile(declaration.first.file)) continue;
      if (declaration.symbol.duration === 'static' && declaration.symbol.definition !== undefined) {
        state.services.globalOffset(declaration.symbol);
      }
    }
    for (const definition of unit.functions) {
      if (!definition.symbol.isInline && !unit.isSystemFile(definition.first.file))
        codeIndexOf(state, definition.symbol);
    }
  }
  compileAll(state);
  problems.push(...conflictingTypes(units), ...threadLocalProblems(units));
  return { program: finishProgram([...units, ...state.libraryUnits], state), problems };
}

interface LinkerInput {
  readonly table: SymbolTable;
  readonly library: Library;
  readonly problems: LinkProblem[];
  readonly announced: Announced;
  readonly isSystemFile: (file: SourceFile) => boolean;
}

export interface Linker extends LinkerInput {
  /** Files of the library that something refers to. */
  readonly libraryUnits: Set<TranslationUnit>;
  readonly services: LinkServices;
  readonly image: Image;
  readonly buffer: CodeBuffer;
  readonly codeSymbols: CodeSymbol[];
  /** By defining symbol, and by name for what no file defines. */
  readonly codeIndices: Map<FunctionSymbol | string, number>;
  readonly firstUses: Map<number, Span>;
  readonly globals: Map<VariableSymbol | string, GlobalObject>;
  readonly strings: Map<string, number>;
  readonly statements: StatementInfo[];
  readonly calls: CallShape[];
  readonly checkedNames: string[];
  readonly traps: LinkedProgram['traps'][number][];
  /** Static objects whose bytes are still to be written. */
  readonly uninitialised: {
    readonly object: GlobalObject;
    readonly type: CType;
    readonly initializer: Initializer | undefined;
  }[];
}

function createLinker(input: LinkerInput): Linker {
  const { problems } = input;
  const state: Omit<Linker, 'services'> = {
    ...input,
    libraryUnits: new Set(),
    image: createImage(),
    buffer: { words: [], nodes: [], statements: [], jumpTables: [] },
    codeSymbols: [],
    codeIndices: new Map(),
    firstUses: new Map(),
    globals: new Map(),
    strings: new Map(),
    statements: [],
    calls: [],
    checkedNames: [],
    traps: [],
    uninitialised: [],
  };
  const services: LinkServices = {
    globalOffset: (symbol) => globalObject(state, symbol).offset,
    literalOffset: (literal) => globalObject(state, literal.symbol, literal.initializer).offset,
    isStatic: (offset) => offset >= 0 && offset + 8 <= state.image.top,
    stringOffset: (units_, unitSize) => stringOffset(state, units_, unitSize),
    codeIndex: (symbol, span) => used(state, codeIndexOf(state, symbol), span),
    isGuest: (index) => state.codeSymbols[index]?.symbol.definition !== undefined,
    definedAs: (index) => {
      const symbol = state.codeSymbols[index]?.symbol;
      return symbol?.definition === undefined ? undefined : symbol.type;
    },
    toldOf: (symbol, span) => {
      const native = announcer(state, symbol);
      return native === undefined ? -1 : used(state, codeIndexOf(state, native), span);
    },
    addCall: (call) => state.calls.push(call) - 1,
    // Code goes into the buffer when a function is finished: until then its end is where this one will begin.
    addStatement: (span, functionName) =>
      state.statements.push({ span, functionName, functionStart: state.buffer.words.length }) - 1,
    addCheckedName: (name) => state.checkedNames.push(name) - 1,
    addTrap: (kind, detail) => state.traps.push({ kind, detail }) - 1,
    problem: (span, message) => problems.push({ code: 'unsupported', severity: 'error', message, span }),
  };
  return { ...state, services };
}

/** Compiles until no function is left that something refers to; then the static objects' bytes are written. */
function compileAll(state: Linker): void {
  let compiled = 0;
  let written = 0;
  while (compiled < state.codeSymbols.length || written < state.uninitialised.length) {
    const entry = state.codeSymbols[compiled];
    if (entry !== undefined) {
      const { definition } = entry.symbol;
      if (definition !== undefined) {
        const routine = compileFunction(
          state.services,
          state.buffer,
          { name: entry.name, index: compiled },
          definition,
        );
        state.codeSymbols[compiled] = { ...entry, routine };
      }
      compiled++;
      continue;
    }
    const item = state.uninitialised[written++];
    if (item?.initializer === undefined) continue;
    writeInitializer(state.services, state.image, item.object.offset, item.type, item.initializer);
  }
}

/** The function that a symbol means: its own definition, another file's, or nobody's. */
function codeIndexOf(state: Omit<Linker, 'services'>, symbol: FunctionSymbol): number {
  const declared = meantBy(state.table, symbol);
  const meant = declared.definition === undefined ? (libraryFunction(state, declared) ?? declared) : declared;
  // A static function without a body is its own file's mistake, and nobody else's function.
  const key = meant.definition === undefined && meant.linkage === 'external' ? meant.name : meant;
  const known = state.codeIndices.get(key);
  if (known !== undefined) return known;
  const index = state.codeSymbols.push({ name: meant.name, symbol: meant, routine: undefined }) - 1;
  state.codeIndices.set(key, index);
  return index;
}

function used({ firstUses }: Omit<Linker, 'services'>, index: number, span: Span): number {
  if (!firstUses.has(index)) firstUses.set(index, span);
  return index;
}

/** Only functions of bundled headers are known to do what their names say. */
function announcer(state: Omit<Linker, 'services'>, symbol: FunctionSymbol): FunctionSymbol | undefined {
  const name = state.announced.get(symbol.name);
  const file = name === undefined ? undefined : meantBy(state.table, symbol).definition?.first.file;
  if (name === undefined || file === undefined || !state.isSystemFile(file)) return undefined;
  return { ...symbol, name, linkage: 'external', isInline: false, definition: undefined };
}

/** The function of this name in the kernel's own C, whose file is linked in from here on. */
function libraryFunction(state: Omit<Linker, 'services'>, symbol: FunctionSymbol): FunctionSymbol | undefined {
  if (symbol.linkage === 'internal') return undefined;
  const unit = state.library(symbol.name);
  if (unit === undefined) return undefined;
  state.libraryUnits.add(unit);
  const { functions } = state.table;
  for (const { symbol: own } of unit.functions) {
    if (own.linkage === 'external' && !own.isInline && !functions.has(own.name)) functions.set(own.name, own);
  }
  return functions.get(symbol.name);
}

function meantBy({ functions, inlines }: SymbolTable, symbol: FunctionSymbol): FunctionSymbol {
  if (symbol.linkage === 'internal') return symbol;
  const shared = functions.get(symbol.name) ?? inlines.get(symbol.name) ?? symbol;
  // Inline functions of one name that have nothing else in common are each their own file's.
  const isOther =
    symbol.isInline && symbol.definition !== undefined && !isSameType(symbol.type, shared.type, new Map());
  return isOther ? symbol : shared;
}

function globalObject(state: Omit<Linker, 'services'>, symbol: VariableSymbol, literal?: Initializer): GlobalObject {
  const isExternal = symbol.linkage === 'external';
  const meant = isExternal ? (state.table.variables.get(symbol.name) ?? symbol) : symbol;
  const key = isExternal ? symbol.name : meant;
  const known = state.globals.get(key);
  if (known !== undefined) return known;
  const isDefined = meant.definition !== undefined || !isExternal;
  const initializer = literal ?? meant.definition?.initializer;
  const size = objectSize(meant);
  const fits = hasRoom(state.image, size);
  const at = meant.definition ?? meant.declarations[0] ?? (literal?.kind === 'list' ? literal : undefined);
  if (!fits && at !== undefined) state.problems.push(noRoom(meant.name, size, spanOf(at)));
  const object = placeObject(
    state.image,
    {
      name: meant.name,
      symbol: meant,
      size: fits ? size : 1,
      kind: 'global',
      label: meant.name === '' ? 'a compound literal' : `global ${meant.name}`,
      isReadOnly: isConstant(meant.type) && isDefined,
      isUndefined: !isDefined,
    },
    Math.max(isComplete(meant.type) ? alignOf(meant.type) : 8, meant.alignment ?? 1, sizeOf(meant.type) >= 16 ? 16 : 1),
  );
  state.globals.set(key, object);
  if (fits) state.uninitialised.push({ object, type: meant.type, initializer });
  return object;
}

function noRoom(name: string, size: number, span: Span): LinkProblem {
  const what = name === '' ? 'A compound literal' : `\`${name}\``;
  const room = `a run has room for ${STATIC_MAX / 1024 / 1024} MB of static variables`;
  return {
    code: 'too-large',
    severity: 'error',
    message: `${what} takes ${String(size).replace(/\B(?=(\d{3})+$)/g, ',')} bytes, and ${room}.`,
    span,
  };
}

/** `int a[];` alone is one element; a flexible array at the end takes what its initialiser names. */
function objectSize(symbol: VariableSymbol): number {
  const { type } = symbol;
  const size = type.kind === 'array' && type.length === undefined ? sizeOf(type.element) : sizeOf(type);
  const initializer = symbol.definition?.initializer;
  if (initializer?.kind !== 'list') return Math.max(size, 1);
  let end = Math.max(size, 1);
  for (const { offset, type: entryType, value } of initializer.entries) {
    // Only a string tells how long a flexible array of characters is.
    const isFlexible = value.kind === 'string' && entryType.kind === 'array' && entryType.length === undefined;
    const entrySize = isFlexible ? value.units.length * sizeOf(entryType.element) : sizeOf(entryType);
    end = Math.max(end, offset + entrySize);
  }
  return end;
}

function isConstant(type: CType): boolean {
  return type.kind === 'array' ? type.isConst || isConstant(type.element) : type.isConst && !type.isVolatile;
}

function stringOffset(state: Omit<Linker, 'services'>, units: readonly number[], unitSize: number): number {
  const key = `${unitSize}:${units.join(',')}`;
  const known = state.strings.get(key);
  if (known !== undefined) return known;
  const text = String.fromCharCode(...units.slice(0, 24).filter((unit) => unit >= 32 && unit < 0x10000));
  const object = placeObject(
    state.image,
    {
      name: '',
      symbol: undefined,
      size: units.length * unitSize,
      kind: 'string',
      label: `string ${unitSize === 2 ? 'L' : ''}"${text}${units.length > 25 ? '…' : ''}"`,
      isReadOnly: true,
      isUndefined: false,
    },
    unitSize,
  );
  for (const [i, unit] of units.entries()) {
    for (let k = 0; k < unitSize; k++) state.image.bytes[object.offset + i * unitSize + k] = (unit >>> (8 * k)) & 255;
  }
  state.strings.set(key, object.offset);
  return object.offset;
}
