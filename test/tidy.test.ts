/**
 * The house's order, as tests: who may import whom, which folders stay pure, how files open and how long they are, and
 * what must not stand anywhere in the tree. Each test fails when it saw no files.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import test from 'node:test';

const root = process.env['WSK_ROOT'] ?? '.';
const leftOut = new Set(['node_modules', 'build', 'dist', '.git', 'fixtures', 'golden']);

function filesBelow(folder: string, wanted: RegExp): readonly string[] {
  return readdirSync(path.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return leftOut.has(entry.name) ? [] : filesBelow(name, wanted);
    return wanted.test(entry.name) ? [name] : [];
  });
}

const text = (file: string): string => readFileSync(path.join(root, file), 'utf8');
const sources = filesBelow('', /\.ts$/).filter((f) => !f.endsWith('.d.ts'));
const product = sources.filter((f) => !/\.test\.ts$|(^|\/)testing(\.ts$|\/)|^test\//.test(f));

/** Module names of the imports of a file. */
function importsOf(file: string): readonly string[] {
  return [...text(file).matchAll(/^(?:import|export)\b[^;]*?\bfrom '([^']+)';/gms)].map((m) => m[1] ?? '');
}

/** Folders by the longest name first, and what each may import beside itself. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  base: [],
  cfront: ['base'],
  catalog: ['base', 'cfront', 'yaml'],
  'emulator/machine': ['base', 'cfront'],
  'emulator/sim': ['base'],
  'emulator/kernel': ['base', 'cfront', 'catalog', 'emulator/machine', 'emulator/sim'],
  'emulator/net': ['base', 'emulator/sim'],
  'emulator/wsk': ['base', 'cfront', 'catalog', 'emulator/machine', 'emulator/kernel', 'emulator/net', 'emulator/sim'],
  'emulator/checks': ['base', 'cfront', 'emulator/machine', 'emulator/kernel', 'emulator/sim', 'emulator/wsk'],
  'emulator/scenario': ['base', 'catalog', 'emulator/net', 'emulator/sim', 'yaml'],
  emulator: [
    'base',
    'cfront',
    'catalog',
    'emulator/machine',
    'emulator/sim',
    'emulator/kernel',
    'emulator/net',
    'emulator/wsk',
    'emulator/checks',
    'emulator/scenario',
  ],
  'server/lint': ['base', 'cfront', 'catalog'],
  'server/features': ['base', 'cfront', 'catalog', 'server/lint'],
  'server/scenario': ['base', 'emulator/scenario', 'yaml'],
  'server/lsp': [
    'base',
    'cfront',
    'catalog',
    'server/lint',
    'server/features',
    'server/scenario',
    'host',
    'vscode-languageserver',
    'vscode-languageserver-textdocument',
    'node',
  ],
  host: ['base', 'cfront', 'catalog', 'emulator/scenario', 'jsonc-parser', 'saxes', 'yaml', 'node'],
  bridge: ['base', 'emulator', 'node'],
  debugger: [
    'base',
    'cfront',
    'catalog',
    'emulator',
    'host',
    'bridge',
    '@vscode/debugadapter',
    '@vscode/debugprotocol',
    'node',
  ],
  cli: ['base', 'cfront', 'catalog', 'server/lint', 'server/features', 'emulator', 'host', 'bridge', 'node'],
  client: ['base', 'vscode', 'vscode-languageclient', 'debugger', 'node'],
};
const folders = Object.keys(mayImport).sort((a, b) => b.length - a.length);
const folderOf = (file: string): string | undefined => folders.find((f) => file.startsWith(`${f}/`));

/** What an import names, as a word of the table. */
function target(file: string, name: string): string {
  if (!name.startsWith('.'))
    return name.startsWith('node:') ? 'node' : name.replace(/^(@[^/]+\/[^/]+|[^@/][^/]*).*$/, '$1');
  const resolved = path.posix.join(path.posix.dirname(file), name);
  return folderOf(resolved) ?? resolved;
}

test('every import stays within what its folder may import', () => {
  let seen = 0;
  const wrong: string[] = [];
  for (const file of product) {
    const folder = folderOf(file);
    if (folder === undefined) continue;
    for (const name of importsOf(file)) {
      seen++;
      const to = target(file, name);
      if (to !== folder && !(mayImport[folder] ?? []).includes(to)) wrong.push(`${file} imports ${name}`);
    }
  }
  assert.ok(seen > 500, `saw only ${seen} imports`);
  assert.deepEqual(wrong, []);
});

test('what lint shares stands in layers: rules see all of it, ways the driver and bodies, and bodies nothing', () => {
  const above: Readonly<Record<string, RegExp>> = {
    'server/lint/body/': /^server\/lint\/(?:driver|ways|rules)\//,
    'server/lint/driver/': /^server\/lint\/(?:ways|rules)\//,
    'server/lint/flow/': /^server\/lint\/(?:ways|rules)\//,
    'server/lint/ways/': /^server\/lint\/rules\//,
  };
  let seen = 0;
  const wrong = product.flatMap((file) => {
    const [, forbidden] = Object.entries(above).find(([folder]) => file.startsWith(folder)) ?? [];
    const named = importsOf(file).map((name) => path.posix.join(path.posix.dirname(file), name));
    seen += forbidden === undefined ? 0 : named.length;
    return named.filter((name) => forbidden?.test(name)).map((name) => `${file} imports ${name}`);
  });
  assert.ok(seen > 300, `saw only ${seen} imports`);
  assert.deepEqual(wrong, []);
});

test('the emulator is entered through its front door', () => {
  const wrong = product
    .filter((file) => /^(cli|debugger|bridge)\//.test(file))
    .flatMap((file) =>
      importsOf(file)
        .filter((name) => /\/emulator\/(?!index\.ts)/.test(name))
        .map((name) => `${file} imports ${name}`),
    );
  assert.deepEqual(wrong, []);
});

test('pure folders have no clock, no random number, no host and nothing asynchronous', () => {
  const pure = product.filter((f) =>
    /^(base|cfront|catalog|emulator|server\/lint|server\/features|server\/scenario)\//.test(f),
  );
  assert.ok(pure.length > 200, `saw only ${pure.length} files`);
  const forbidden =
    /\b(Date\.now|new Date\b|Math\.random|performance\.now|process\.(?!env)|setTimeout|setImmediate|require\(|eval\(|new Function\b)|\basync (function|\()|\bawait /;
  const wrong = pure.flatMap((file) => {
    const code = text(file).replace(/\/\*[\s\S]*?\*\/|\/\/.*$|'(?:[^'\\\n]|\\.)*'/gm, '');
    const found = forbidden.exec(code);
    return found === null ? [] : [`${file}: ${found[0]}`];
  });
  assert.deepEqual(wrong, []);
});

test('every source file opens with a comment that says what it is for', () => {
  assert.ok(product.length > 200);
  assert.deepEqual(
    product.filter((file) => !/^(\/\*\*|\/\/)/.test(text(file).trimStart())),
    [],
  );
});

test('files stay small', () => {
  const lengths = product
    .map((file) => ({ file, lines: text(file).split('\n').length }))
    .sort((a, b) => a.lines - b.lines);
  const at = (share: number): number => lengths[Math.floor(lengths.length * share)]?.lines ?? 0;
  assert.ok(at(0.5) <= 130, `median ${at(0.5)} lines`);
  assert.ok(at(0.9) <= 350, `90 % below ${at(0.9)} lines`);
  const large = lengths.filter(
    ({ file, lines }) => lines > 600 && !/\b(switch|table|flat)\b/.test(text(file).slice(0, 1500)),
  );
  assert.deepEqual(large, []);
});

test('the project speaks of itself only', () => {
  const files = filesBelow('', /\.(ts|mjs|json|md|h|c|yaml|ya?ml|sh)$|^run$/).filter((f) => f !== 'test/tidy.test.ts');
  assert.ok(files.length > 300, `saw only ${files.length} files`);
  const forbidden =
    /registry\.npmjs|npmjs\.org|deb\.debian\.org|\/work\/(main|shared)|\/home\/\w+\/|\/root\/|\bC:\\\\Users\\\\/;
  assert.deepEqual(
    files.filter((file) => forbidden.test(text(file))),
    [],
  );
});

test('pictures and files that Markdown names are there', () => {
  const pages = filesBelow('', /\.md$/).filter((f) => !f.startsWith('catalog/docs/'));
  let seen = 0;
  const wrong = pages.flatMap((page) =>
    // In code `](` is an index and a call.
    [
      ...text(page)
        .replace(/^```[\s\S]*?^```/gm, '')
        .matchAll(/\]\((?!https?:|#)([^)\s#]+)/g),
    ].flatMap(([, name = '']) => {
      seen++;
      return existsSync(path.join(root, path.dirname(page), name)) ? [] : [`${page} names ${name}`];
    }),
  );
  assert.ok(seen > 5, `saw only ${seen} links`);
  assert.deepEqual(wrong, []);
});

/** `a{b,c}.ts` is `ab.ts` and `ac.ts`. */
function alternatives(name: string): readonly string[] {
  const [, before = '', inner = '', after = ''] = /^(.*)\{(.*)\}(.*)$/.exec(name) ?? [];
  return inner === '' ? [name] : inner.split(',').map((word) => before + word + after);
}

test('files, folders and headings that ARCHITECTURE.md names are there', () => {
  const page = text('ARCHITECTURE.md');
  const files = filesBelow('', /./).map((file) => `/${file}`);
  const names = [...page.matchAll(/`([\w.{},/-]+(?:\.(?:ts|mjs|md)|\/))`/g)].flatMap(([, name = '']) =>
    alternatives(name),
  );
  const headings = new Set(
    [...page.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\w\s-]/g, '')
        .replaceAll(' ', '-'),
    ),
  );
  const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, link = '']) => link);
  assert.ok(names.length > 50 && links.length > 5, `saw only ${names.length} names and ${links.length} links`);
  const isThere = (name: string): boolean =>
    name.startsWith('dist/') ||
    files.some((file) => (name.endsWith('/') ? file.includes(`/${name}`) : file.endsWith(`/${name}`)));
  assert.deepEqual([...names.filter((name) => !isThere(name)), ...links.filter((link) => !headings.has(link))], []);
});

/** Modules that a file names, from the root, each with the names that it takes from it: `*` for all. */
function takenBy(file: string): readonly { readonly from: string; readonly name: string }[] {
  // Scripts name modules from the root, in programs that they hand to esbuild.
  const folder = file.startsWith('scripts/') ? '' : path.posix.dirname(file);
  const forms = [
    /\b(?:import|export) (?:type )?\{(?<names>[^}]*)\} from '(?<from>\.[^']+)'/g,
    /\{(?<names>[^{}]*)\} = await import\('(?<from>\.[^']+)'\)/g,
    /import\('(?<from>\.[^']+)'\)(?:\)\.|\.then\(\(\{ )(?<names>\w+)/g,
    /\b(?:import|export) (?:type )?(?<names>\*)(?: as \w+)? from '(?<from>\.[^']+)'/g,
  ];
  return forms.flatMap((form) =>
    [...text(file).matchAll(form)].flatMap(({ groups }) =>
      nameList(groups?.['names'] ?? '').map(([name]) => ({
        from: path.posix.join(folder, groups?.['from'] ?? ''),
        name,
      })),
    ),
  );
}

/** `a, type b as c` as pairs of the module's own name and the name it goes by outside. */
function nameList(names: string): readonly (readonly [own: string, outside: string])[] {
  return names
    .split(',')
    .map((word) => word.trim().replace(/^type /, ''))
    .filter((word) => word !== '')
    .map((word) => {
      const [own = '', outside = own] = word.split(' as ');
      return [own, outside];
    });
}

const scripts = filesBelow('scripts', /\.mjs$/);

test('what a file exports to others, others use', () => {
  const users = [...sources, ...scripts, ...filesBelow('emulator/kernel/fixtures', /\.ts$/)];
  const used = new Set(users.flatMap(takenBy).map(({ from, name }) => `${from} ${name}`));
  const calledByVscode = 'client/extension.ts activate';
  let seen = 0;
  const unused = product.flatMap((file) => {
    const code = text(file);
    const own = [...code.matchAll(/^export (?:async )?(?:function|const|class) (\w+)/gm)].map(([, name = '']) => name);
    const passedOn = [...code.matchAll(/^export (?:type )?\{([^}]*)\} from/gm)].flatMap(([, names = '']) =>
      nameList(names).map(([, outside]) => outside),
    );
    const exported = [...own, ...passedOn].map((name) => `${file} ${name}`);
    seen += exported.length;
    return exported.filter((name) => !used.has(name) && !used.has(`${file} *`) && name !== calledByVscode);
  });
  assert.ok(seen > 2000, `saw only ${seen} exports`);
  assert.deepEqual(unused, []);
});

test('every file of the product is part of a program; what only tests use says so in its name', () => {
  const entries = [
    'client/extension.ts',
    'server/lsp/main.ts',
    'host/docs/worker.ts',
    'debugger/main.ts',
    'cli/main.ts',
  ];
  /** It makes emulator/scenario/scenario.schema.json. */
  const makers = ['emulator/scenario/schema.ts'];
  const reached = new Set<string>();
  const waiting = [...entries, ...makers, ...scripts];
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (reached.has(file)) continue;
    reached.add(file);
    const named = takenBy(file).map(({ from }) => from);
    const bare = [...text(file).matchAll(/^import '(\.[^']+)';/gm)].map(([, name = '']) =>
      path.posix.join(path.posix.dirname(file), name),
    );
    waiting.push(...[...named, ...bare].filter((name) => product.includes(name)));
  }
  assert.deepEqual(
    product.filter((file) => !reached.has(file)),
    [],
  );
});
