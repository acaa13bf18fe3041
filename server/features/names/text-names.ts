/**
 * Every name of one file: those that the tree knows, and for the other words what they mean by their surroundings:
 * macros, tags, types, labels, `case` constants, designators, members in offsetof, names in directives and in
 * statements that are half typed.
 *
 * In: a unit, what its tree knows, one of the driver's files. Out: occurrences in order of place. Comments, strings and
 * text that conditions leave out have none. A word that could mean nothing here is left out.
 */
import type { InPieces } from '../../../base/in-pieces.ts';
import type { SourceFile } from '../../../base/source.ts';
import { place, type Token } from '../../../cfront/tokenize/token.ts';
import { indexAt } from '../../../cfront/tokenize/token-index.ts';
import { tokenize } from '../../../cfront/tokenize/tokenize.ts';
import { fieldNamed } from '../../../cfront/types/fields.ts';
import type { MacroDefinition, TranslationUnit } from '../../../cfront/unit.ts';
import { readDesignators } from './designators.ts';
import type { Entity } from './entity.ts';
import { lookUp } from './scopes.ts';
import type { FileNames, Occurrence, Role } from './tree-names.ts';

const nothing: FileNames = { occurrences: new Map(), scopes: [], lists: [], offsets: [] };

/** Tokens that are looked at in one piece. */
const pieceLength = 5000;

export function* textNames(
  unit: TranslationUnit,
  file: SourceFile,
  known: FileNames = nothing,
): InPieces<readonly Occurrence[]> {
  const { tokens } = tokenize(file);
  const uses = usesIn(unit, file);
  const reader: Reader = { unit, file, known, tokens, designated: designated(tokens, known), uses, defined: new Map() };
  const inactive = unit.inactive.filter((span) => span.file === file).sort((a, b) => a.start - b.start);
  const found: Occurrence[] = [];
  let gap = 0;
  let directive = '';
  let parameters: ReadonlyMap<string, Entity> = none;
  for (let i = 0; i < tokens.length; i++) {
    if (i % pieceLength === 0) yield;
    const token = tokens[i] as Token;
    while ((inactive[gap]?.end ?? Number.POSITIVE_INFINITY) <= token.start) gap++;
    if (token.startsLine) {
      directive = token.text === '#' ? (tokens[i + 1]?.text ?? '') : '';
      parameters = none;
    }
    if (token.kind !== 'identifier' || token.start >= (inactive[gap]?.start ?? Number.POSITIVE_INFINITY)) continue;
    if (directive !== '') {
      if (tokens[i - 1]?.text === '#' && tokens[i - 1]?.startsLine === true) continue;
      const entity = inDirective(reader, i, directive, parameters);
      if (directive === 'define' && tokens[i - 2]?.startsLine === true && entity?.kind === 'macro') {
        parameters = macroParameters(tokens, i, entity.macro);
        reader.defined.set(token.text, entity.macro);
        found.push(occurrence(token, entity, 'definition'));
        continue;
      }
      if (entity?.kind === 'macro-parameter' && entity.span.start === token.start)
        found.push(occurrence(token, entity, 'definition'));
      else push(found, known, token, entity);
      continue;
    }
    const entity = meaning(reader, i);
    if (entity?.kind === 'label' && isLabel(tokens, i)) found.push(occurrence(token, entity, 'definition'));
    else push(found, known, token, entity);
  }
  return found;
}

interface Reader {
  readonly unit: TranslationUnit;
  readonly file: SourceFile;
  readonly known: FileNames;
  readonly tokens: readonly Token[];
  readonly designated: ReadonlyMap<number, Entity>;
  /** Macro calls of the main file by place; undefined in its headers, where words alone tell. */
  readonly uses: ReadonlyMap<number, MacroDefinition> | undefined;
  /** By the directives of this file that have been read so far. */
  readonly defined: Map<string, MacroDefinition>;
}

function meaning(reader: Reader, i: number): Entity | undefined {
  const { unit, known, tokens } = reader;
  const token = tokens[i] as Token;
  const macro = macroAt(reader, i);
  if (macro !== undefined) return { kind: 'macro', macro };
  const inTree = known.occurrences.get(token.start) ?? reader.designated.get(token.start);
  if (inTree !== undefined) return 'entity' in inTree ? inTree.entity : inTree;
  const before = tokens[i - 1]?.text;
  switch (before) {
    case 'struct':
    case 'union':
    case 'enum':
      return tagNamed(reader, token);
    case '.':
    case '->':
      return undefined;
    case 'goto':
      return labelNamed(reader, token);
    default:
      break;
  }
  if (isLabel(tokens, i)) {
    const label = labelNamed(reader, token);
    if (label !== undefined) return label;
  }
  const offset = known.offsets.find(({ span }) => token.start > span.start && token.start < span.end);
  const field = offset === undefined || before !== ',' ? undefined : fieldNamed(offset.record, token.text)?.field;
  if (offset !== undefined && field !== undefined) return { kind: 'member', field, record: offset.record };
  const local = lookUp(known.scopes, 'names', token.text, token.start);
  if (local !== undefined) return local;
  const symbol = unit.symbols.get(token.text);
  return symbol === undefined ? undefined : { kind: 'symbol', symbol };
}

/** By name; each stands first in the list behind the macro's name. */
function macroParameters(tokens: readonly Token[], at: number, macro: MacroDefinition): ReadonlyMap<string, Entity> {
  const found = new Map<string, Entity>();
  if (macro.parameters === undefined) return none;
  for (let i = at + 2; i < tokens.length && tokens[i]?.text !== ')' && tokens[i]?.startsLine !== true; i++) {
    const { kind, text: name, file, start, end } = tokens[i] as Token;
    if (kind !== 'identifier' || !macro.parameters.includes(name)) continue;
    found.set(name, { kind: 'macro-parameter', macro, name, span: { file, start, end } });
  }
  return found;
}

const none: ReadonlyMap<string, Entity> = new Map();

/** A macro's own parameters hide everything in its body. */
function inDirective(
  reader: Reader,
  i: number,
  directive: string,
  parameters: ReadonlyMap<string, Entity>,
): Entity | undefined {
  const { unit, known, tokens } = reader;
  const token = tokens[i] as Token;
  const { text } = token;
  switch (directive) {
    case 'define': {
      if (tokens[i - 2]?.startsLine === true) {
        const macro = definedAt(reader, token);
        return macro === undefined ? undefined : { kind: 'macro', macro };
      }
      const parameter = parameters.get(text);
      if (parameter !== undefined) return parameter;
      const inTree = known.occurrences.get(token.start)?.entity;
      if (inTree !== undefined) return inTree;
      const before = tokens[i - 1]?.text;
      if (before === '.' || before === '->') return undefined;
      if (before === 'struct' || before === 'union' || before === 'enum') return tagNamed(reader, token);
      const macro = macroNamed(reader, text);
      if (macro !== undefined) return { kind: 'macro', macro };
      const symbol = unit.symbols.get(text);
      return symbol === undefined ? undefined : { kind: 'symbol', symbol };
    }
    case 'undef':
    case 'if':
    case 'ifdef':
    case 'ifndef':
    case 'elif':
    case 'elifdef':
    case 'elifndef': {
      const macro = macroNamed(reader, text);
      return macro === undefined ? undefined : { kind: 'macro', macro };
    }
    case 'pragma': {
      const symbol = unit.symbols.get(text);
      return symbol?.kind === 'function' || symbol?.kind === 'variable' ? { kind: 'symbol', symbol } : undefined;
    }
    default:
      return undefined;
  }
}

function macroAt({ unit, uses, tokens }: Reader, i: number): MacroDefinition | undefined {
  const token = tokens[i] as Token;
  if (uses !== undefined) {
    const used = uses.get(token.start);
    return used?.name === token.text ? used : undefined;
  }
  const macro = unit.macros.get(token.text);
  return macro?.parameters !== undefined && tokens[i + 1]?.text !== '(' ? undefined : macro;
}

/** The macro that a `#define` gives; one that was defined anew later is known by its uses only. */
function definedAt({ unit, uses, file }: Reader, token: Token): MacroDefinition | undefined {
  const isHere = (macro: MacroDefinition | undefined): boolean =>
    macro?.span?.file === file && macro.span.start === token.start;
  const last = unit.macros.get(token.text);
  return isHere(last) ? last : [...(uses?.values() ?? [])].find(isHere);
}

/** In a directive, where nothing is recorded as a use. A macro may be gone at the end of the file. */
function macroNamed({ unit, defined }: Reader, name: string): MacroDefinition | undefined {
  return defined.get(name) ?? unit.macros.get(name);
}

function usesIn(unit: TranslationUnit, file: SourceFile): ReadonlyMap<number, MacroDefinition> | undefined {
  return file === unit.file ? new Map(unit.macroUses.map(({ span, macro }) => [span.start, macro])) : undefined;
}

function tagNamed({ unit, known }: Reader, { text, start }: Token): Entity | undefined {
  const local = lookUp(known.scopes, 'tags', text, start);
  if (local !== undefined) return local;
  const record = unit.records.get(text);
  if (record !== undefined) return { kind: 'record', record };
  const enumeration = unit.enums.get(text);
  return enumeration === undefined ? undefined : { kind: 'enum', enumeration };
}

/** `name:` where a statement begins. */
function isLabel(tokens: readonly Token[], i: number): boolean {
  if (tokens[i + 1]?.text !== ':' || tokens[i]?.text === 'default') return false;
  return [';', '{', '}', ':', ')', 'else', 'do'].includes(tokens[i - 1]?.text ?? '');
}

function labelNamed({ unit, file }: Reader, { text, start }: Token): Entity | undefined {
  const around = unit.functions.find(({ first, last }) => {
    const from = place(first);
    return from.file === file && from.start <= start && place(last).end >= start;
  });
  return around === undefined ? undefined : { kind: 'label', name: text, function: around };
}

function designated(tokens: readonly Token[], { lists }: FileNames): ReadonlyMap<number, Entity> {
  const found = new Map<number, Entity>();
  for (const { start, type } of lists) {
    const open = indexAt(tokens, start);
    if (tokens[open]?.text !== '{') continue;
    readDesignators(tokens, open, type, (token, field) => {
      found.set(token.start, { kind: 'member', field, record: undefined });
    });
  }
  return found;
}

function push(found: Occurrence[], known: FileNames, token: Token, entity: Entity | undefined): void {
  if (entity === undefined) return;
  const inTree = known.occurrences.get(token.start);
  found.push(inTree?.entity === entity ? inTree : occurrence(token, entity, 'read'));
}

function occurrence({ start, end }: Token, entity: Entity, role: Role): Occurrence {
  return { entity, start, end, role };
}
