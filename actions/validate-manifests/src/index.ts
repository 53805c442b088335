import { validate } from './validate.ts';

validate().then((code) => {
  process.exitCode = code;
});
