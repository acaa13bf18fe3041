/**
 * A C++ file in, and a translation unit out that knows what is called in it. Places are those of the file; its problems
 * are those of a text that nobody wrote, and are not kept.
 */
import type { SourceFile } from '../../../base/source.ts';
import { parseTranslationUnit } from '../../../cfront/index.ts';
import type { IncludeRequest, IncludeResult, ParseOptions, TranslationUnit } from '../../../cfront/unit.ts';
import { cView } from './c-view.ts';

/** No header is named so. */
const preludeName = 'wsk-cplusplus-prelude.h';

export function parseCplusplus(file: SourceFile, options: ParseOptions): TranslationUnit {
  const view = cView(file.text);
  const painted = { ...file, text: view.text };
  const prelude: IncludeResult = {
    kind: 'found',
    file: { path: preludeName, text: view.prelude, lineStarts: [0] },
    isSystem: true,
  };
  const include = (request: IncludeRequest): IncludeResult => {
    if (request.name === preludeName) return prelude;
    const found = options.include(request);
    return found.kind === 'found' && !found.isSystem ? { ...found, file: viewOfHeader(found.file) } : found;
  };
  const unit = parseTranslationUnit(painted, {
    ...options,
    include,
    forcedIncludes: [...(options.forcedIncludes ?? []), preludeName],
    // The initializer has the type, as with the word that C does not have.
    defines: { ...options.defines, auto: '__auto_type' },
  });
  // Both texts have the same places, and whoever looks at the file from here on means what is written there.
  painted.text = file.text;
  return { ...unit, problems: [] };
}

/** A file that nobody can be shown. */
export function isPrelude({ path }: SourceFile): boolean {
  return path === preludeName;
}

const views = new WeakMap<SourceFile, SourceFile>();

/**
 * A header of the driver. What C must know before it stands in front of its first line and is counted as part of it, so
 * that lines and columns stay those of the header.
 */
function viewOfHeader(file: SourceFile): SourceFile {
  const known = views.get(file);
  if (known !== undefined) return known;
  const view = cView(file.text);
  const front = view.prelude === '' ? '' : `${view.prelude}\n`;
  const lineStarts = file.lineStarts.map((start) => start + front.length);
  const painted = { path: file.path, text: front + view.text, lineStarts };
  views.set(file, painted);
  return painted;
}
