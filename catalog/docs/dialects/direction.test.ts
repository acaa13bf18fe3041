import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isParameterName, readParameterHeading } from './direction.ts';

/** Forms of the public docs: heading, name, direction, and ' ?' where it is optional. */
const cases: readonly (readonly [heading: string, name: string, direction: string])[] = [
  ['Socket [in]', 'Socket', 'in'],
  ['Flags', 'Flags', '-'],
  ['Buffer [out]', 'Buffer', 'out'],
  ['Buffer [in, optional]', 'Buffer', 'in ?'],
  ['Buffer [out, optional]', 'Buffer', 'out ?'],
  ['Irp [in, out]', 'Irp', 'in-out'],
  ['Irp [in, out, optional]', 'Irp', 'in-out ?'],
  ['pArgs [in/out]', 'pArgs', 'in-out'],
  ['Context [in/optional]', 'Context', 'in ?'],
  ['a [in,out]', 'a', 'in-out'],
  ['Device [ in, optional ]', 'Device', 'in ?'],
  ['Handle [In]', 'Handle', 'in'],
  ['Adapter [_In_]', 'Adapter', 'in'],
  ['Port [_Inout_]', 'Port', 'in-out'],
  ['Value [_Out_]', 'Value', 'out'],
  ['Attributes [_In_opt_]', 'Attributes', 'in ?'],
  ['Data [_In_reads_bytes_(Length)]', 'Data', 'in'],
  ['Data [__In_reads_bytes_(Length)_]', 'Data', 'in'],
  ['Context [_In_reads_opt_(_Inexpressible_("varies"))]', 'Context', 'in ?'],
  ['ControlInfo [In_reads_bytes_opt]', 'ControlInfo', 'in ?'],
  ['ppInfo [out, retval]', 'ppInfo', 'out'],
  ['Frames [out, writes]', 'Frames', 'out'],
  ['Typed [in, ref]', 'Typed', 'in'],
  ['Bridges [in, reads(BridgesCount)]', 'Bridges', 'in'],
  ['x [in[', 'x', 'in'],
  ['x [_Out_opt', 'x', 'out ?'],
  ['pvIgnored [optional]', 'pvIgnored', '- ?'],
  ['unnamedParam1:', 'unnamedParam1', '-'],
  ['pOut: [out]', 'pOut', 'out'],
  ['RequestType \\[in\\]', 'RequestType', 'in'],
  ['...', '...', '-'],
];

for (const [heading, name, direction] of cases) {
  test(`parameter '${heading}'`, () => {
    const read = readParameterHeading(heading);
    assert.deepEqual(
      [read.name, `${read.direction ?? '-'}${read.optional ? ' ?' : ''}`, read.odd],
      [name, direction, undefined],
    );
  });
}

test('an annotation that says nothing is handed back', () => {
  assert.equal(readParameterHeading('x [sideways]').odd, 'sideways');
});

test('names that C could have', () => {
  for (const name of ['a', '_x_', '...', 'fmt, ...', 'u.Name', 'Reserved[3]', 'Name[A + 1]', 'I::M'])
    assert.ok(isParameterName(name), name);
  for (const name of ['', '*', 'unsigned char', '(unnamed union)', '0x10', 'a b'])
    assert.ok(!isParameterName(name), name);
});
