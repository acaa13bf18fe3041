/** What `--help` says. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const general = `wsk: lint, run and look up WSK and Dot4 drivers, with no Windows at hand.

  wsk lint FILES           finds what crashes drivers
  wsk run FILES            runs a driver's C source on an emulated Windows kernel
  wsk docs NAME            tells what a function, type, flag or status means
  wsk docs FOLDER [NAME]   the same from a checkout of Microsoft's pages

For example:
  wsk lint src                          every driver below a folder
  wsk lint driver.vcxproj --format sarif --output wsk.sarif
  wsk run driver.c                      load it, unload it, show its IRPs
  wsk run peer.wsk.yaml                 the same among peers that connect and send
  wsk docs WskSocket

\`wsk COMMAND --help\` tells more. FILES are C files, folders, or patterns.
Exit status: 0 clean, 1 findings of severity warning or error (or a DriverEntry that
fails), 2 bad input, or a driver too large for the memory there is.`;

const sourceOptions = `  -I FOLDER            look for headers there, before the bundled ones
  -D NAME[=VALUE]      define a macro
  -U NAME              leave a predefined macro, or one of the project's, out
  --std EDITION        c89, c99, c11, c17 or c23; unless given as the WDK builds
  -p, --compile-commands FILE|FOLDER
                       take options of each file from this compile_commands.json;
                       otherwise from that of the current folder or its build*
  --project X.vcxproj  take them from this project; otherwise from the nearest
                       one above a file, or beside a folder above it, that lists it
  --configuration NAME which configuration of a project (default Debug|x64)`;

const topics: Readonly<Record<string, string>> = {
  lint: `wsk lint FILES [--format text|json|sarif|github] [--output FILE]

Checks C files against the rules of WSK, Dot4, IRPs and the kernel, and C++ files for the
calls in them. A folder stands for the files in it and below it, and each driver there is
checked by itself. FILES may also be a .vcxproj, whose files are checked together, or a
.sln, each project of which is checked.

  --format FORMAT      text; json, as { findings: [ … ] }; sarif 2.1.0; or github, which
                       annotates lines in GitHub Actions
  --output FILE        write that to a file, and only the last line here
  --color, --no-color  colours, whatever the terminal is and NO_COLOR says
  --baseline FILE      report only what this file does not know
  --write-baseline FILE
                       write down what is found, for --baseline, and report nothing
  --jobs N             threads; unless given as many as pay
  --explain-limits     name the functions that were not checked to the end, and why
  --rules              list the rules, and stop; with --format json for scripts
  --explain RULE       print the page of a rule, and stop
  --show-config        print how each file is compiled, and who said so, and stop

\`// wsk-lint: allow RULE reason\` hides a finding in its line, in the statement below or,
before a function, in all of it. A .wsklint.yaml in the folder of a file or above it sets
severities: \`rules: { RULE: off|hint|info|warning|error }\`, \`exclude: [ PATTERN ]\`.

${sourceOptions}`,
  run: `wsk run FILES [--scenario F.wsk.yaml] [--quiet] [--format text|json]

Links FILES (or those of a .vcxproj) into one driver, loads it, unloads it, and prints
its IRPs as they go. A scenario (*.wsk.yaml) may stand among FILES, or alone: it can
name the driver's files itself.

  --scenario FILE      what happens around the driver: peers, faults, when to unload.
                       With \`network: { bridge: true }\` programs on this machine reach
                       the driver's ports through loopback, until Ctrl+C unloads it
  --stub FILE          link a C file whose functions stand in for those that no file
                       defines, and for kernel functions of the same name; repeatable
  --quiet              print findings and the last line only, without the timeline
  --trace FILE         write every event as one JSON line, after one that says what ran
  --entry NAME         start at another function; main runs a plain C program and
                       its exit status becomes that of wsk
  --seed N             choose at random, by this number, what Windows leaves open
  --replay FILE        repeat the run that left this trace: its seed and its entry, and
                       what came from outside come from there, and no socket is
                       opened; where it goes another way, a finding says so
  --limit N            stop after N million statements (default 200)
  --format text|json   what to print
${sourceOptions}`,
  docs: `wsk docs NAME [--format text|json]
wsk docs FOLDER [NAME] [--format text|json]

With a NAME alone: what comes along with wsk tells of this function, callback, type,
macro, constant or status (0xC000000D, too), as a hover in the editor does.

With a FOLDER (a checkout of the driver docs, or a part of it) every page in it is
read. Without NAME it reports what it read; with NAME, everything known of it.

  --format text|json   what to print`,
};

export function helpFor(topic: string | undefined): string {
  return (topic === undefined ? undefined : topics[topic]) ?? general;
}

/** From package.json beside dist/; "unknown" where the program was copied away from it. */
export function version(): string {
  try {
    // Our own manifest: it has a version.
    return (JSON.parse(readFileSync(join(__dirname, '../package.json'), 'utf8')) as { version: string }).version;
  } catch {
    return 'unknown';
  }
}
