import tseslint from 'typescript-eslint';

/** Forbids imports, so that each layer knows only those below it: hosts > views > store > protocol; render stands alone. */
function layer(name, forbidden, packages = []) {
  return {
    files: [`js/src/${name}/**/*.{ts,tsx}`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: forbidden.map(other => `**/${other}/**`),
              message: `${name} must not know ${forbidden.join(', ')}: see ARCHITECTURE.md.`,
            },
            { group: packages, message: `${name} must not know these packages: see ARCHITECTURE.md.` },
          ],
        },
      ],
    },
  };
}

const JUPYTER = ['@jupyterlab/*', '@lumino/*'];
const PREACT = ['preact', 'preact/*'];

export default tseslint.config(
  {
    ignores: [
      'lib',
      'node_modules',
      '.venv',
      '.venv-torch',
      'deepview_lab',
      'docs',
      'ui-tests',
      'benchmarks',
      'examples',
    ],
  },
  {
    files: ['js/**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      // Numbers in texts are fine.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/dot-notation': 'off',
      'no-restricted-properties': [
        'error',
        { property: 'innerHTML', message: 'Text from outside must stay text.' },
        { property: 'outerHTML', message: 'Text from outside must stay text.' },
        { property: 'insertAdjacentHTML', message: 'Text from outside must stay text.' },
      ],
      'no-restricted-syntax': [
        'error',
        {
          selector: 'JSXAttribute[name.name="dangerouslySetInnerHTML"]',
          message: 'Text from outside must stay text.',
        },
      ],
      'no-eval': 'error',
      'max-lines': ['error', 300],
      'max-lines-per-function': ['error', { max: 80, skipBlankLines: true, skipComments: true }],
      eqeqeq: 'error',
    },
  },
  {
    files: ['js/tests/**/*.{ts,tsx}'],
    rules: { 'max-lines-per-function': 'off', '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  // Made from deepview_lab/transport/wire/messages.py.
  {
    files: ['js/src/protocol/messages.ts'],
    rules: { 'max-lines': 'off', '@typescript-eslint/consistent-indexed-object-style': 'off' },
  },
  layer('protocol', ['store', 'views', 'render', 'hosts'], [...JUPYTER, ...PREACT, '@preact/*']),
  layer('store', ['views', 'render', 'hosts'], [...JUPYTER, ...PREACT]),
  layer('render', ['protocol', 'store', 'views', 'hosts'], [...JUPYTER, '@preact/*']),
  layer('views', ['hosts'], JUPYTER),
  layer('hosts/anywidget', ['lab', 'page'], JUPYTER),
  layer('hosts/page', ['lab', 'anywidget'], JUPYTER),
);
