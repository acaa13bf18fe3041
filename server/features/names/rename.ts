/**
 * Rename: the places to change, or the reason why a name can't be changed. Refused are names that are not the driver's
 * (bundled headers, other people's), names that a macro makes or that a macro's body uses for several things, and new
 * names that would mean something else at one of the places.
 */
import { distinctSpans, type SourceFile, type Span } from '../../../base/source.ts';
import { RESERVED } from '../../../cfront/parse/keywords.ts';
import type { TranslationUnit } from '../../../cfront/unit.ts';
import { wordAt } from '../analysis.ts';
import { salMeaning } from '../markdown/sal.ts';
import { lexicalPlace } from '../places/lexical-place.ts';
import { firstDeclared } from './entity.ts';
import { nameIndex } from './name-index.ts';
import { referencesIn, type Target, targetAt } from './references.ts';
import { clashOfLinker, clashWith } from './rename-clash.ts';

export interface Refused {
  readonly kind: 'refused';
  /** A full sentence for people. */
  readonly reason: string;
}

export type RenameStart = { readonly kind: 'name'; readonly target: Target } | Refused;
export type RenameResult = { readonly kind: 'edits'; readonly spans: readonly Span[] } | Refused;

/** True for a file whose text is the user's to change. */
export type IsOwn = (file: SourceFile) => boolean;

export function prepareRename(
  unit: TranslationUnit,
  offset: number,
  isOwn: IsOwn,
  file: SourceFile = unit.file,
): RenameStart {
  const target = targetAt(unit, offset, file);
  if (target === undefined) return refused(noTarget(unit, offset));
  const reason = refusal(target, isOwn);
  return reason === undefined ? { kind: 'name', target } : refused(reason);
}

/** `units`: that of the cursor first, then the others in which what is shared, or the new name, may be named. */
export function rename(units: readonly TranslationUnit[], target: Target, newName: string, isOwn: IsOwn): RenameResult {
  if (!/^[A-Za-z_$][\w$]*$/.test(newName)) return refused(`'${newName}' is no name in C.`);
  if (RESERVED.has(newName)) return refused(`'${newName}' is a keyword.`);
  if (newName === target.name) return { kind: 'edits', spans: [] };
  const spans: Span[] = [];
  for (const unit of units) {
    const index = nameIndex(unit);
    const [made] = index.madeAt(target.key);
    if (made !== undefined) {
      return refused(
        `A macro at ${where(made)} makes the name '${target.name}', so that changing it here is not enough.`,
      );
    }
    const ambiguous = index.ambiguousAt(target.key);
    if (ambiguous !== undefined) {
      return refused(`The macro at ${where(ambiguous)} uses '${target.name}' for several things.`);
    }
    const references = referencesIn(unit, target);
    if (references.length === 0) {
      const elsewhere = clashOfLinker(unit, target, newName);
      if (elsewhere !== undefined) return refused(elsewhere);
      continue;
    }
    const clash = clashWith(unit, target, newName, references);
    if (clash !== undefined) return refused(clash);
    for (const { span } of references) {
      if (!isOwn(span.file))
        return refused(`'${target.name}' is used in ${span.file.path}, which is not yours to change.`);
      spans.push(span);
    }
  }
  return { kind: 'edits', spans: distinctSpans(spans) };
}

/** Names by which Windows finds a driver. */
const fixedNames: ReadonlySet<string> = new Set(['DriverEntry', 'DllInitialize', 'DllUnload']);

function refusal(target: Target, isOwn: IsOwn): string | undefined {
  const { name, entity } = target;
  const declared = firstDeclared(entity);
  if (declared === undefined) {
    if (entity.kind === 'macro') return `'${name}' is defined by the compiler or by the project's settings.`;
    return `'${name}' is not declared in this driver.`;
  }
  if (!isOwn(declared.file)) {
    const header = declared.file.path.replace(/^(?:wsk-headers:|.*[\\/])/, '');
    return `'${name}' is declared in ${header}, which is not yours to change.`;
  }
  if (fixedNames.has(name)) return `Windows looks for '${name}' by this name.`;
  return undefined;
}

function noTarget(unit: TranslationUnit, offset: number): string {
  const word = wordAt(unit, offset);
  if (word === undefined || lexicalPlace(unit, offset).kind !== 'code') return 'No name of the program stands here.';
  if (RESERVED.has(word.text)) return `'${word.text}' is a keyword.`;
  if (salMeaning(word.text) !== undefined) return `'${word.text}' is a word of SAL.`;
  if (unit.inactive.some(({ file, start, end }) => file === unit.file && offset >= start && offset <= end)) {
    return 'A condition of the preprocessor leaves this part out, so what it names is not known.';
  }
  return `What '${word.text}' names is not known.`;
}

function refused(reason: string): Refused {
  return { kind: 'refused', reason };
}

function where({ file, start }: Span): string {
  const line = file.text.slice(0, start).split('\n').length;
  return `${file.path.replace(/^.*[\\/]/, '')}:${line}`;
}
