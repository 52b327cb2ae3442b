import { type DetectedRunner, firstExistingFile, type ProjectSurvey } from './project-survey.ts'

const TEST = /(?:^|\/)(?:test[^/]*|[^/]*_test)\.py$/
/** Files that can configure pytest, and what shows that they do. */
const CONFIGURED: readonly (readonly [file: string, says: RegExp])[] = [
  ['pytest.ini', /^/],
  ['.pytest.ini', /^/],
  ['pytest.toml', /^/],
  ['pyproject.toml', /^\[tool\.pytest\b/m],
  ['setup.cfg', /^\[tool:pytest\]/m],
  ['tox.ini', /^\[pytest\]/m],
]
const NEEDED = ['pyproject.toml', 'setup.cfg', 'setup.py', 'tox.ini', 'Pipfile', 'requirements.txt']
/** How many test files are read to find out which framework they use. */
const READ = 40

/** pytest, Django or unittest; recognised by configuration, then by dependencies, then by the test files. */
export function detectPython(survey: ProjectSurvey): DetectedRunner | null {
  const tests = survey.files.filter((path) => TEST.test(path))
  if (tests.length === 0) return null
  const shared = { tests, judges: [], also: [], setup: setupOf(survey) }
  const because = pytestBecause(survey, tests)
  if (because !== null)
    return {
      ...shared,
      runner: 'pytest',
      because,
      cmd: `${sourcePath(survey)}${interpreter(survey, 'pytest')} -m pytest -q`,
    }
  const plain = interpreter(survey, 'python')
  if (survey.files.includes('manage.py'))
    return { ...shared, runner: 'unittest', because: 'manage.py exists', cmd: `${plain} manage.py test -v 2` }
  const cmd = `${sourcePath(survey)}${plain} -m unittest${discovery(survey, tests)}`
  return { ...shared, runner: 'unittest', because: 'its tests import unittest and not pytest', cmd }
}

function pytestBecause(survey: ProjectSurvey, tests: readonly string[]): string | null {
  const configured = CONFIGURED.find(([file, says]) => {
    const text = textOf(survey, file)
    return text !== null && says.test(text)
  })
  if (configured) return `${configured[0]} configures it`
  const conftest = survey.files.find((path) => /(?:^|\/)conftest\.py$/.test(path))
  if (conftest !== undefined) return `${conftest} exists`
  const needed = [
    ...NEEDED,
    ...survey.files.filter((path) => /^(?:requirements\/)?[^/]*requirements[^/]*\.txt$/.test(path)),
  ]
  const asks = needed.find((file) => /^[^#\n]*\bpytest\b/m.test(textOf(survey, file) ?? ''))
  if (asks !== undefined) return `${asks} asks for it`
  const plain = tests
    .slice(0, READ)
    .find((path) => /^(?:async )?def test|^\s*(?:import|from) pytest\b/m.test(survey.text(path) ?? ''))
  return plain === undefined ? null : `${plain} is written for it`
}

function textOf(survey: ProjectSurvey, file: string): string | null {
  return survey.files.includes(file) ? survey.text(file) : null
}

/** The interpreter of a virtual environment beside the tree, if it has what is needed. */
function interpreter(survey: ProjectSurvey, program: 'pytest' | 'python'): string {
  for (const dir of ['.venv', 'venv'])
    if (survey.installed(`${dir}/bin/${program}`) === `${dir}/bin/${program}`) return `${dir}/bin/python`
  return 'python3'
}

/** Makes packages below src importable from there, instead of an installed copy. */
function sourcePath(survey: ProjectSurvey): string {
  const below = survey.files.some((path) => /^src\/(?:[^/]+\/__init__|[^/]+)\.py$/.test(path))
  const known = CONFIGURED.some(([file]) => /^\s*pythonpath\s*=/m.test(textOf(survey, file) ?? ''))
  return below && !known ? 'PYTHONPATH=src ' : ''
}

/** The arguments with which unittest finds the tests; -v names each of them. */
function discovery(survey: ProjectSurvey, tests: readonly string[]): string {
  const pattern = tests.every((path) => /_test\.py$/.test(path)) ? ' -p "*_test.py"' : ''
  const dir = ['tests', 'test'].find((name) => tests.some((path) => path.startsWith(`${name}/`)))
  const atTop = tests.some((path) => !path.includes('/'))
  if (dir === undefined || atTop) return pattern === '' ? ' -v' : ` discover -v${pattern}`
  const top = survey.files.includes(`${dir}/__init__.py`) ? ' -t .' : ''
  return ` discover -v -s ${dir}${top}${pattern}`
}

function setupOf(survey: ProjectSurvey): string | null {
  const commands: Readonly<Record<string, string>> = {
    'uv.lock': 'uv sync --frozen',
    'poetry.lock': 'poetry install',
    'pdm.lock': 'pdm sync',
    'Pipfile.lock': 'pipenv sync --dev',
    'requirements-dev.txt': 'python3 -m venv .venv && .venv/bin/pip install -r requirements-dev.txt',
    'requirements.txt': 'python3 -m venv .venv && .venv/bin/pip install -r requirements.txt pytest',
    'pyproject.toml': 'python3 -m venv .venv && .venv/bin/pip install -e . pytest',
  }
  const file = firstExistingFile(survey, Object.keys(commands))
  return file === null ? null : (commands[file] ?? null)
}
