/**
 * Evaluates a Visual Studio project (.vcxproj) as far as compiling C needs it, in MSBuild's own order: properties and
 * imports as they come, then item definitions, then items. Tool sets (`$(VCTargetsPath)`, the WDK) are not imported.
 *
 * Files come in through functions. Nothing is thrown; what is wrong comes out with its place. It ends because imports
 * are counted and a file that imports itself is left out.
 */
import type { SourceFile, Span } from '../../base/source.ts';
import type { ConfigProblem } from './model.ts';
import { evaluateCondition } from './msbuild-condition.ts';
import { expand, type PropertyTable, setProperty, unescaped, unknownIn, withoutUnknown } from './msbuild-properties.ts';
import { type PathContext, resolvePath } from './paths.ts';
import { readXml, type XmlElement } from './xml.ts';

export interface ProjectContext extends PathContext {
  /** The text of a file; undefined where there is none. */
  readonly read: (path: string) => SourceFile | undefined;
  readonly exists: (path: string) => boolean;
  /** The path as the disk spells it: projects made on Windows are careless of case. */
  readonly actual: (path: string) => string;
  /** Names in a folder, sorted; those of folders end with "/". Empty where there is none. */
  readonly list: (folder: string) => readonly string[];
}

/** Metadata by lower-case name. */
export type Metadata = ReadonlyMap<string, string>;

export interface EvaluatedItem {
  readonly type: string;
  /** As written, with properties filled in; a pattern stays one. */
  readonly include: string;
  readonly exclude: string;
  readonly operation: 'include' | 'remove' | 'update';
  readonly metadata: readonly { readonly name: string; readonly value: string }[];
  readonly span: Span;
}

export interface Evaluation {
  readonly properties: PropertyTable;
  /** Item definitions of ClCompile. */
  readonly definitions: Metadata;
  readonly items: readonly EvaluatedItem[];
  readonly problems: readonly ConfigProblem[];
}

const importsMax = 200;
const importDepthMax = 32;
const problemsMax = 50;

interface Evaluator {
  readonly context: ProjectContext;
  readonly table: PropertyTable;
  /** Properties, in lower case, that stay as they were given, whatever the project sets them to. */
  readonly given: ReadonlySet<string>;
  readonly problems: ConfigProblem[];
  /** Elements of the later passes, with the file that they stand in. */
  readonly definitionGroups: Later[];
  readonly itemGroups: Later[];
  /** Files that are being imported, the outermost first. */
  readonly importing: string[];
  imports: number;
}

interface Later {
  readonly element: XmlElement;
  readonly file: string;
}

/** `given` are properties that the project can't change, as on MSBuild's command line. */
export function evaluateProject(
  file: SourceFile,
  given: Readonly<Record<string, string>>,
  context: ProjectContext,
): Evaluation {
  const table: PropertyTable = { values: new Map(), environment: context.environment, spent: 0 };
  const e: Evaluator = {
    context,
    table,
    given: new Set(Object.keys(given).map((name) => name.toLowerCase())),
    problems: [],
    definitionGroups: [],
    itemGroups: [],
    importing: [],
    imports: 0,
  };
  for (const [name, value] of Object.entries({ ...projectProperties(file.path, context), ...given })) {
    setProperty(table, name, value);
  }
  setProperty(table, 'IntDir', expand('$(Platform)\\$(Configuration)\\', table));
  const beside = context.path.dirname(file.path);
  const props = nearest('Directory.Build.props', beside, context);
  if (props !== undefined) importFile(e, props, undefined);
  importFile(e, file.path, undefined, file);
  const targets = nearest('Directory.Build.targets', beside, context);
  if (targets !== undefined) importFile(e, targets, undefined);

  const definitions = new Map<string, string>();
  for (const { element, file: path } of e.definitionGroups) {
    enter(e, path);
    if (!holds(e, element)) continue;
    for (const definition of element.children) {
      if (definition.name !== 'ClCompile' || !holds(e, definition)) continue;
      for (const { name, value } of metadataOf(e, definition, definitions)) definitions.set(name, value);
    }
  }
  const items: EvaluatedItem[] = [];
  for (const { element, file: path } of e.itemGroups) {
    enter(e, path);
    if (holds(e, element)) for (const item of element.children) readItem(e, item, items);
  }
  enter(e, file.path);
  return { properties: table, definitions, items, problems: e.problems };
}

/** `%(Name)` of a value stands for what it was before; what a file is called (`%(Filename)`) is filled in later. */
export function withPrevious(value: string, name: string, previous: Metadata): string {
  return value.replace(/%\(([\w.]+)\)/g, (whole, written: string) => {
    const other = written.replace(/^ClCompile\./i, '').toLowerCase();
    return wellKnownMetadata.includes(other) ? whole : (previous.get(other || name) ?? '');
  });
}

const wellKnownMetadata = ['identity', 'fullpath', 'rootdir', 'filename', 'extension', 'directory', 'relativedir'];

function importFile(e: Evaluator, path: string, element: XmlElement | undefined, known?: SourceFile): void {
  const { context } = e;
  const key = context.path.sep === '\\' ? path.toLowerCase() : path;
  const refusal = importRefusal(e, key);
  const file = refusal === undefined ? (known ?? context.read(path)) : undefined;
  if (file === undefined) {
    const message = refusal ?? `The imported file ${path} does not exist or can't be read.`;
    if (element !== undefined) problem(e, 'warning', message, element.span);
    return;
  }
  const { root, problems } = readXml(file);
  for (const one of problems) problem(e, one.severity, one.message, one.span);
  if (root === undefined) {
    const span = { file, start: 0, end: 0 };
    if (problems.length === 0) problem(e, 'warning', 'This file is empty; a project was expected.', span);
    return;
  }
  if (root.name !== 'Project') {
    problem(e, 'warning', `A project begins with <Project>, not with <${root.name}>; the file is left out.`, root.span);
    return;
  }
  const importer = e.importing.at(-1);
  e.importing.push(key);
  enter(e, file.path);
  for (const child of root.children) readTopLevel(e, child, file.path);
  e.importing.pop();
  if (importer !== undefined) enter(e, importer);
}

function importRefusal(e: Evaluator, key: string): string | undefined {
  if (e.importing.includes(key)) return 'The import leads back to this file; it is left out.';
  const isTooMany = e.importing.length >= importDepthMax || ++e.imports > importsMax;
  return isTooMany ? 'Too many files are imported; this one is left out.' : undefined;
}

/** `$(MSBuildThisFile…)` is the file that is being read. */
function enter(e: Evaluator, file: string): void {
  const { path } = e.context;
  setProperty(e.table, 'MSBuildThisFileDirectory', path.dirname(file) + path.sep);
  setProperty(e.table, 'MSBuildThisFile', path.basename(file));
  setProperty(e.table, 'MSBuildThisFileFullPath', file);
  setProperty(e.table, 'MSBuildThisFileName', path.basename(file, path.extname(file)));
}

function readTopLevel(e: Evaluator, element: XmlElement, file: string): void {
  switch (element.name) {
    case 'ItemDefinitionGroup':
      e.definitionGroups.push({ element, file });
      return;
    case 'ItemGroup':
      e.itemGroups.push({ element, file });
      return;
    case 'PropertyGroup':
      if (holds(e, element)) for (const child of element.children) readProperty(e, child);
      return;
    case 'ImportGroup':
      if (holds(e, element)) for (const child of element.children) readTopLevel(e, child, file);
      return;
    case 'Import':
      if (holds(e, element)) readImport(e, element, file);
      return;
    case 'Choose': {
      const chosen = element.children.find(
        (child) => child.name === 'Otherwise' || (child.name === 'When' && holds(e, child)),
      );
      for (const child of chosen?.children ?? []) readTopLevel(e, child, file);
      return;
    }
    default:
      // Targets, usings and extensions say nothing of how a file is compiled.
      return;
  }
}

function readProperty(e: Evaluator, element: XmlElement): void {
  if (e.given.has(element.name.toLowerCase()) || !holds(e, element)) return;
  setProperty(e.table, element.name, expand(element.text.trim(), e.table));
}

/** Properties that only the tool set knows: what lies below them is not the driver's. */
const toolSet =
  /^\$\((VCTargetsPath|UserRootDir|MSBuild\w*|WDK\w*|WindowsSdk\w*|NTMAKEENV|KIT_\w*|DDK\w*|LocalAppData)/i;

function readImport(e: Evaluator, element: XmlElement, file: string): void {
  const written = element.attributes.Project ?? '';
  const name = expand(written, e.table).trim();
  if (name === '') return;
  if (/\$\(/.test(name)) {
    if (!toolSet.test(written.trim()) && !toolSet.test(name)) {
      problem(e, 'note', `The import of ${written} is left out: ${unknownIn(name)} is not known.`, element.span);
    }
    return;
  }
  if (/[*?]/.test(name)) {
    problem(e, 'note', `The import of the pattern ${written} is left out.`, element.span);
    return;
  }
  const path = resolvePath(unescaped(name), e.context.path.dirname(file), e.context);
  if (path !== undefined) importFile(e, e.context.actual(path), element);
}

function readItem(e: Evaluator, element: XmlElement, items: EvaluatedItem[]): void {
  if (element.name !== 'ClCompile' && element.name !== 'ProjectConfiguration') return;
  if (!holds(e, element)) return;
  const { Include, Remove, Update, Exclude } = element.attributes;
  const include = Include ?? Remove ?? Update ?? '';
  const operation = Include !== undefined ? 'include' : Remove !== undefined ? 'remove' : 'update';
  const metadata = element.children.flatMap((child) =>
    holds(e, child) ? [{ name: child.name, value: expand(child.text, e.table) }] : [],
  );
  for (const [name, value] of Object.entries(element.attributes)) {
    if (!/^(Include|Remove|Update|Exclude|Condition|Label|Keep\w+)$/.test(name)) {
      metadata.unshift({ name, value: expand(value, e.table) });
    }
  }
  const { table } = e;
  items.push({
    type: element.name,
    include: expand(include, table),
    exclude: expand(Exclude ?? '', table),
    operation,
    metadata,
    span: element.span,
  });
}

/** What the children of an element set, each by its lower-case name, `%(Name)` filled in. */
function metadataOf(
  e: Evaluator,
  element: XmlElement,
  previous: ReadonlyMap<string, string>,
): { readonly name: string; readonly value: string }[] {
  const set = new Map(previous);
  const found: { name: string; value: string }[] = [];
  for (const child of element.children) {
    if (!holds(e, child)) continue;
    const name = child.name.toLowerCase();
    const value = withPrevious(expand(child.text, e.table), name, set);
    set.set(name, value);
    found.push({ name, value });
  }
  return found;
}

function holds(e: Evaluator, element: XmlElement): boolean {
  const text = element.attributes.Condition;
  if (text === undefined) return true;
  const { context, table } = e;
  const value = evaluateCondition(text, {
    // What nobody set is nothing.
    expand: (part) => unescaped(withoutUnknown(expand(part, table))),
    exists: (name) => {
      const path = resolvePath(name, context.path.dirname(element.span.file.path), context);
      return path !== undefined && context.exists(context.actual(path));
    },
  });
  if (value === undefined) {
    problem(e, 'note', `The condition ${text} is not understood; what stands under it is left out.`, element.span);
  }
  return value === true;
}

function problem(e: Evaluator, severity: ConfigProblem['severity'], message: string, span: Span): void {
  const isKnown = e.problems.some(
    (p) => p.span.file === span.file && p.span.start === span.start && p.message === message,
  );
  if (!isKnown && e.problems.length < problemsMax) e.problems.push({ severity, message, span });
}

/** What MSBuild says of the project itself. */
function projectProperties(file: string, { path }: PathContext): Readonly<Record<string, string>> {
  const directory = path.dirname(file);
  const extension = path.extname(file);
  const name = path.basename(file, extension);
  return {
    MSBuildProjectDirectory: directory,
    MSBuildProjectFile: path.basename(file),
    MSBuildProjectFullPath: file,
    MSBuildProjectName: name,
    MSBuildProjectExtension: extension,
    ProjectDir: directory + path.sep,
    ProjectPath: file,
    ProjectFileName: path.basename(file),
    ProjectName: name,
    ProjectExt: extension,
  };
}

/** The file of that name in the folder or the nearest one above it. */
function nearest(name: string, from: string, context: ProjectContext): string | undefined {
  let folder = from;
  for (;;) {
    const candidate = context.path.join(folder, name);
    if (context.exists(candidate)) return candidate;
    const parent = context.path.dirname(folder);
    if (parent === folder) return undefined;
    folder = parent;
  }
}
