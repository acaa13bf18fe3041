import assert from 'node:assert/strict';
import test from 'node:test';
import { isDeepYaml } from './yaml-depth.ts';

const texts: readonly (readonly [what: string, text: string, isDeep: boolean])[] = [
  ['a scenario', 'peers:\n  - connect: 127.0.0.1:80\n    steps: [{ send: "[[[" }]\n', false],
  ['many brackets side by side', '[]'.repeat(10_000), false],
  ['brackets', '['.repeat(100_000), true],
  ['braces with keys', '{a: '.repeat(1000), true],
  ['sequences in sequences', '- '.repeat(1000), true],
  ['indentation', `${' '.repeat(5000)}a: 1`, true],
];

for (const [what, text, isDeep] of texts) test(`${what}: ${isDeep}`, () => assert.equal(isDeepYaml(text), isDeep));
