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

// The runner sets these for a step.
process.env.INPUT_GREETING = '::error::hi';
process.env.INPUT_LOUD = 'true';

// A whole action.
const exit = await runAction(async (runner) => {
  const inputs = readInputs({ greeting: textInput(), loud: withDefault(flag, false) }, runner);
  runner.line(inputs.loud ? inputs.greeting.toUpperCase() : inputs.greeting);
  runner.line(md`**${code(inputs.greeting)}**`.source);
  return exitCode.ok;
});
console.log(`exit code ${exit}`);

// prints: :\u{3a}ERROR::HI
// prints: **<code>&#58;&#58;error&#58;&#58;hi</code>**
// prints: exit code 0
