/**
 * Every C code block of the documentation is read as C without a false error.
 *
 * A block is a piece of a driver: declarations are read as a file, statements as a function's body (whichever reading has
 * fewer problems), with the bundled headers in front. What is reported must then be true, and each problem falls under
 * one of these: code that the page left out in words or dots; a name that nothing in the block or the headers declares;
 * a declaration that repeats one of the headers; or a mistake of the page, listed in documents-mistakes.ts with its
 * line and reason. A listed mistake must be reported, and nothing else may be.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { positionAt, sourceFile } from '../../base/source.ts';
import type { SyntaxProblem } from '../../cfront/errors.ts';
import { parseTranslationUnit } from '../../cfront/index.ts';
import type { TranslationUnit } from '../../cfront/unit.ts';
import { parseOptions, root } from '../../emulator/testing.ts';
import { mistakes } from './documents-mistakes.ts';

const corpus = join(root, '../shared/docs-corpus');
const includes =
  '#include <ntddk.h>\n#include <wsk.h>\n#include <d4drvif.h>\n#include <ntstrsafe.h>\n#include <netioddk.h>\n';

interface Block {
  readonly page: string;
  /** Line of the page, from 1, on which the block's text begins. */
  readonly line: number;
  readonly text: string;
}

const languages = new Set(['c', 'c++', 'cpp', '']);

function blocksOf(path: string): readonly Block[] {
  // No-break spaces are the pages' indentation, not the code's.
  const page = readFileSync(path, 'utf8').replaceAll('\u00a0', ' ');
  const fences = [...page.matchAll(/^[ \t]*(`{3,})[ ]*([^\s`]*)[^\n]*\n([\s\S]*?)^[ \t]*\1[ \t]*$/gm)];
  return fences
    .filter(([, , language = '', text = '']) => languages.has(language.toLowerCase()) && /[;{]/.test(text))
    .map((match) => ({
      page: relative(corpus, path),
      line: page.slice(0, match.index).split('\n').length + 1,
      text: match[3] ?? '',
    }));
}

function pages(folder: string): readonly string[] {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name);
      return statSync(path).isDirectory() ? pages(path) : /\.(md|txt)$/.test(name) ? [path] : [];
    });
}

interface Reading {
  readonly unit: TranslationUnit;
  /** Lines that stand before the block's first. */
  readonly linesBefore: number;
}

function read({ text }: Block): Reading {
  const asFile = readWithin(text, includes, '');
  if (weight(asFile) === 0) return asFile;
  const asBody = readWithin(text, `${includes}void *block(void) {\n`, '\n}\n');
  return weight(asBody) < weight(asFile) ? asBody : asFile;
}

function readWithin(text: string, before: string, after: string): Reading {
  const unit = parseTranslationUnit(sourceFile('block.c', before + text + after), parseOptions);
  return { unit, linesBefore: before.split('\n').length - 1 };
}

/** What a statement at file scope leads to. */
const misreadings = new Set(['misplaced-statement', 'expected-declaration']);

function weight({ unit }: Reading): number {
  const errors = unit.problems.filter(({ severity }) => severity === 'error');
  const isMisread = errors.some(({ code, message }) => misreadings.has(code) || /inside another one/.test(message));
  return isMisread ? errors.length + 100 : errors.length;
}

let headers: TranslationUnit | undefined;

/** True where the problem says what is so by the rules of the opening comment. */
function isTrue(problem: SyntaxProblem): boolean {
  const { code, span, message } = problem;
  headers ??= parseTranslationUnit(sourceFile('headers.c', includes), parseOptions);
  const said = span.file.text.slice(span.start, span.end);
  const line = positionAt(span.file, span.start).line;
  const lines = span.file.text.split('\n');
  const lineText = lines[line] ?? '';
  switch (code) {
    case 'elided-code':
      return /\.\s*\.|^\s*\.\s*$|…|^\s*<|\.\.\./.test(lineText) || /\.\n|\.\.\./.test(said);
    case 'no-return':
      // Pages leave bodies out, and statements alone are read in a function of ours.
      return true;
    case 'empty-record':
      // All of its members were left out.
      return /\{[\s\S]*?\.\s*\n\s*\./.test(span.file.text.slice(span.start, span.start + 400));
    case 'unknown-name':
    case 'unknown-type':
    case 'implicit-function': {
      const name = /'(\w+)'/.exec(message)?.[1] ?? said;
      const isKnown = headers.symbols.has(name) || headers.macros.has(name);
      const before = span.file.text
        .slice(0, span.start)
        .split('\n')
        .slice(includes.split('\n').length - 1)
        .join('\n');
      const isDeclared = new RegExp(
        `\\b(struct|enum|union)\\s+${name}\\b|\\b[A-Za-z_]\\w*[\\s*]+${name}\\s*[;=,[]`,
      ).test(before);
      return !isKnown && !isDeclared;
    }
    case 'expected-type':
    case 'macro-too-few-arguments': {
      // The prototype of what the headers have as a macro.
      const macros = [...`${lines[line - 2]} ${lines[line - 1]} ${lineText}`.matchAll(/\b\w+(?=\()/g)].map((match) =>
        headers?.macros.get(match[0]),
      );
      return macros.some((macro) => macro?.parameters !== undefined);
    }
    case 'redefinition':
    case 'macro-redefined':
      return (
        (problem.related ?? []).some((one) => one.span.file !== span.file) ||
        /_POOL_TYPE|is declared already/.test(message)
      );
    default:
      return false;
  }
}

test('every C block of the documentation', (t) => {
  if (!existsSync(corpus)) return t.skip('../shared/docs-corpus is not beside the checkout');
  const blocks = pages(corpus).flatMap(blocksOf);
  const wrong: string[] = [];
  const found = new Set<string>();
  for (const block of blocks) {
    const { unit, linesBefore } = read(block);
    for (const problem of unit.problems) {
      const line = positionAt(problem.span.file, problem.span.start).line - linesBefore + block.line;
      const key = `${block.page}:${line} ${problem.code}`;
      if (problem.span.file === unit.file && mistakes.some((one) => one.at === key)) found.add(key);
      else if (problem.span.file !== unit.file || !isTrue(problem)) wrong.push(`${key}: ${problem.message}`);
    }
  }
  assert.ok(blocks.length >= 150, `${blocks.length} blocks`);
  assert.deepEqual(wrong, []);
  assert.deepEqual(
    mistakes.map((one) => one.at).filter((at) => !found.has(at)),
    [],
  );
});
