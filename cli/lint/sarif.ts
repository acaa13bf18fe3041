/**
 * Findings as SARIF 2.1.0, for code scanning and editors. In: a report. Out: the text of a log with one run.
 *
 * Paths are relative to the current folder where they lie below it. A finding's path is its code flow, and its related
 * locations too, because many viewers show those only. What marks and a baseline hide is there as well, as suppressed.
 */
import path from 'node:path';
import type { Fix } from '../../base/finding.ts';
import { positionAt, type Span } from '../../base/source.ts';
import { describedRules } from '../../server/lint/described.ts';
import { version } from '../help.ts';
import { fingerprint, numberedHashes } from './fingerprint.ts';
import type { LintedFinding, LintReport } from './result.ts';
import { sarifLevels, sarifRule } from './sarif-rules.ts';
import { fileReference, folderUri } from './uri.ts';

type Json = Record<string, unknown>;

const schema = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
const rootId = 'SRCROOT';

export interface SarifOptions {
  /** The page of a rule. */
  readonly page: (rule: string) => string | undefined;
  readonly folder: string;
  readonly exitCode: number;
}

export function sarifText(report: LintReport, { page, folder, exitCode }: SarifOptions): string {
  const artifacts = createArtifacts(folder);
  for (const file of report.files) artifacts.indexOf(file, ['analysisTarget']);
  const known = report.baseline?.known ?? [];
  const all = [...report.findings, ...known, ...report.silenced];
  const nameOf = (file: string): string => artifacts.location(file).uri;
  const hashes = numberedHashes(all.map((one) => fingerprint(one, nameOf)));
  const isKnown = new Set(known);
  const isNamed = new Set(all.map(({ finding }) => finding.rule));
  const results = all.map((one, index) => ({
    ...result(one, artifacts),
    partialFingerprints: { 'wskFinding/v1': hashes[index] },
    suppressions: suppressions(one, isKnown.has(one), artifacts),
    ...(report.baseline === undefined ? {} : { baselineState: isKnown.has(one) ? 'unchanged' : 'new' }),
  }));
  const run = {
    tool: {
      driver: {
        name: 'WSK Workbench',
        ...versions(version()),
        // All pages together are a megabyte, and nobody opens those of rules that have no result.
        rules: describedRules.map((rule) => sarifRule(rule, isNamed.has(rule.id) ? page(rule.id) : undefined)),
      },
    },
    columnKind: 'utf16CodeUnits',
    originalUriBaseIds: { [rootId]: { uri: folderUri(folder, path) } },
    invocations: [
      {
        executionSuccessful: true,
        exitCode,
        toolExecutionNotifications: [
          ...report.gaps.map((text) => ({ level: 'warning', message: { text } })),
          ...report.limits.map(({ span, message }) => ({
            level: 'note',
            message: { text: message },
            locations: [{ physicalLocation: physicalLocation(span, artifacts) }],
          })),
        ],
      },
    ],
    results,
    artifacts: artifacts.list(),
  };
  return JSON.stringify({ $schema: schema, version: '2.1.0', runs: [run] }, undefined, 1);
}

function versions(text: string): Json {
  return /^\d+\.\d+\.\d+/.test(text) ? { version: text, semanticVersion: text } : {};
}

function result({ finding, functionName }: LintedFinding, artifacts: Artifacts): Json {
  const { rule, severity, message, span, path: steps, fixes = [], docRules, also = [] } = finding;
  const here = location(span, artifacts);
  const logical = functionName === undefined ? {} : { logicalLocations: [{ name: functionName, kind: 'function' }] };
  const last = steps.at(-1)?.span;
  const endsHere = last?.file.path === span.file.path && last.start === span.start;
  const way = (endsHere ? steps : [...steps, { span, message }]).map((step) => ({
    location: { ...location(step.span, artifacts), message: { text: step.message } },
  }));
  const related = steps.map((step, id) => ({
    id,
    ...location(step.span, artifacts),
    message: { text: step.message },
  }));
  return {
    ruleId: rule,
    ruleIndex: describedRules.findIndex(({ id }) => id === rule),
    kind: 'fail',
    level: sarifLevels[severity],
    message: { text: message },
    locations: [{ ...here, ...logical }],
    ...(steps.length === 0 ? {} : { codeFlows: [{ threadFlows: [{ locations: way }] }], relatedLocations: related }),
    ...(fixes.length === 0 ? {} : { fixes: fixes.map((fix) => sarifFix(fix, artifacts)) }),
    properties: { docRules, also },
  };
}

function suppressions({ mark }: LintedFinding, isKnown: boolean, artifacts: Artifacts): readonly Json[] {
  if (mark !== undefined) {
    const why = mark.reason === '' ? {} : { justification: mark.reason };
    return [{ kind: 'inSource', status: 'accepted', ...why, location: location(mark.span, artifacts) }];
  }
  return isKnown ? [{ kind: 'external', status: 'accepted', justification: 'The baseline has it.' }] : [];
}

/** One change for each file. */
function sarifFix({ title, edits }: Fix, artifacts: Artifacts): Json {
  const byFile = new Map<string, Fix['edits'][number][]>();
  for (const edit of edits) byFile.set(edit.span.file.path, [...(byFile.get(edit.span.file.path) ?? []), edit]);
  return {
    description: { text: title },
    artifactChanges: [...byFile].map(([file, changes]) => ({
      artifactLocation: artifacts.location(file),
      replacements: changes.map(({ span, newText }) => ({
        deletedRegion: region(span),
        ...(newText === '' ? {} : { insertedContent: { text: newText } }),
      })),
    })),
  };
}

function location(span: Span, artifacts: Artifacts): Json {
  return { physicalLocation: physicalLocation(span, artifacts) };
}

function physicalLocation(span: Span, artifacts: Artifacts): Json {
  return { artifactLocation: artifacts.location(span.file.path), region: region(span) };
}

/** Lines and columns from 1; the end column is the one behind. */
function region({ file, start, end }: Span): Json {
  const from = positionAt(file, start);
  const to = positionAt(file, end);
  return {
    startLine: from.line + 1,
    startColumn: from.column + 1,
    endLine: to.line + 1,
    endColumn: to.column + 1,
    charOffset: start,
    charLength: end - start,
  };
}

interface ArtifactLocation {
  readonly uri: string;
  readonly uriBaseId?: string;
  readonly index: number;
}

interface Artifacts {
  indexOf(file: string, roles?: readonly string[]): number;
  location(file: string): ArtifactLocation;
  list(): readonly Json[];
}

function createArtifacts(folder: string): Artifacts {
  const indices = new Map<string, number>();
  const list: Json[] = [];
  const base = (file: string): Json => {
    const { uri, isRelative } = fileReference(file, folder, path);
    return { uri, ...(isRelative ? { uriBaseId: rootId } : {}) };
  };
  const indexOf = (file: string, roles: readonly string[] = []): number => {
    const known = indices.get(file);
    if (known !== undefined) return known;
    const index = list.length;
    indices.set(file, index);
    list.push({ location: { ...base(file), index }, sourceLanguage: 'c', ...(roles.length === 0 ? {} : { roles }) });
    return index;
  };
  return {
    indexOf,
    // `base` gives the uri.
    location: (file) => ({ ...(base(file) as { uri: string }), index: indexOf(file) }),
    list: () => list,
  };
}
