const { appendFileSync, readFileSync, writeFileSync } = require('node:fs');
const { execFileSync } = require('node:child_process');
const write = (name, text) => appendFileSync(process.env[name], text);
const say = (text) => process.stdout.write(`${text}\n`);

const steps = {
  report() {
    write('GITHUB_OUTPUT', `node=${process.version}\nenv<<END-1\n${JSON.stringify(process.env)}\nEND-1\n`);
    write(
      'GITHUB_OUTPUT',
      `event<<E\n${readFileSync(process.env.GITHUB_EVENT_PATH, 'utf8')}\nE\ncwd=${process.cwd()}\n`,
    );
    write('GITHUB_OUTPUT', `git=${execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8' })}`);
    write('GITHUB_STATE', 'started=1\n');
    write('GITHUB_ENV', 'A=b=c\n');
    write('GITHUB_PATH', '/opt/tool\n');
    write('GITHUB_STEP_SUMMARY', '# Done\n');
  },
  log() {
    say('plain s3cret before');
    say('::add-mask::s3cret');
    say('hidden s3cret after');
    say('::error file=a%2Cb.json,line=3,endLine=4,col=5,title=Bad%3A thing::expected x,%0Agot 100%25');
    say('  ::warning::indented');
    say('not a command ::error::here');
    say('::stop-commands::tok');
    say('::error::quoted from a pull request');
    say('::tok::');
    process.stderr.write('::notice::from stderr\n');
    process.exitCode = 2;
  },
  'bad output'() {
    write('GITHUB_OUTPUT', 'x<<EOF\nnever ends\n');
  },
  hang() {
    process.on('SIGINT', () => {
      say('interrupted');
      process.exit(3);
    });
    say('waiting');
    writeFileSync(process.env.WAITING, '');
    setInterval(() => undefined, 1000);
  },
};
steps[process.env.INPUT_DO]();
