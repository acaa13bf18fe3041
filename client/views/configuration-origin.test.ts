/** What the language status makes of the server's text. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { originIn } from './configuration-origin.ts';

test('the origin is named without folders', () => {
  const cases: [string, string][] = [
    ['/d/a.c\n  from           nothing but the defaults\n  std  x  defaults', 'Compiled as a WDK debug build for x64'],
    ['/d/a.c\n  from           /d/my drv/echo.vcxproj (Debug|x64)', 'Compiled as echo.vcxproj (Debug|x64) says'],
    [
      'a.c\n  from           settings, C:\\d\\compile_commands.json   ',
      'Compiled as settings, compile_commands.json says',
    ],
    ['', 'Compiled as a WDK debug build for x64'],
  ];
  for (const [text, expected] of cases) assert.equal(originIn(text), expected);
});
