// One side of `status-of-all`: node status-of-all-fetch.mjs URL. Both lists read whole, then joined.
const [url = ''] = process.argv.slice(2);

async function lines(path) {
  const text = await (await fetch(`${url}${path}`)).text();
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

const wanted = new Map((await lines('/allocations')).map((line) => [line.cid, line.replication_factor_min]));
let pins = 0;
let copies = 0;
for (const line of await lines('/pins')) {
  if (wanted.get(line.cid) === 2) pins += 1;
  copies += Object.values(line.peer_map).filter(({ status }) => status === 'pinned').length;
}
console.log(JSON.stringify({ pins, copies }));
