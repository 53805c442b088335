/** The page's own script. Without it everything is there; with it lists can be filtered and times have their age. */
export const script = `'use strict';
const day = 864e5;
const ago = (ms) => {
  const format = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
  const [size, unit] = [[day, 'day'], [36e5, 'hour'], [6e4, 'minute']].find(([size]) => ms >= size) ?? [6e4, 'minute'];
  return format.format(-Math.round(ms / size), unit);
};
for (const time of document.querySelectorAll('.verdict time')) {
  const ms = Date.now() - Date.parse(time.dateTime);
  if (ms >= 0) time.after(' (' + ago(ms) + ')');
}
for (const stale of document.querySelectorAll('.stale')) {
  if (stale.dataset.at !== '' && Date.now() - Number(stale.dataset.at) > day) stale.hidden = false;
}
for (const field of document.querySelectorAll('[data-filter]')) {
  const rows = [...document.querySelectorAll('#' + field.dataset.filter + ' > [data-f]')];
  const words = rows.map((row) => row.dataset.f.toLowerCase());
  const [input, output] = [field.querySelector('input'), field.querySelector('output')];
  input.addEventListener('input', () => {
    const wanted = input.value.toLowerCase().split(/\\s+/).filter(Boolean);
    let shown = 0;
    rows.forEach((row, index) => {
      row.hidden = !wanted.every((word) => words[index].includes(word));
      if (!row.hidden) shown += 1;
    });
    output.textContent = wanted.length === 0 ? '' : shown + ' of ' + rows.length;
  });
  field.hidden = false;
}
if (navigator.clipboard) {
  for (const block of document.querySelectorAll('pre')) {
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = 'Copy';
    button.addEventListener('click', async () => {
      await navigator.clipboard.writeText(block.textContent);
      button.textContent = 'Copied';
      setTimeout(() => { button.textContent = 'Copy'; }, 2000);
    });
    const around = document.createElement('div');
    around.className = 'copyable';
    block.replaceWith(around);
    around.append(block, button);
  }
}
`;
