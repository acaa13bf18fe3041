/** A macro: its definition, its value where it is a constant, what the catalog says of it and where it fits. */
import { memo } from '../../../base/memo.ts';
import type { Span } from '../../../base/source.ts';
import type { Catalog } from '../../../catalog/catalog.ts';
import type { Expression } from '../../../cfront/parse/ast.ts';
import { constantValue, findPath, nodePlace } from '../../../cfront/parse/walk.ts';
import type { MacroDefinition, TranslationUnit } from '../../../cfront/unit.ts';
import type { Analysis } from '../analysis.ts';
import { codeBlock, contractMarkdown, paragraphs } from './api-markdown.ts';
import { controlCodeMarkdown, numberMarkdown, poolTagMarkdown, statusMarkdown } from './constant-markdown.ts';
import { type MacroExpansion, macroExpansion, parametersText, tokensText } from './macro-expansion.ts';

/** Characters of a body that are shown. */
const bodyMax = 200;
/** Characters of what a use becomes. */
const expansionMax = 400;

/** `use` is where the macro's name stands in code; undefined where it stands alone, as in its `#define`. */
export function macroMarkdown(analysis: Analysis, macro: MacroDefinition, use: Span | undefined): string {
  const { catalog } = analysis;
  const facts = catalog.byName(macro.name)[0];
  const own = codeBlock(`#define ${macro.name}${parametersText(macro)} ${bodyText(macro)}`.trimEnd());
  const expansion = use === undefined ? undefined : macroExpansion(analysis.unit, macro, use);
  return paragraphs(
    own,
    facts?.ioctl === undefined ? expansionMarkdown(analysis, macro, expansion) : '',
    facts?.ioctl === undefined ? valueMarkdown(analysis, macro, expansion) : '',
    facts === undefined ? '' : contractMarkdown(facts, undefined, catalog),
    fitsMarkdown(catalog, macro.name),
  );
}

/** What the compiler reads in place of the use; '' where the definition shows it already. */
function expansionMarkdown({ unit }: Analysis, macro: MacroDefinition, expansion: MacroExpansion | undefined): string {
  if (expansion === undefined) return '';
  const { text } = expansion;
  // Bundled headers leave away what only other tools read.
  if (text === '' && (macro.span === undefined || unit.isSystemFile(macro.span.file))) return '';
  if (macro.parameters === undefined && text === tokensText(macro.body)) return '';
  return text === '' ? 'Expands to nothing' : paragraphs('Expands to', codeBlock(shortened(text)));
}

/** Long ones keep their beginning, where the shape is, and end between two words. */
function shortened(text: string): string {
  if (text.length <= expansionMax) return text;
  return `${text.slice(0, expansionMax).replace(/\s+\S*$/, '')} …`;
}

function bodyText({ body }: MacroDefinition): string {
  const text = tokensText(body);
  return text.length > bodyMax ? `${text.slice(0, bodyMax)} …` : text;
}

/** The value in the words that suit it; '' where the definition shows it already, or where there is none. */
function valueMarkdown(analysis: Analysis, macro: MacroDefinition, expansion: MacroExpansion | undefined): string {
  const body = bodyText(macro);
  const tag = /^'(.{4})'$/.exec(body)?.[1];
  if (tag !== undefined) return poolTagMarkdown(tag) ?? '';
  const literal = literalValue(body);
  // What initialises a structure has no value, though its only part may stand at the same place.
  if (/[{;]/.test(body)) return '';
  // Parts of an argument stand at the same place as the whole use.
  const inTree = () => (macro.parameters === undefined ? valueAt(analysis, expansion?.use) : undefined);
  const value = literal ?? inTree() ?? expansion?.value();
  if (value === undefined) return '';
  if (/\bNTSTATUS\b/.test(body) || (macro.name.startsWith('STATUS_') && body !== '')) return statusMarkdown(value);
  if (/\bCTL_CODE\b/.test(body) || /^(?:IOCTL|FSCTL)_/.test(macro.name)) return controlCodeMarkdown(value);
  return literal === undefined ? numberMarkdown(value) : '';
}

/** `0x10`, `5UL`, `((NTSTATUS)0xC0000016L)`. */
function literalValue(body: string): bigint | undefined {
  const digits = /^\(*(?:\(\w+\)\s*)?(0[xX][0-9A-Fa-f]+|\d+)[uUlL]*\)*$/.exec(body)?.[1];
  return digits === undefined || /^0\d/.test(digits) ? undefined : BigInt(digits);
}

/** The status of this number. */
export function macroOfStatus({ macros }: TranslationUnit, value: bigint): MacroDefinition | undefined {
  for (const macro of macros.values()) {
    if (!macro.name.startsWith('STATUS_')) continue;
    const body = bodyText(macro);
    if (/\bNTSTATUS\b/.test(body) && literalValue(body) === value) return macro;
  }
  return undefined;
}

/** What the tree made of the use: the largest expression that is nothing but the macro. */
function valueAt({ unit }: Analysis, use: Span | undefined): bigint | undefined {
  if (use === undefined) return undefined;
  for (const node of findPath(unit, use.start)) {
    // What C converts the value to is the place's business, not the macro's.
    if (node.kind === 'convert') continue;
    const span = nodePlace(node);
    if (span.file !== use.file || span.start !== use.start || span.end !== use.end) continue;
    const value = isExpression(node) ? constantValue(node) : undefined;
    if (value !== undefined) return value;
  }
  return undefined;
}

function isExpression(node: { readonly kind: string }): node is Expression {
  return 'type' in node;
}

/** The parameters for which the catalog lists the constant. */
export function fitsMarkdown(catalog: Catalog, name: string): string {
  const places = parametersByValue(catalog).get(name) ?? [];
  return places.length === 0 ? '' : `**For** ${places.join(', ')}`;
}

const parametersByValue = memo((catalog: Catalog): ReadonlyMap<string, readonly string[]> => {
  const all = new Map<string, string[]>();
  for (const facts of catalog.facts) {
    for (const parameter of facts.parameters ?? []) {
      for (const value of parameter.values ?? []) {
        const place = `\`${facts.name}\` ${parameter.name}`;
        const known = all.get(value);
        if (known === undefined) all.set(value, [place]);
        else known.push(place);
      }
    }
  }
  return all;
});
