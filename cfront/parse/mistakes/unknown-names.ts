/**
 * Names that nothing declares: reported once in a function, types and names at file scope once in a file, with the
 * declared name that is nearest where one is near.
 */
import type { Severity } from '../../../base/finding.ts';
import { distanceTo, editsFor } from '../../../base/nearest.ts';
import type { Span } from '../../../base/source.ts';
import { partsOf } from '../../layer-views.ts';
import { Deferred } from '../../layers.ts';
import { pointerTypeOf } from '../../table-functions.ts';
import { place, type Token } from '../../tokenize/token.ts';
import type { CSymbol } from '../ast.ts';
import type { Parser } from '../state.ts';
import { reportCplusplus } from './cplusplus.ts';
import {
  includeFix,
  mayLackName,
  noteUnincluded,
  noteUnknown,
  noteUnresolved,
  type UnknownKind,
} from './name-sources.ts';
import { isCallMacro, nearMacro } from './near-macro.ts';
import { isFull, type ProblemExtra, report } from './problems.ts';

/** Searches for near names in one file; each looks at every name in scope, and a file without its headers has many. */
export const searchesMax = 20;

/** Reports the name unless that was done before. */
export function reportUnknown(p: Parser, token: Token, kind: UnknownKind): void {
  const { text } = token;
  // What follows from a name is not told of, whether a header was told to have it or a near name was offered.
  if (mayLackName(p.names, text)) noteUnknown(p.names, indexOf(p, token), place(token));
  if (isReported(p, text) || isInBrokenHead(p, text)) return;
  if (kind !== 'function') (kind === 'type' || p.function === undefined ? p.unknown : p.function.unknown).add(text);
  const span = place(token);
  if (reportCplusplus(p, token) || (kind !== 'function' && reportMacro(p, token))) return;
  const header = p.isSystemFile(span.file) ? undefined : p.names.headerOf(text);
  if (header !== undefined) {
    if (p.names.missing.length > 0) noteUnincluded(p.names, { name: text, kind, span, header }, indexOf(p, token));
    else reportUnincluded(p, text, kind, header, span);
    return;
  }
  if (reportForPrograms(p, text, kind, span) || (kind === 'function' && reportOfTable(p, text, span))) return;
  const near = isFull(p, span.file) || isOfKnown(p, text, kind) ? undefined : nearDeclared(p, text, kind);
  if (near === undefined && mayLackName(p.names, text)) {
    noteUnresolved(p.names, { name: text, kind, span }, indexOf(p, token));
    return;
  }
  const extra: ProblemExtra =
    near === undefined ? {} : { fix: { title: `Replace by '${near}'`, edits: [{ span, newText: near }] } };
  const hint = near === undefined ? adviceFor(kind) : ` '${near}' is meant, perhaps.`;
  const code = kind === 'function' ? 'implicit-function' : kind === 'type' ? 'unknown-type' : 'unknown-name';
  // With a header missing, the near name may be a coincidence.
  const isSure = p.names.missing.length === 0;
  const severity: Severity = !isSure ? 'hint' : kind === 'function' ? 'warning' : 'error';
  report(p, severity, code, `${messageFor(kind, text)}${hint}`, span, extra);
}

/** Only names of Microsoft's headers are missing, which differ from those that we know by a letter: Get and Set. */
function isOfKnown({ names }: Parser, name: string, kind: UnknownKind): boolean {
  return names.missing.length > 0 ? names.areKnown : kind === 'function' && mayLackName(names, name);
}

/** A macro with parameters is replaced only where arguments follow. */
function reportMacro(p: Parser, token: Token): boolean {
  const macro = p.names.macros.get(token.text);
  // A text that is read again and again is nobody's header, and need not remember.
  if (p.trail === undefined) p.names.asked.add(token.text);
  if (!isCallMacro(macro)) return false;
  // Another file may have no such macro.
  p.isSettled = false;
  const count = macro.parameters.length;
  const wants = count === 0 ? "wants '()' behind it" : `takes ${count === 1 ? '1 argument' : `${count} arguments`}`;
  const text = `The macro '${token.text}' ${wants}; without parentheses it is not replaced.`;
  const related = [{ span: macro.span, message: 'It is defined here.' }];
  report(p, 'error', 'unknown-name', text, place(token), { related });
  return true;
}

/** Of the next token, or of the one that was just consumed. */
function indexOf(p: Parser, token: Token): number {
  return token === p.previous && token !== p.token ? p.index - 1 : p.index;
}

/** A bundled header declares the name, but nothing includes it. */
function reportUnincluded(p: Parser, name: string, kind: UnknownKind, header: string, span: Span): void {
  const code = kind === 'function' ? 'implicit-function' : kind === 'type' ? 'unknown-type' : 'unknown-name';
  const extra = span.file === p.names.main ? { fix: includeFix(p.names, header) } : {};
  const text = `${messageFor(kind, name)} It comes from <${header}>, which is not included.`;
  report(p, kind === 'function' ? 'warning' : 'error', code, text, span, extra);
}

/** The head of the function being read is broken, and the name stands in it: a parameter that was not understood. */
function isInBrokenHead(p: Parser, name: string): boolean {
  const { function: f, tokens, declarationIndex } = p;
  if (f?.brokenHeadEnd === undefined) return false;
  for (let i = declarationIndex; i < f.brokenHeadEnd; i++) if (tokens[i]?.text === name) return true;
  return false;
}

/** A name for programs, unless a header that was not found may give it to drivers. */
function reportForPrograms(p: Parser, name: string, kind: UnknownKind, span: Span): boolean {
  const counterpart = p.names.missing.length > 0 ? undefined : p.names.counterpartOf(name);
  if (counterpart === undefined) return false;
  const isCall = kind === 'function';
  const code = isCall ? 'implicit-function' : kind === 'type' ? 'unknown-type' : 'unknown-name';
  const text = `${messageFor(kind, name)} It is for programs; a driver has ${counterpart}.`;
  // Of the same form, so that nothing else changes.
  const fix = counterpart.endsWith('ByteSwap')
    ? { fix: { title: `Replace by '${counterpart}'`, edits: [{ span, newText: counterpart }] } }
    : {};
  report(p, isCall ? 'warning' : 'error', code, text, span, fix);
  return true;
}

/** A function of a dispatch table, called as if it had a name of its own. */
function reportOfTable(p: Parser, name: string, span: Span): boolean {
  const type = pointerTypeOf(name);
  if (p.names.headerOf(type) === undefined) return false;
  const text = `${messageFor('function', name)} It is the member of a dispatch table, of type ${type}: call it through the table.`;
  report(p, 'warning', 'implicit-function', text, span);
  return true;
}

/** The name was reported as unknown, here or at file scope. */
export function isReported(p: Parser, name: string): boolean {
  return p.unknown.has(name) || p.function?.unknown.has(name) === true;
}

function messageFor(kind: UnknownKind, name: string): string {
  switch (kind) {
    case 'name':
    case 'member':
    case 'macro':
      return `'${name}' is not declared.`;
    case 'type':
      return `The type '${name}' is not declared.`;
    case 'function':
      return `'${name}' is not declared; it is taken for a function that returns int.`;
  }
}

function adviceFor(kind: UnknownKind): string {
  switch (kind) {
    case 'name':
    case 'member':
      return '';
    case 'type':
    case 'function':
      return ' No bundled header has it: include the header of yours that declares it.';
    case 'macro':
      return ' If it is a macro, include the header that defines it.';
  }
}

/**
 * The declared name nearest to a misspelt one: a type for a type, anything else for the rest. What a name stands for is
 * asked only where its spelling is near: a declaration of a bundled header is read when somebody asks for it.
 */
function nearDeclared(p: Parser, name: string, kind: UnknownKind): string | undefined {
  if (kind === 'macro' || p.nearSearches >= searchesMax) return undefined;
  // With a header missing, a name is more likely one of its own than a slip of the hand.
  const isSure = !mayLackName(p.names, name);
  if (!isSure && name.length < closeMin) return undefined;
  p.nearSearches++;
  let best: string | undefined;
  let bestDistance = (isSure ? editsFor(name) : 1) + 1;
  const isNearer = (other: string): boolean => distanceTo(name, other, bestDistance) < bestDistance;
  const take = (other: string): void => {
    bestDistance = distanceTo(name, other, bestDistance);
    best = other;
  };
  for (let scope: typeof p.scope | undefined = p.scope; scope !== undefined; scope = scope.parent) {
    for (const part of scope.names === undefined ? [] : partsOf(scope.names).toReversed()) {
      // Thousands of names, at a keystroke perhaps: a pair for each would be garbage.
      part.forEach((stored, other) => {
        if (isNearer(other) && isMeant(stored instanceof Deferred ? stored.valueOf(other) : stored, kind)) take(other);
      });
    }
  }
  if (kind !== 'type') {
    const search = { name, isCall: kind === 'function', below: bestDistance };
    const macro = nearMacro(p.names.macros, search);
    if (macro !== undefined) {
      // Another file's macros may be others.
      p.isSettled = false;
      take(macro.name);
    } else if (p.trail === undefined) p.names.searches.push(search);
  }
  for (const word of kind === 'type' ? typeWords : statementWords) if (isNearer(word)) take(word);
  return best;
}

function isMeant(symbol: CSymbol | undefined, kind: UnknownKind): boolean {
  // What stands by an implicit declaration alone is unknown itself.
  if (symbol === undefined || (symbol.kind === 'function' && symbol.declarations.length === 0)) return false;
  return kind === 'name' ? symbol.kind !== 'typedef' : symbol.kind === (kind === 'type' ? 'typedef' : 'function');
}

/** Length from which a name that differs by one edit is the same one, misspelt. */
const closeMin = 6;

/** Words that a slip of the hand makes names of. */
const statementWords =
  'return break continue goto else sizeof switch while default case __try __except __finally __leave'.split(' ');
const typeWords = ['void', 'int', 'char', 'short', 'long', 'unsigned', 'signed', 'struct', 'union', 'const', 'static'];
