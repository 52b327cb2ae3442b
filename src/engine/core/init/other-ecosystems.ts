import { type DetectedRunner, type EcosystemDetector, firstExistingFile, type ProjectSurvey } from './project-survey.ts'

/** An ecosystem with one runner that needs only a call. The first command whose file exists is used. */
interface SimpleEcosystem {
  readonly runner: string
  readonly tests: RegExp
  readonly commands: Readonly<Record<string, string>>
  readonly setup: string | null
}

const JVM_TEST = /(?:^|\/)src\/\w*[tT]est\/.*\.(?:java|kt|scala|groovy)$/

const PLAIN: readonly SimpleEcosystem[] = [
  { runner: 'go test', tests: /_test\.go$/, commands: { 'go.mod': 'go test ./...' }, setup: 'go mod download' },
  {
    runner: 'cargo',
    // Rust's unit tests are in the source files.
    tests: /\.rs$/,
    commands: { 'Cargo.toml': 'cargo test --offline' },
    setup: 'cargo fetch',
  },
  {
    runner: 'maven',
    tests: JVM_TEST,
    commands: { mvnw: './mvnw -o -q test', 'pom.xml': 'mvn -o -q test' },
    setup: 'mvn -q dependency:go-offline',
  },
  {
    runner: 'gradle',
    tests: JVM_TEST,
    commands: {
      gradlew: './gradlew --offline test',
      'build.gradle': 'gradle --offline test',
      'build.gradle.kts': 'gradle --offline test',
    },
    setup: null,
  },
  { runner: 'rspec', tests: /_spec\.rb$/, commands: { Gemfile: 'bundle exec rspec' }, setup: 'bundle install' },
  {
    runner: 'rake',
    tests: /(?:_test|(?:^|\/)test_[^/]*)\.rb$/,
    commands: { Rakefile: 'rake test' },
    setup: 'bundle install',
  },
  {
    runner: 'phpunit',
    tests: /Test\.php$/,
    commands: { 'composer.json': 'vendor/bin/phpunit' },
    setup: 'composer install',
  },
  { runner: 'mix', tests: /_test\.exs$/, commands: { 'mix.exs': 'mix test' }, setup: 'mix deps.get' },
  { runner: 'swift', tests: /Tests\.swift$/, commands: { 'Package.swift': 'swift test' }, setup: null },
]

function find({ runner, tests, commands, setup }: SimpleEcosystem, survey: ProjectSurvey): DetectedRunner | null {
  const file = firstExistingFile(survey, Object.keys(commands))
  const found = survey.files.filter((path) => tests.test(path))
  if (file === null || found.length === 0) return null
  return { runner, because: `${file} exists`, cmd: commands[file] ?? '', tests: found, judges: [], setup, also: [] }
}

export const otherEcosystems: readonly EcosystemDetector[] = PLAIN.map((plain) => (survey) => find(plain, survey))

/** For projects of none of these ecosystems: the test target of their Makefile. */
export const detectMake: EcosystemDetector = (survey) => {
  const file = firstExistingFile(survey, ['GNUmakefile', 'Makefile', 'makefile'])
  const text = file === null ? null : survey.text(file)
  const target = ['test', 'check', 'tests'].find((name) => new RegExp(`^${name}\\s*:(?!=)`, 'm').test(text ?? ''))
  if (target === undefined) return null
  const because = `${file} has a target ${target}`
  return { runner: 'make', because, cmd: `make -s ${target}`, tests: [], judges: [], setup: null, also: [] }
}
