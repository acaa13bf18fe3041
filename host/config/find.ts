/**
 * Where configuration lies: the compile_commands.json of a workspace, the project that lists a file, the solution that a
 * project belongs to. Projects and solutions are looked for in the file's folder and those above it, up to the root of
 * the repository; projects also beside those folders, because many drivers keep them in one of their own (`vs/`), where
 * each project may have a folder of its own (`vs2022/driver/driver.vcxproj`, `build/VStudio/driver.vcxproj`).
 */
import type { SourceFile } from '../../base/source.ts';
import type { ProjectContext } from './msbuild-evaluate.ts';
import { fileKey } from './paths.ts';
import type { Project } from './project.ts';

const foldersMax = 24;
/** Above this many folders nobody keeps a project beside; folders with more neighbours than that are no sources. */
const neighbourLevelsMax = 4;
const neighboursMax = 100;

/** In each root, then in its folders whose names begin with "build". */
export function findCompileCommands(roots: readonly string[], context: ProjectContext): string | undefined {
  const { path } = context;
  for (const root of roots) {
    const builds = context.list(root).filter((name) => /^build.*\/$/i.test(name));
    for (const folder of ['', ...builds]) {
      const candidate = path.join(root, folder, 'compile_commands.json');
      if (context.exists(candidate)) return candidate;
    }
  }
  return undefined;
}

/**
 * The nearest project at or above a file that lists it; for a header, the nearest that compiles anything. It is
 * read with the word where it lies: in a folder at or above the file's, or in one beside those.
 */
export function findProject(
  file: string,
  read: (project: string, where: 'above' | 'beside') => Project | undefined,
  context: ProjectContext,
): Project | undefined {
  const key = fileKey(file, context.path);
  const isHeader = /\.(h|inl|hpp)$/i.test(file);
  for (const [level, folder] of foldersAbove(context.path.dirname(file), context).entries()) {
    for (const candidate of [folder, ...neighbours(folder, level, context)]) {
      for (const name of context.list(candidate)) {
        if (!/\.vcxproj$/i.test(name)) continue;
        const where = candidate === folder ? 'above' : 'beside';
        const project = read(context.path.join(candidate, name), where);
        if (project === undefined) continue;
        if (project.sources.has(key) || (isHeader && where === 'above' && project.sources.size > 0)) return project;
      }
    }
  }
  return undefined;
}

/** The folders in a folder above the file: the file's own folder has been looked at, its inner ones hold other things. */
function neighbours(folder: string, level: number, context: ProjectContext): readonly string[] {
  if (level === 0 || level > neighbourLevelsMax || context.path.dirname(folder) === folder) return [];
  const inner = innerFolders(folder, context);
  const deeper = inner.filter((one) => /^(?:vs|msvs|msvc|visual|win|build|proj)/i.test(context.path.basename(one)));
  return [...inner, ...deeper.flatMap((one) => innerFolders(one, context))];
}

function innerFolders(folder: string, { list, path }: ProjectContext): readonly string[] {
  const inner = list(folder).filter((name) => name.endsWith('/') && !/^(\.|node_modules)/.test(name));
  return inner.length > neighboursMax ? [] : inner.map((name) => path.join(folder, name.slice(0, -1)));
}

/** The nearest solution at or above a project that names it; the nearest of all where none does. */
export function findSolution(project: string, context: ProjectContext): string | undefined {
  let nearest: string | undefined;
  const name = context.path.basename(project).toLowerCase();
  for (const folder of foldersAbove(context.path.dirname(project), context)) {
    for (const entry of context.list(folder)) {
      if (!/\.slnx?$/i.test(entry)) continue;
      const path = context.path.join(folder, entry);
      if (namesProject(context.read(path), name)) return path;
      nearest ??= path;
    }
  }
  return nearest;
}

function namesProject(solution: SourceFile | undefined, project: string): boolean {
  return solution?.text.toLowerCase().includes(project) === true;
}

/** The folder and those above it; the last one is the repository's root where there is one. */
function foldersAbove(from: string, context: ProjectContext): readonly string[] {
  const { path } = context;
  const folders: string[] = [];
  for (let folder = from; folders.length < foldersMax; folder = path.dirname(folder)) {
    folders.push(folder);
    if (context.list(folder).some((name) => /^\.git\/?$/.test(name)) || path.dirname(folder) === folder) break;
  }
  return folders;
}
