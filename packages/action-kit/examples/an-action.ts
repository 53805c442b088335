import {
  code,
  exitCode,
  flag,
  md,
  readInputs,
  runAction,
  textInput,
  withDefault,
} from '@holdfast/action-kit';

// A whole action. The runner is a value here: what it reads and where it writes.
const exit = await runAction(
  async (runner) => {
    const inputs = readInputs({ greeting: textInput(), loud: withDefault(flag, false) }, runner);
    runner.line(inputs.loud ? inputs.greeting.toUpperCase() : inputs.greeting);
    runner.summary(md`${code(inputs.greeting)}\n`.source);
    return exitCode.ok;
  },
  {
    environment: { INPUT_GREETING: '::error::hi', INPUT_LOUD: 'true', GITHUB_STEP_SUMMARY: 'summary' },
    write: (text) => process.stdout.write(text),
    append: (path, text) => process.stdout.write(`${path}: ${text}`),
    read: () => '',
    random: () => 'unguessable',
  },
);
console.log(`exit code ${exit}`);

// prints: :\u{3a}ERROR::HI
// prints: summary: <code>&#58;&#58;error&#58;&#58;hi</code>
// prints: exit code 0
