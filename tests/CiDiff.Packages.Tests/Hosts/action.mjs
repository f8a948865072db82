// Runs a composite action as a GitHub runner does: node --import ./json-modules.mjs action.mjs REQUEST RESULT
//
// GitHub's own parser judges action.yml, GitHub's own evaluator computes ${{ }} and if:, and each step runs in the shell that it names, with
// fresh files for outputs, environment, path and summary. The actions that are used are played: a cache that is empty, an artifact store that is a folder,
// a checkout that is there already.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { data, Evaluator, Lexer, Parser } from '@actions/expressions';
import { NoOperationTraceWriter } from '@actions/workflow-parser';
import { parseAction } from '@actions/workflow-parser/actions/index';
import YAML from 'yaml';

const [requestPath, resultPath] = process.argv.slice(2);

// { action, workspace, temp, inputs, environment, github, artifacts }: folders, what `with:` gives, and the contexts.
const request = JSON.parse(readFileSync(requestPath, 'utf8'));
const text = readFileSync(join(request.action, 'action.yml'), 'utf8');
const errors = parseAction({ name: 'action.yml', content: text }, new NoOperationTraceWriter()).context.errors.getErrors();
const action = YAML.parse(text);
const inputs = {};
const steps = {};
const log = [];
const job = { failed: false, environment: {}, path: [], summary: '' };

const toData = value => {
  if (value === null || value === undefined) return new data.Null();
  if (typeof value === 'string') return new data.StringData(value);
  if (typeof value === 'number') return new data.NumberData(value);
  if (typeof value === 'boolean') return new data.BooleanData(value);
  if (Array.isArray(value)) return new data.Array(...value.map(toData));
  return new data.Dictionary(...Object.entries(value).map(([key, item]) => ({ key, value: toData(item) })));
};

const functions = new Map(Object.entries({
  always: () => true,
  success: () => !job.failed,
  failure: () => job.failed,
  cancelled: () => false,
}).map(([name, answer]) => [name, { name, minArgs: 0, maxArgs: 0, call: () => toData(answer()) }]));

const runner = { os: 'Linux', arch: 'X64', temp: request.temp };
const contexts = () => ({
  inputs,
  github: { ...request.github, action_path: request.action, workspace: request.workspace },
  env: job.environment,
  steps,
  runner,
  job: { status: job.failed ? 'failure' : 'success' },
});

const evaluate = expression => {
  const given = contexts();
  const tree = new Parser(new Lexer(expression).lex().tokens, Object.keys(given), [...functions.values()]).parse();
  return new Evaluator(tree, toData(given), functions).evaluate().coerceString();
};

const fill = value => String(value ?? '').replace(/\$\{\{([\s\S]*?)\}\}/g, (_, expression) => evaluate(expression.trim()));
const fillAll = values => Object.fromEntries(Object.entries(values ?? {}).map(([key, value]) => [key, fill(value)]));

function condition(step) {
  const plain = step.if === undefined ? 'success()' : String(step.if).replace(/^\s*\$\{\{([\s\S]*)\}\}\s*$/, '$1').trim();
  const whole = /\b(always|success|failure|cancelled)\s*\(/.test(plain) ? plain : `success() && (${plain})`;
  return !['', 'false', '0'].includes(evaluate(whole));
}

// name=value, or name<<WORD, lines, WORD: https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
function readValues(path) {
  const values = {};
  const lines = readFileSync(path, 'utf8').split(/\r?\n/);
  for (let at = 0; at < lines.length; at++) {
    if (lines[at] === '') continue;
    const block = lines[at].match(/^([^=<]+)<<(.+)$/);
    const pair = lines[at].match(/^([^=]+)=(.*)$/);
    if (block) {
      const body = [];
      for (at++; at < lines.length && lines[at] !== block[2]; at++) body.push(lines[at]);
      if (at === lines.length) throw new Error(`Matching delimiter not found '${block[2]}'`);
      values[block[1]] = body.join('\n');
    } else if (pair) {
      values[pair[1]] = pair[2];
    } else {
      throw new Error(`Invalid format '${lines[at]}'`);
    }
  }
  return values;
}

// Whether it ended well.
function use(step, given) {
  const name = step.uses.split('@')[0];
  if (name === 'actions/upload-artifact') {
    const from = resolve(request.workspace, given.path);
    if (existsSync(from)) {
      const to = join(request.artifacts, given.name);
      mkdirSync(to, { recursive: true });
      cpSync(from, statSync(from).isDirectory() ? to : join(to, basename(from)), { recursive: true });
    }
  } else if (name === 'actions/download-artifact') {
    const from = join(request.artifacts, given.name);
    if (!existsSync(from)) return false;
    cpSync(from, resolve(request.workspace, given.path), { recursive: true });
  } else if (!['actions/checkout', 'actions/setup-dotnet', 'actions/cache'].includes(name)) {
    throw new Error(`This host does not know '${name}'.`);
  }
  return true;
}

// A step that may fail has an outcome of its own, and a conclusion for the job.
function end(id, step, outputs, isWell) {
  const outcome = isWell ? 'success' : 'failure';
  const conclusion = step['continue-on-error'] === true ? 'success' : outcome;
  steps[id] = { outputs, outcome, conclusion };
  job.failed ||= conclusion === 'failure';
  return outcome;
}

function run(step, number) {
  const folder = mkdtempSync(join(request.temp, `step${number}-`));
  const file = name => {
    const path = join(folder, name);
    writeFileSync(path, '');
    return path;
  };
  const files = {
    GITHUB_OUTPUT: file('output'), GITHUB_ENV: file('env'), GITHUB_PATH: file('path'), GITHUB_STEP_SUMMARY: file('summary'), GITHUB_STATE: file('state'),
  };
  const shells = { bash: ['bash', '--noprofile', '--norc', '-e', '-o', 'pipefail'], sh: ['sh', '-e'] };
  const [program, ...options] = shells[step.shell];
  const script = file('script.sh');
  writeFileSync(script, fill(step.run));

  const ended = spawnSync(program, [...options, script], {
    cwd: resolve(request.workspace, fill(step['working-directory'])),
    env: {
      ...request.environment,
      ...job.environment,
      ...files,
      ...fillAll(step.env),
      PATH: [...job.path, request.environment.PATH].join(':'),
      GITHUB_ACTIONS: 'true',
      CI: 'true',
      GITHUB_ACTION_PATH: request.action,
      GITHUB_WORKSPACE: request.workspace,
      RUNNER_OS: runner.os,
      RUNNER_ARCH: runner.arch,
      RUNNER_TEMP: request.temp,
    },
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  Object.assign(job.environment, readValues(files.GITHUB_ENV));
  job.path = [...readFileSync(files.GITHUB_PATH, 'utf8').split('\n').filter(Boolean), ...job.path];
  job.summary += readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8');
  return { outputs: readValues(files.GITHUB_OUTPUT), exitCode: ended.status, script: readFileSync(script, 'utf8'), stdout: ended.stdout, stderr: ended.stderr };
}

if (errors.length === 0) {
  for (const [name, input] of Object.entries(action.inputs ?? {})) inputs[name] = fill(input?.default);
  for (const [name, value] of Object.entries(request.inputs)) {
    if (!(name in inputs)) log.push({ warning: `Unexpected input(s) '${name}'` });
    inputs[name] = value;
  }

  for (const [number, step] of action.runs.steps.entries()) {
    const id = step.id ?? `__${number}`;
    if (!condition(step)) {
      steps[id] = { outputs: {}, outcome: 'skipped', conclusion: 'skipped' };
      log.push({ id, uses: step.uses ?? '', outcome: 'skipped' });
      continue;
    }

    if (step.uses) {
      const given = fillAll(step.with);
      log.push({ id, uses: step.uses, with: given, outcome: end(id, step, {}, use(step, given)) });
      continue;
    }

    const { outputs, ...ended } = run(step, number);
    log.push({ id, uses: '', outcome: end(id, step, outputs, ended.exitCode === 0), ...ended });
  }
}

writeFileSync(resultPath, JSON.stringify({
  errors: errors.map(error => error.message),
  failed: job.failed,
  steps: log,
  summary: job.summary,
  outputs: errors.length === 0 ? fillAll(Object.fromEntries(Object.entries(action.outputs ?? {}).map(([name, output]) => [name, output.value]))) : {},
}, null, 2));
