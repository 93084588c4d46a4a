import { describe, expect, it } from 'vitest';
import { runOf } from '../src/hosts/lab/kernel/executeRun';

describe('the id of a run that was started', () => {
  it('is in the answer of the kernel', () => {
    expect(runOf({ status: 'ok', data: { 'text/plain': "'3f2a90b1'" }, metadata: {} })).toBe('3f2a90b1');
  });

  it.each([
    { status: 'error', ename: 'AttributeError', evalue: '', traceback: [] },
    { status: 'ok', data: { 'text/plain': '3' } },
    { status: 'ok', data: { 'text/plain': "'a' + 'b'" } },
    { status: 'ok', data: { 'text/plain': "'<img>'" } },
    null,
    undefined,
  ])('is not in %j', answer => {
    expect(runOf(answer)).toBeNull();
  });
});
