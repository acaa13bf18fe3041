/**
 * Solutions: the .vcxproj files that a .sln (text) or .slnx (XML) file names, absolute, in its order. A file without any
 * is said to have none.
 */
import type { SourceFile } from '../../base/source.ts';
import type { ConfigProblem } from './model.ts';
import type { ProjectContext } from './msbuild-evaluate.ts';
import { resolvePath } from './paths.ts';
import { readXml, type XmlElement } from './xml.ts';

export interface Solution {
  readonly projects: readonly string[];
  readonly problems: readonly ConfigProblem[];
}

export function readSolution(file: SourceFile, context: ProjectContext): Solution {
  const isXml = /^\s*</.test(file.text);
  const { names, problems } = isXml ? namesOfXml(file) : { names: namesOfText(file.text), problems: [] };
  const folder = context.path.dirname(file.path);
  const named = names.filter((name) => /\.vcxproj$/i.test(name));
  const projects = named
    .flatMap((name) => resolvePath(name, folder, context) ?? [])
    .map((path) => context.actual(path));
  const gone = projects.filter((path) => !context.exists(path));
  const missing = gone.map((path): ConfigProblem => {
    const message = `This solution names ${path}, which does not exist; it is left out.`;
    return { severity: 'warning', message, span: { file, start: 0, end: 0 } };
  });
  if (named.length > 0 || problems.length > 0) {
    return {
      projects: [...new Set(projects)].filter((path) => !gone.includes(path)),
      problems: [...problems, ...missing],
    };
  }
  const message = 'This solution names no C or C++ project (.vcxproj).';
  return { projects: [], problems: [{ severity: 'warning', message, span: { file, start: 0, end: 0 } }] };
}

/** `Project("{kind}") = "name", "path\name.vcxproj", "{id}"` */
function namesOfText(text: string): readonly string[] {
  return [...text.matchAll(/^[ \t]*Project\("[^"\r\n]*"\)\s*=\s*"[^"\r\n]*"\s*,\s*"([^"\r\n]*)"/gm)].map(
    ([, name]) => name ?? '',
  );
}

function namesOfXml(file: SourceFile): {
  readonly names: readonly string[];
  readonly problems: readonly ConfigProblem[];
} {
  const { root, problems } = readXml(file);
  const names: string[] = [];
  const visit = (element: XmlElement): void => {
    if (element.name === 'Project' && element.attributes.Path !== undefined) names.push(element.attributes.Path);
    for (const child of element.children) visit(child);
  };
  if (root !== undefined) visit(root);
  return { names, problems };
}
