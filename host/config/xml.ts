/**
 * XML text to a tree of elements with their places, for project files. Names lose their namespace prefix. Where the text
 * is broken, reading stops with one problem, and what was read until there is the result. Entities of the text's own are
 * not expanded, and depth and number of elements are limited, so a hostile file costs no more than its length.
 */
import { SaxesParser } from 'saxes';
import type { SourceFile, Span } from '../../base/source.ts';
import type { ConfigProblem } from './model.ts';

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Text directly in the element. */
  readonly text: string;
  /** The start tag. */
  readonly span: Span;
}

const depthMax = 100;
const elementsMax = 200_000;

interface OpenElement extends XmlElement {
  readonly children: XmlElement[];
  text: string;
}

export function readXml(file: SourceFile): {
  readonly root: XmlElement | undefined;
  readonly problems: readonly ConfigProblem[];
} {
  const parser = new SaxesParser({ position: true, xmlns: false });
  const open: OpenElement[] = [];
  let root: OpenElement | undefined;
  let count = 0;
  let problem: ConfigProblem | undefined;
  const stop = (message: string, position: number): void => {
    const at = Math.max(0, Math.min(position, file.text.length) - 1);
    problem ??= { severity: 'warning', message, span: { file, start: at, end: at + 1 } };
  };
  parser.on('error', (error) => {
    // "4:12: unclosed tag: b": the place is ours to say.
    const said = error.message.replace(/^[^:]*\d+:\d+: /, '').replace(/\.$/, '');
    stop(`This is no XML: ${said}. What stands before is used.`, parser.position);
  });
  parser.on('opentag', (tag) => {
    if (problem !== undefined) return;
    const start = file.text.lastIndexOf('<', parser.position - 1);
    const span = { file, start: Math.max(0, start), end: Math.min(parser.position, file.text.length) };
    const element: OpenElement = {
      name: localName(tag.name),
      attributes: tag.attributes,
      children: [],
      text: '',
      span,
    };
    if (++count > elementsMax || open.length >= depthMax) {
      stop('This file has too many elements. What stands before is used.', parser.position);
      return;
    }
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  });
  parser.on('closetag', () => {
    if (problem === undefined) open.pop();
  });
  const addText = (text: string): void => {
    const element = open.at(-1);
    if (problem === undefined && element !== undefined) element.text += text;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  // In pieces, so that a file that is broken at its start is not read to its end.
  const piece = 64 * 1024;
  for (let at = 0; at < file.text.length && problem === undefined; at += piece)
    parser.write(file.text.slice(at, at + piece));
  if (problem === undefined) parser.close();
  return { root, problems: problem === undefined ? [] : [problem] };
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}
