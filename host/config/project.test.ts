/** Visual Studio projects of both path flavours: what is taken from them, and what broken ones cost. */
import assert from 'node:assert/strict';
import nodePath from 'node:path';
import test from 'node:test';
import { placeText, sourceFile } from '../../base/source.ts';
import { decodeText } from '../decode.ts';
import { findProject } from './find.ts';
import { evaluateCondition } from './msbuild-condition.ts';
import type { ProjectContext } from './msbuild-evaluate.ts';
import { type Project, readProject } from './project.ts';
import { readSolution } from './solution.ts';

type Flavour = 'posix' | 'win32';
const root = (flavour: Flavour): string => (flavour === 'posix' ? '/w/' : 'C:\\w\\');

function contextOf(files: Readonly<Record<string, string>>, flavour: Flavour): ProjectContext {
  const path = nodePath[flavour];
  const texts = new Map(Object.entries(files).map(([name, text]) => [path.join(root(flavour), name), text]));
  const exists = (name: string) => [...texts.keys()].some((file) => file === name || file.startsWith(name + path.sep));
  return {
    path,
    environment: { SDK_DIR: path.join(root(flavour), 'sdk') },
    actual: (name) => name,
    exists,
    read: (name) => {
      const text = texts.get(name);
      return text === undefined ? undefined : sourceFile(name, text);
    },
    list: (folder) => {
      const names = [...texts.keys()].filter((file) => file.startsWith(folder + path.sep));
      const next = names.map((file) => file.slice(folder.length + 1).split(path.sep));
      return [...new Set(next.map((parts) => (parts.length > 1 ? `${parts[0]}/` : (parts[0] ?? ''))))].sort();
    },
  };
}

interface Setup {
  readonly files?: Readonly<Record<string, string>>;
  readonly flavour?: Flavour;
  readonly configuration?: string;
  readonly solution?: string;
}

/** Reads `drv/drv.vcxproj` with this inside. */
function read(inside: string, setup: Setup = {}): Project {
  const { files = {}, flavour = 'posix', configuration = 'Debug|x64', solution } = setup;
  const context = contextOf(files, flavour);
  const path = context.path.join(root(flavour), 'drv', 'drv.vcxproj');
  const text =
    inside.startsWith('<?') || !/^\s*</.test(inside)
      ? inside
      : `<?xml version="1.0" encoding="utf-8"?>\n<Project>\n${inside}\n</Project>\n`;
  const solutionPath = solution === undefined ? undefined : context.path.join(root(flavour), solution);
  return readProject(sourceFile(path, text), configuration, solutionPath, context);
}

function shown(project: Project, index = 0) {
  const source = [...project.sources.values()][index];
  const { includePath = [], macros = [], forcedIncludes = [], standard } = source?.settings ?? {};
  return {
    include: includePath,
    macros: macros.map((m) => (m.kind === 'define' ? `${m.name}=${m.value}` : `-${m.name}`)),
    forced: forcedIncludes.map(({ name }) => name),
    std: standard,
  };
}

const problemsOf = (project: Project): string[] =>
  project.problems.map(({ span, severity, message }) => `${placeText(span)} ${severity} ${message}`);

const definitions = (inside: string): string =>
  `<ItemDefinitionGroup><ClCompile>${inside}</ClCompile></ItemDefinitionGroup>`;
const a = '<ItemGroup><ClCompile Include="a.c" /></ItemGroup>';

test('include folders, macros, forced includes, the standard', () => {
  const inside = `${definitions(`
    <AdditionalIncludeDirectories>
      inc; ..\\common\\inc;
      $(ProjectDir)gen; $(MSBuildProjectDirectory)\\more; %(AdditionalIncludeDirectories)
    </AdditionalIncludeDirectories>
    <PreprocessorDefinitions>A;B=2;T=\\"x y\\";Q="z";R="""r""";%(PreprocessorDefinitions)</PreprocessorDefinitions>
    <UndefinePreprocessorDefinitions>C;D</UndefinePreprocessorDefinitions>
    <ForcedIncludeFiles>pre.h;warning.h</ForcedIncludeFiles>
    <LanguageStandard_C>stdc11</LanguageStandard_C>
    <AdditionalOptions>/DE /I"opt dir" /wd4100 %(AdditionalOptions)</AdditionalOptions>`)}${a}`;
  const settings = {
    macros: ['A=1', 'B=2', 'T="x y"', 'Q="z"', 'R="r"', '-C', '-D', 'E=1'],
    forced: ['pre.h', 'warning.h'],
    std: 'c11',
  };
  assert.deepEqual(shown(read(inside)), {
    include: ['/w/drv/inc', '/w/common/inc', '/w/drv/gen', '/w/drv/more', '/w/drv/opt dir'],
    ...settings,
  });
  const windows = read(inside, { flavour: 'win32' });
  assert.deepEqual(shown(windows).include, [
    'C:\\w\\drv\\inc',
    'C:\\w\\common\\inc',
    'C:\\w\\drv\\gen',
    'C:\\w\\drv\\more',
    'C:\\w\\drv\\opt dir',
  ]);
  assert.deepEqual({ ...shown(windows), include: [] }, { ...settings, include: [] });
  assert.deepEqual(problemsOf(windows), []);
});

test('conditions choose by configuration; the wanted one or the nearest is taken', () => {
  const only = (name: string, macro: string) =>
    `<ItemDefinitionGroup Condition="'$(Configuration)|$(Platform)'=='${name}'"><ClCompile><PreprocessorDefinitions>${macro};%(PreprocessorDefinitions)</PreprocessorDefinitions></ClCompile></ItemDefinitionGroup>`;
  const inside = `<ItemGroup><ProjectConfiguration Include="Debug|Win32" /><ProjectConfiguration Include="Debug|x64" /><ProjectConfiguration Include="Release|x64" /></ItemGroup>
    <PropertyGroup Condition="'$(Configuration)'=='Release'"><UseDebugLibraries>false</UseDebugLibraries></PropertyGroup>
    ${definitions('<PreprocessorDefinitions>ALL</PreprocessorDefinitions>')}${only('Debug|x64', 'DEBUG64')}${only('Debug|Win32', 'DEBUG32')}${only('Release|x64', 'RELEASE64')}${a}`;
  assert.deepEqual(shown(read(inside)).macros, ['DEBUG64=1', 'ALL=1']);
  const release = read(inside, { configuration: 'Release|x64' });
  assert.deepEqual(shown(release).macros, ['-DBG', '-MSC_NOOPT', '-DEPRECATE_DDK_FUNCTIONS', 'RELEASE64=1', 'ALL=1']);
  const other = read(inside, { configuration: 'Checked|x64' });
  assert.equal(other.configuration, 'Debug|x64');
  assert.match(
    problemsOf(other)[0] ?? '',
    /warning The project has no configuration Checked\|x64; Debug\|x64 is taken. It has Debug\|Win32, /,
  );
});

test('a project does not change the configuration that is asked for', () => {
  const inside = `<PropertyGroup Label="Globals"><Configuration>Old Debug</Configuration><Platform Condition="'$(Platform)' == ''">Win32</Platform></PropertyGroup>
    <PropertyGroup Condition="'$(Configuration)|$(Platform)'=='Debug|x64'"><Name>RIGHT</Name></PropertyGroup>
    ${definitions('<PreprocessorDefinitions>$(Name);%(PreprocessorDefinitions)</PreprocessorDefinitions>')}${a}`;
  assert.deepEqual(shown(read(inside)).macros, ['RIGHT=1']);
});

test('the character set of the configuration', () => {
  const inside = (set: string): string =>
    `<PropertyGroup Label="Configuration"><CharacterSet>${set}</CharacterSet></PropertyGroup>
    ${definitions('<PreprocessorDefinitions>A;%(PreprocessorDefinitions)</PreprocessorDefinitions>')}${a}`;
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['Unicode', ['_UNICODE=1', 'UNICODE=1', 'A=1']],
    ['MultiByte', ['_MBCS=1', 'A=1']],
    ['NotSet', ['A=1']],
  ];
  for (const [set, macros] of rows) assert.deepEqual(shown(read(inside(set))).macros, macros, set);
});

test('properties, the solution, the environment, imports beside the project', () => {
  const props = `<Project xmlns="http://schemas.microsoft.com/developer/msbuild/2003">
    <PropertyGroup><Base>$(MSBuildThisFileDirectory)</Base></PropertyGroup>
    <ItemDefinitionGroup><ClCompile><AdditionalIncludeDirectories>$(Base)inc;%(AdditionalIncludeDirectories)</AdditionalIncludeDirectories></ClCompile></ItemDefinitionGroup></Project>`;
  const inside = `
    <Import Project="$(VCTargetsPath)\\Microsoft.Cpp.Default.props" />
    <ImportGroup Label="PropertySheets"><Import Project="..\\props\\common.props" Condition="exists('..\\props\\common.props')" /></ImportGroup>
    <Import Project="none.props" Condition="exists('none.props')" />
    ${definitions('<AdditionalIncludeDirectories>$(SolutionDir)sol;$(SDK_DIR)\\inc;$(Own);%(AdditionalIncludeDirectories)</AdditionalIncludeDirectories>')}
    ${a}<PropertyGroup><Own>$(own2)x</Own></PropertyGroup>`;
  const files = { 'props/common.props': props };
  const project = read(inside.replace('$(own2)x', '$(ProjectName)_x'), { files, solution: 'all.sln' });
  assert.deepEqual(shown(project).include, ['/w/sol', '/w/sdk/inc', '/w/drv/drv_x', '/w/props/inc']);
  assert.deepEqual(problemsOf(project), []);
  const windows = read(inside.replace('$(own2)x', 'x'), {
    files: { 'props\\common.props': props },
    solution: 'all.sln',
    flavour: 'win32',
  });
  assert.deepEqual(shown(windows).include, ['C:\\w\\sol', 'C:\\w\\sdk\\inc', 'C:\\w\\drv\\x', 'C:\\w\\props\\inc']);
});

test('what nobody knows is left out with a note', () => {
  const project = read(
    `<Import Project="$(Undock)\\x.props" />${definitions('<AdditionalIncludeDirectories>$(DDK_INC_PATH);$(OURS)\\inc;ok;$([System.IO.Path]::Combine(a,b))</AdditionalIncludeDirectories>')}${a}`,
  );
  assert.deepEqual(shown(project).include, ['/w/drv/ok']);
  assert.deepEqual(problemsOf(project), [
    '/w/drv/drv.vcxproj:3:1 note The import of $(Undock)\\x.props is left out: $(Undock) is not known.',
    '/w/drv/drv.vcxproj:1:1 note $(OURS)\\inc is left out: $(OURS) is not known.',
    '/w/drv/drv.vcxproj:1:1 note $([System.IO.Path]::Combine(a,b)) is not known; it is left out.',
  ]);
});

test('files: patterns, exclusions, C++, settings of a single file', () => {
  const project = read(
    `${definitions('<PreprocessorDefinitions>ALL</PreprocessorDefinitions>')}
    <ItemGroup>
      <ClCompile Include="*.c;sub\\**\\*.c" Exclude="skip.c" />
      <ClCompile Include="x.cpp" />
      <ClCompile Include="y.cpp"><CompileAs>CompileAsC</CompileAs></ClCompile>
      <ClCompile Include="off.c"><ExcludedFromBuild Condition="'$(Platform)'=='x64'">true</ExcludedFromBuild></ClCompile>
      <ClCompile Update="b.c"><PreprocessorDefinitions>B;%(PreprocessorDefinitions)</PreprocessorDefinitions></ClCompile>
      <ClCompile Remove="gone.c" />
      <ClInclude Include="a.h" />
    </ItemGroup>`,
    {
      files: {
        'drv/a.c': '',
        'drv/b.c': '',
        'drv/skip.c': '',
        'drv/gone.c': '',
        'drv/sub/deep/c.c': '',
        'drv/a.h': '',
      },
    },
  );
  assert.deepEqual(
    [...project.sources.values()].map(
      ({ path, isExcluded, isCpp }) => `${path}${isExcluded ? ' excluded' : ''}${isCpp ? ' C++' : ''}`,
    ),
    ['/w/drv/a.c', '/w/drv/b.c', '/w/drv/sub/deep/c.c', '/w/drv/x.cpp C++', '/w/drv/y.cpp', '/w/drv/off.c excluded'],
  );
  assert.deepEqual(shown(project, 0).macros, ['ALL=1']);
  assert.deepEqual(shown(project, 1).macros, ['B=1', 'ALL=1']);
});

test('metadata that names the file', () => {
  const project = read(
    `${definitions('<PreprocessorDefinitions>WPPFILE=%(Filename).tmh;EXT=%(ClCompile.Extension);%(Unknown)</PreprocessorDefinitions>')}<ItemGroup><ClCompile Include="..\\src\\one.c" /></ItemGroup>`,
  );
  assert.deepEqual(shown(project).macros, ['WPPFILE=one.tmh', 'EXT=.c']);
});

test('the project that lists a file is found above it and beside its folders', () => {
  const lists = (name: string) => `<Project><ItemGroup><ClCompile Include="${name}" /></ItemGroup></Project>`;
  const files = {
    '.git/HEAD': '',
    'vs/one.vcxproj': lists('..\\src\\deep\\a.c'),
    'src/two.vcxproj': lists('deep\\b.c'),
    'src/deep/a.c': '',
    'src/deep/b.c': '',
    'build/VStudio/three.vcxproj': lists('..\\..\\src\\deep\\d.c'),
    'docs/old/four.vcxproj': lists('..\\..\\src\\deep\\e.c'),
  };
  const context = contextOf(files, 'posix');
  const readAt = (path: string) => {
    const file = context.read(path);
    return file === undefined ? undefined : readProject(file, 'Debug|x64', undefined, context);
  };
  const find = (name: string) => findProject(name, readAt, context)?.file;
  assert.equal(find('/w/src/deep/a.c'), '/w/vs/one.vcxproj');
  assert.equal(find('/w/src/deep/b.c'), '/w/src/two.vcxproj');
  assert.equal(find('/w/src/deep/d.c'), '/w/build/VStudio/three.vcxproj');
  assert.equal(find('/w/src/deep/e.c'), undefined);
  assert.equal(find('/w/src/deep/c.c'), undefined);
  assert.equal(find('/w/src/deep/c.h'), '/w/src/two.vcxproj');
});

test('Directory.Build.props, Choose, include folders of the whole project', () => {
  const build = `<Project>${definitions('<PreprocessorDefinitions>TOP</PreprocessorDefinitions>')}</Project>`;
  const project = read(
    `<Choose><When Condition="'$(X)'!=''"><PropertyGroup><Y>1</Y></PropertyGroup></When><Otherwise><PropertyGroup><Y>2</Y></PropertyGroup></Otherwise></Choose>
    <PropertyGroup><IncludePath>own;$(IncludePath)</IncludePath></PropertyGroup>
    ${definitions('<PreprocessorDefinitions>Y=$(Y);%(PreprocessorDefinitions)</PreprocessorDefinitions>')}${a}`,
    { files: { 'Directory.Build.props': build } },
  );
  assert.deepEqual(shown(project), { include: ['/w/drv/own'], macros: ['Y=2', 'TOP=1'], forced: [], std: undefined });
});

test('broken projects cost what is broken, and say where', () => {
  const before = `<?xml version="1.0"?>\n<Project>${definitions('<PreprocessorDefinitions>OK</PreprocessorDefinitions>')}\n${a}\n`;
  const cases: [text: string, macros: string[], problem: RegExp][] = [
    [`${before}<ItemGroup></Project>`, ['OK=1'], /:4:\d+ warning This is no XML: unexpected close tag/],
    [`${before}<Import Project="x`, ['OK=1'], /warning This is no XML/],
    [`${before}&unknown;</Project>`, ['OK=1'], /:4:\d+ warning This is no XML: undefined entity/],
    ['', [], /:1:\d+ warning This (is no XML|file is empty)/],
    ['no xml at all', [], /:1:\d+ warning This is no XML/],
    ['<?xml version="1.0"?><Solution/>', [], /warning A project begins with <Project>, not with <Solution>/],
    [
      `${before}<Import Project="drv.vcxproj" /></Project>`,
      ['OK=1'],
      /:4:1 warning The import leads back to this file/,
    ],
    [
      `${before}<Import Project="gone.props" /></Project>`,
      ['OK=1'],
      /:4:1 warning The imported file .*gone\.props does not exist/,
    ],
    [
      `${before}<PropertyGroup Condition="'a' ~ b"/></Project>`,
      ['OK=1'],
      /:4:1 note The condition 'a' ~ b is not understood/,
    ],
    [`<?xml version="1.0"?>${'<a>'.repeat(5000)}`, [], /too many elements/],
    [
      `<?xml version="1.0"?><!DOCTYPE p [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;">]><Project><PropertyGroup><X>&b;</X></PropertyGroup></Project>`,
      [],
      /undefined entity/,
    ],
  ];
  for (const [text, macros, expected] of cases) {
    const project = read(text === '' ? '<?' : text);
    assert.deepEqual(shown(project).macros, macros, text.slice(0, 200));
    assert.ok(
      problemsOf(project).some((one) => expected.test(one)),
      `${text.slice(0, 60)}: ${problemsOf(project).join('; ')}`,
    );
  }
  const doubling = Array.from({ length: 40 }, (_, i) => `<P${i + 1}>$(P${i})$(P${i})</P${i + 1}>`).join('');
  const large = read(
    `<PropertyGroup><P0>ab</P0>${doubling}</PropertyGroup>${definitions('<PreprocessorDefinitions>$(P40)</PreprocessorDefinitions>')}${a}`,
  );
  assert.ok((shown(large).macros[0]?.length ?? 0) <= 100_010, 'a text that doubles is cut');
});

test('imports in a circle end', () => {
  const file = (other: string) => `<Project><Import Project="${other}" /></Project>`;
  const project = read(`<Import Project="a.props" />${a}`, {
    files: { 'drv/a.props': file('b.props'), 'drv/b.props': file('a.props') },
  });
  assert.deepEqual(problemsOf(project), [
    '/w/drv/b.props:1:10 warning The import leads back to this file; it is left out.',
  ]);
});

test('a project in UTF-16 is a project', () => {
  const text = `<?xml version="1.0" encoding="utf-16"?><Project>${definitions('<PreprocessorDefinitions>WIDE</PreprocessorDefinitions>')}${a}</Project>`;
  const bytes = new Uint8Array(Buffer.from(`\ufeff${text}`, 'utf16le'));
  assert.deepEqual(shown(read(decodeText(bytes).text)).macros, ['WIDE=1']);
});

const conditions: [string, boolean | undefined][] = [
  ["'$(A)'=='1'", true],
  ["'$(A)' != '1'", false],
  ["'$(None)'==''", true],
  ["$(A) == 1 and '$(B)' == 'X'", true],
  ["'$(A)'=='2' or '$(B)'=='x'", true],
  ["!('$(A)'=='1')", false],
  ["('$(A)'=='1' And !Exists('no')) Or false", true],
  ["Exists('yes') and HasTrailingSlash('a\\')", true],
  ["'10.0.19041.0' &gt;= '10.0'".replace('&gt;', '>'), true],
  ["'10.0.9' < '10.0.10'", true],
  ["'0x10' == '16'", true],
  ['true', true],
  ['', true],
  ["'a' ==", undefined],
  ["('a' == 'a'", undefined],
  ["Unknown('a')", undefined],
  ["'a' == 'a' 'b'", undefined],
  ['('.repeat(5000), undefined],
];
for (const [text, expected] of conditions) {
  test(`condition ${text.slice(0, 50)}`, () => {
    const values: Readonly<Record<string, string>> = { A: '1', B: 'x' };
    const expand = (part: string) => part.replace(/\$\((\w+)\)/g, (_, name: string) => values[name] ?? '');
    assert.equal(evaluateCondition(text, { expand, exists: (path) => path === 'yes' }), expected);
  });
}

test('solutions name their projects', () => {
  const text = `\r\nMicrosoft Visual Studio Solution File, Format Version 12.00\r\nProject("{8BC9CEB8-8B4A-11D0-8D11-00A0C91BC942}") = "drv", "drv\\drv.vcxproj", "{1}"\r\nEndProject\r\nProject("{2}") = "docs", "docs", "{3}"\r\nEndProject\r\n`;
  const slnx = '<Solution><Folder Name="/x/"><Project Path="drv/drv.vcxproj" /></Folder></Solution>';
  for (const flavour of ['posix', 'win32'] as const) {
    const context = contextOf({ [nodePath[flavour].join('drv', 'drv.vcxproj')]: '<Project/>' }, flavour);
    const file = context.path.join(root(flavour), 'all.sln');
    const expected = [context.path.join(root(flavour), 'drv', 'drv.vcxproj')];
    assert.deepEqual(readSolution(sourceFile(file, text), context), { projects: expected, problems: [] });
    assert.deepEqual(readSolution(sourceFile(`${file}x`, slnx), context), { projects: expected, problems: [] });
  }
  const gone = readSolution(sourceFile('/w/all.sln', text), contextOf({}, 'posix'));
  assert.deepEqual(gone.projects, []);
  assert.match(gone.problems[0]?.message ?? '', /names \/w\/drv\/drv\.vcxproj, which does not exist/);
  const none = readSolution(sourceFile('/w/all.sln', 'nothing'), contextOf({}, 'posix'));
  assert.match(none.problems[0]?.message ?? '', /names no C or C\+\+ project/);
});
