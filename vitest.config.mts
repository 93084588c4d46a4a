import { defineConfig } from 'vitest/config';

export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: {
    include: ['js/tests/**/*.test.{ts,tsx}'],
    environment: 'jsdom',
    setupFiles: ['js/tests/support/setup.ts'],
    restoreMocks: true,
  },
});
